-- A household counts from the first day that it was reached, whatever the order of entry; whoever visited.
DROP TRIGGER IF EXISTS visit_reaches;
CREATE TRIGGER visit_reaches AFTER INSERT ON visit WHEN NEW.withdrawn_at IS NULL
BEGIN
    INSERT INTO household_reach (county, campaign, village, household, department, committee,
                                 reached_on, at_door_on, spoke_on, spoke_at_door_on)
    VALUES (NEW.county, NEW.campaign, NEW.village, NEW.household, NEW.township, NEW.committee, NEW.visited_on,
            CASE WHEN NEW.kind = 'DOOR' THEN NEW.visited_on END,
            CASE WHEN NEW.with_opinion THEN NEW.visited_on END,
            CASE WHEN NEW.kind = 'DOOR' AND NEW.with_opinion THEN NEW.visited_on END)
    ON CONFLICT (county, campaign, village, household) DO UPDATE SET
        reached_on = min(reached_on, excluded.reached_on),
        at_door_on = coalesce(min(at_door_on, excluded.at_door_on), at_door_on, excluded.at_door_on),
        spoke_on = coalesce(min(spoke_on, excluded.spoke_on), spoke_on, excluded.spoke_on),
        spoke_at_door_on = coalesce(min(spoke_at_door_on, excluded.spoke_at_door_on), spoke_at_door_on, excluded.spoke_at_door_on);
END;

-- What was withdrawn leaves the figures as if it had never been made.
DROP TRIGGER IF EXISTS visit_recounts;
CREATE TRIGGER visit_recounts AFTER UPDATE OF withdrawn_at, with_opinion ON visit
BEGIN
    DELETE FROM household_reach
     WHERE county = NEW.county AND campaign = NEW.campaign AND village = NEW.village AND household = NEW.household
       AND NOT EXISTS (SELECT 1 FROM visit s WHERE s.county = NEW.county AND s.campaign = NEW.campaign
                          AND s.village = NEW.village AND s.household = NEW.household AND s.withdrawn_at IS NULL);
    UPDATE household_reach SET (reached_on, at_door_on, spoke_on, spoke_at_door_on) = (
        SELECT min(s.visited_on), min(CASE WHEN s.kind = 'DOOR' THEN s.visited_on END),
               min(CASE WHEN s.with_opinion THEN s.visited_on END),
               min(CASE WHEN s.kind = 'DOOR' AND s.with_opinion THEN s.visited_on END)
          FROM visit s WHERE s.county = NEW.county AND s.campaign = NEW.campaign AND s.village = NEW.village
           AND s.household = NEW.household AND s.withdrawn_at IS NULL)
     WHERE county = NEW.county AND campaign = NEW.campaign AND village = NEW.village AND household = NEW.household;
END;

-- Whose village it is follows the register.
DROP TRIGGER IF EXISTS village_moves;
CREATE TRIGGER village_moves AFTER UPDATE OF department, committee ON village
WHEN NEW.department IS NOT OLD.department OR NEW.committee IS NOT OLD.committee
BEGIN
    UPDATE visit SET township = NEW.department, committee = NEW.committee WHERE county = NEW.county AND village = NEW.id;
    UPDATE symposium SET township = NEW.department, committee = NEW.committee WHERE county = NEW.county AND village = NEW.id;
    UPDATE household_reach SET department = NEW.department, committee = NEW.committee
     WHERE county = NEW.county AND village = NEW.id;
END;
