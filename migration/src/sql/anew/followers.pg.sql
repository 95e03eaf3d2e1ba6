-- What shares repeat of a suggestion follows it, also in the shares of departments that the writer does not see.
CREATE OR REPLACE FUNCTION submission_to_share() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$
BEGIN
    UPDATE share SET stage = NEW.stage, category = NEW.category, village = NEW.village, kind = NEW.kind,
           channel = NEW.channel, late = NEW.late, received_at = NEW.received_at, received_on = NEW.received_on,
           urgency = CASE NEW.urgency WHEN 'NORMAL' THEN 0 WHEN 'URGENT' THEN 1 ELSE 2 END,
           beneficiaries = coalesce(NEW.beneficiaries, -1)
     WHERE county = NEW.county AND submission = NEW.id;
    RETURN NULL;
END
$f$;
CREATE OR REPLACE TRIGGER submission_to_share AFTER UPDATE OF stage, category, village, kind, channel, late, received_at, received_on, urgency, beneficiaries
    ON submission
    FOR EACH ROW EXECUTE FUNCTION submission_to_share();

-- As what a share counts in the rollups of its department: one row per dimension.
CREATE OR REPLACE FUNCTION share_cells(capability text, category uuid, channel uuid, kind text, village uuid, stream uuid)
RETURNS TABLE (relation text, dimension text, key text) LANGUAGE sql IMMUTABLE AS $f$
    SELECT CASE capability WHEN 'COLLECT' THEN 'COLLECTED' WHEN 'HANDLE' THEN 'HANDLED' ELSE 'ENTERED' END,
           d.dimension, coalesce(replace(d.key, '-', ''), '')
      FROM (VALUES ('WHOLE', ''), ('CATEGORY', category::text), ('CHANNEL', channel::text), ('KIND', kind),
                   ('VILLAGE', village::text), ('STREAM', stream::text)) d (dimension, key)
$f$;

-- A statement of many rows makes few changes: they are summed before they are written, and what an update leaves as it was
-- is none.
CREATE OR REPLACE FUNCTION share_counts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
        SELECT s.county, s.department, s.campaign, c.relation, c.dimension, c.key, s.stage, s.received_on, sum(s.delta)
          FROM (SELECT -1 AS delta, county, department, campaign, capability, category, channel, kind, village, stream, stage,
                       received_on FROM former
                UNION ALL
                SELECT 1, county, department, campaign, capability, category, channel, kind, village, stream, stage,
                       received_on FROM latter) s,
               share_cells(s.capability, s.category, s.channel, s.kind, s.village, s.stream) c
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(s.delta) <> 0;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
        SELECT s.county, s.department, s.campaign, c.relation, c.dimension, c.key, s.stage, s.received_on, -count(*)
          FROM former s, share_cells(s.capability, s.category, s.channel, s.kind, s.village, s.stream) c
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
    ELSE
        INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
        SELECT s.county, s.department, s.campaign, c.relation, c.dimension, c.key, s.stage, s.received_on, count(*)
          FROM latter s, share_cells(s.capability, s.category, s.channel, s.kind, s.village, s.stream) c
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
    END IF;
    RETURN NULL;
END
$f$;
CREATE OR REPLACE TRIGGER share_counts AFTER INSERT ON share
    REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION share_counts();
CREATE OR REPLACE TRIGGER share_uncounts AFTER DELETE ON share
    REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION share_counts();
CREATE OR REPLACE TRIGGER share_recounts AFTER UPDATE ON share
    REFERENCING OLD TABLE AS former NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION share_counts();

GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION submission_to_share() OWNER TO {keeper};
ALTER FUNCTION share_counts() OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION submission_to_share(), share_counts() FROM PUBLIC;
GRANT SELECT, UPDATE ON share TO {keeper};
GRANT INSERT ON tally_delta TO {keeper};
GRANT USAGE ON SEQUENCE tally_delta_id_seq TO {keeper};
