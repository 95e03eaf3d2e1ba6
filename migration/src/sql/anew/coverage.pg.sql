-- A household counts from the first day that it was reached, whatever the order of entry; whoever visited, also where the
-- writer does not see the visits of others.
CREATE OR REPLACE FUNCTION visit_reaches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$
BEGIN
    INSERT INTO household_reach AS reach (county, campaign, village, household, department, committee,
                                          reached_on, at_door_on, spoke_on, spoke_at_door_on)
    VALUES (NEW.county, NEW.campaign, NEW.village, NEW.household, NEW.township, NEW.committee, NEW.visited_on,
            CASE WHEN NEW.kind = 'DOOR' THEN NEW.visited_on END,
            CASE WHEN NEW.with_opinion THEN NEW.visited_on END,
            CASE WHEN NEW.kind = 'DOOR' AND NEW.with_opinion THEN NEW.visited_on END)
    ON CONFLICT (county, campaign, village, household) DO UPDATE SET
        reached_on = least(reach.reached_on, excluded.reached_on),
        at_door_on = least(reach.at_door_on, excluded.at_door_on),
        spoke_on = least(reach.spoke_on, excluded.spoke_on),
        spoke_at_door_on = least(reach.spoke_at_door_on, excluded.spoke_at_door_on);
    RETURN NULL;
END
$f$;
CREATE OR REPLACE TRIGGER visit_reaches AFTER INSERT ON visit
    FOR EACH ROW WHEN (NEW.withdrawn_at IS NULL) EXECUTE FUNCTION visit_reaches();

-- What was withdrawn leaves the figures as if it had never been made. The row is locked first: the next statement then sees
-- every visit whose entry this one waited for.
CREATE OR REPLACE FUNCTION visit_recounts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$
DECLARE
    first household_reach%ROWTYPE;
BEGIN
    PERFORM 1 FROM household_reach r WHERE r.county = NEW.county AND r.campaign = NEW.campaign
        AND r.village = NEW.village AND r.household = NEW.household FOR UPDATE;
    SELECT min(s.visited_on), min(s.visited_on) FILTER (WHERE s.kind = 'DOOR'),
           min(s.visited_on) FILTER (WHERE s.with_opinion), min(s.visited_on) FILTER (WHERE s.kind = 'DOOR' AND s.with_opinion)
      INTO first.reached_on, first.at_door_on, first.spoke_on, first.spoke_at_door_on
      FROM visit s WHERE s.county = NEW.county AND s.campaign = NEW.campaign AND s.village = NEW.village
       AND s.household = NEW.household AND s.withdrawn_at IS NULL;
    IF first.reached_on IS NULL THEN
        DELETE FROM household_reach r WHERE r.county = NEW.county AND r.campaign = NEW.campaign
           AND r.village = NEW.village AND r.household = NEW.household;
    ELSE
        UPDATE household_reach r SET reached_on = first.reached_on, at_door_on = first.at_door_on,
               spoke_on = first.spoke_on, spoke_at_door_on = first.spoke_at_door_on
         WHERE r.county = NEW.county AND r.campaign = NEW.campaign AND r.village = NEW.village AND r.household = NEW.household;
    END IF;
    RETURN NULL;
END
$f$;
CREATE OR REPLACE TRIGGER visit_recounts AFTER UPDATE OF withdrawn_at, with_opinion ON visit
    FOR EACH ROW EXECUTE FUNCTION visit_recounts();

-- Whose village it is follows the register.
CREATE OR REPLACE FUNCTION village_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$
BEGIN
    UPDATE visit SET township = NEW.department, committee = NEW.committee WHERE county = NEW.county AND village = NEW.id;
    UPDATE symposium SET township = NEW.department, committee = NEW.committee WHERE county = NEW.county AND village = NEW.id;
    UPDATE household_reach SET department = NEW.department, committee = NEW.committee
     WHERE county = NEW.county AND village = NEW.id;
    RETURN NULL;
END
$f$;
CREATE OR REPLACE TRIGGER village_moves AFTER UPDATE OF department, committee ON village FOR EACH ROW
    WHEN (NEW.department IS DISTINCT FROM OLD.department OR NEW.committee IS DISTINCT FROM OLD.committee)
    EXECUTE FUNCTION village_moves();

GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION visit_reaches() OWNER TO {keeper};
ALTER FUNCTION visit_recounts() OWNER TO {keeper};
ALTER FUNCTION village_moves() OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION visit_reaches(), visit_recounts(), village_moves() FROM PUBLIC;
GRANT SELECT ON visit, symposium TO {keeper};
GRANT UPDATE (township, committee) ON visit, symposium TO {keeper};
GRANT SELECT, INSERT, UPDATE, DELETE ON household_reach TO {keeper};
