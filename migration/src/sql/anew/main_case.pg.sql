-- What became of the cases that suggestions were merged into, for whoever sees the merged ones: where such a case stands, whether
-- it is part of an adopted project, and whether it is one of those that the caller named beside them. Neither which case it is
-- nor whose. County, department and reach come from the transaction's settings and never from an argument.
-- `db/main_case.rs` says the same for SQLite.
CREATE OR REPLACE FUNCTION main_cases(wanted uuid[], beside uuid[])
RETURNS TABLE (merged_one uuid, stands text, taken boolean, near boolean)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public, pg_temp AS $f$
DECLARE
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    whole boolean := coalesce(current_setting('minsheng.reads', true) = 'COUNTY', false);
BEGIN
    RETURN QUERY SELECT m.merged, t.stage::text,
            EXISTS (SELECT 1 FROM project_source s JOIN project p ON p.county = here AND p.id = s.project
                     WHERE s.county = here AND s.submission = m.target AND p.status IN ('ADOPTED', 'CHANGED')),
            m.target = ANY(beside)
        FROM merger m JOIN submission t ON t.county = here AND t.id = m.target
        WHERE m.county = here AND m.merged = ANY(wanted) AND m.undone_at IS NULL
          AND (whole OR EXISTS (SELECT 1 FROM share h
                                 WHERE h.county = here AND h.submission = m.merged AND h.department = mine));
END
$f$;

GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION main_cases OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION main_cases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION main_cases TO {serving};
GRANT SELECT (county, merged, target, undone_at) ON merger TO {keeper};
GRANT SELECT (county, id, stage) ON submission TO {keeper};
GRANT SELECT (county, project, submission) ON project_source TO {keeper};
GRANT SELECT (county, id, status) ON project TO {keeper};
