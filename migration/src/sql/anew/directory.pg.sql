-- How often the rows that servers keep in memory have changed: whoever comes in reads it with his session.
CREATE OR REPLACE FUNCTION directory_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $f$
BEGIN
    UPDATE county SET edition = edition + 1 WHERE code = coalesce(NEW.county, OLD.county);
    RETURN NULL;
END
$f$;
CREATE OR REPLACE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE ON campaign
    FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE OR REPLACE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE ON category
    FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE OR REPLACE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE ON channel
    FOR EACH ROW EXECUTE FUNCTION directory_changed();
CREATE OR REPLACE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE ON department
    FOR EACH ROW EXECUTE FUNCTION directory_changed();

GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION directory_changed() OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION directory_changed() FROM PUBLIC;
GRANT SELECT, UPDATE ON county TO {keeper};
