-- Names of accounts, and nothing else of them, for whoever may know who did something: the auditor of the county, and whoever
-- acts for a department that keeps the account or in which it has a post. County and department come from the transaction's
-- settings and never from an argument. `db/staff.rs` says the same for SQLite.
CREATE OR REPLACE FUNCTION staff_names(wanted uuid[]) RETURNS TABLE (holder uuid, called text)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public, pg_temp AS $f$
DECLARE
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    audits boolean := coalesce(current_setting('minsheng.audit', true) = 'COUNTY', false);
BEGIN
    RETURN QUERY SELECT a.id, a.display_name FROM account a
        WHERE a.county = here AND a.id = ANY(wanted)
          AND (audits OR a.department = mine
               OR EXISTS (SELECT 1 FROM post p WHERE p.county = here AND p.account = a.id AND p.department = mine));
END
$f$;

-- Which accounts work in the viewer's department now: they hold a post there and are not disabled.
CREATE OR REPLACE FUNCTION staff_serving(wanted uuid[]) RETURNS TABLE (holder uuid)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public, pg_temp AS $f$
DECLARE
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
BEGIN
    RETURN QUERY SELECT a.id FROM account a
        WHERE a.county = here AND a.id = ANY(wanted) AND a.disabled_at IS NULL
          AND EXISTS (SELECT 1 FROM post p WHERE p.county = here AND p.account = a.id AND p.department = mine);
END
$f$;

GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION staff_names OWNER TO {keeper};
ALTER FUNCTION staff_serving OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION staff_names, staff_serving FROM PUBLIC;
GRANT EXECUTE ON FUNCTION staff_names, staff_serving TO {serving};
GRANT SELECT (county, id, department, display_name, disabled_at) ON account TO {keeper};
GRANT SELECT (county, account, department) ON post TO {keeper};
