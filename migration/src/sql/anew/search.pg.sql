-- Array operators are not leakproof, so under a row policy no index would serve them. The function runs as a role with a
-- policy of its own, takes county and department from the transaction's settings and never from an argument, checks the
-- substring again, and lets nothing out but ids. Its answers are always met with the viewer's shares.
CREATE OR REPLACE FUNCTION submission_search(needle text, wanted bigint[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $f$
DECLARE
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    -- One or two characters are one gram: whoever has it has the substring.
    one_gram boolean := char_length(needle) <= 2;
BEGIN
    IF here IS NULL OR cardinality(wanted) = 0 THEN
        RETURN;
    ELSIF current_setting('minsheng.reads', true) = 'COUNTY' THEN
        RETURN QUERY SELECT t.submission FROM submission_text t
            WHERE t.county = here AND t.grams @> wanted
              AND (one_gram OR position(needle IN t.title) > 0 OR position(needle IN t.content) > 0);
    ELSIF mine IS NOT NULL THEN
        RETURN QUERY SELECT t.submission FROM submission_text t
            WHERE t.county = here AND t.departments @> ARRAY[mine] AND t.grams @> wanted
              AND (one_gram OR position(needle IN t.title) > 0 OR position(needle IN t.content) > 0);
    END IF;
END
$f$;

-- How many hits the viewer sees, if text is all that is asked for: every text stands in its county once, and names each
-- department with a share once.
CREATE OR REPLACE FUNCTION submission_search_count(needle text, wanted bigint[]) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $f$
DECLARE
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    whole boolean := current_setting('minsheng.reads', true) = 'COUNTY';
    one_gram boolean := char_length(needle) <= 2;
BEGIN
    RETURN (SELECT count(*) FROM submission_text t
             WHERE t.county = here AND (whole OR t.departments @> ARRAY[mine]) AND t.grams @> wanted
               AND (one_gram OR position(needle IN t.title) > 0 OR position(needle IN t.content) > 0));
END
$f$;

-- The hits of one page in the order of time, strictly between two places. What many texts hold is soonest found by walking
-- a little way in that order; if that does not fill the page, all hits are taken and sorted.
CREATE OR REPLACE FUNCTION submission_search_page(needle text, wanted bigint[], newest timestamptz, newest_id uuid,
    oldest timestamptz, oldest_id uuid, newest_first boolean, size bigint) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $f$
DECLARE
    farthest CONSTANT bigint := 4000;
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    whole boolean := current_setting('minsheng.reads', true) = 'COUNTY';
    bounds CONSTANT text := 't.county = $1 AND ($2 OR t.departments @> ARRAY[$3])';
    holds CONSTANT text := '(position($4 IN t.title) > 0 OR position($4 IN t.content) > 0)';
    span CONSTANT text := '(t.received_at, t.submission) < ($6, $7) AND (t.received_at, t.submission) > ($8, $9)';
    direction text := CASE WHEN newest_first THEN 'DESC' ELSE 'ASC' END;
    places text := format('t.received_at %1$s, t.submission %1$s', direction);
    page uuid[];
BEGIN
    newest := coalesce(newest, 'infinity');
    newest_id := coalesce(newest_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    oldest := coalesce(oldest, '-infinity');
    oldest_id := coalesce(oldest_id, '00000000-0000-0000-0000-000000000000');
    EXECUTE 'SELECT array_agg(found.submission) FROM (SELECT t.submission FROM (SELECT * FROM submission_text t WHERE t.county = $1 AND '
         || span || ' ORDER BY ' || places || ' LIMIT $10) t WHERE ' || bounds || ' AND ' || holds || ' LIMIT $11) found'
       INTO page USING here, whole, mine, needle, wanted, newest, newest_id, oldest, oldest_id, farthest, size;
    IF cardinality(page) = size THEN
        RETURN QUERY SELECT unnest(page);
        RETURN;
    END IF;
    RETURN QUERY EXECUTE 'SELECT t.submission FROM submission_text t WHERE ' || bounds || ' AND t.grams @> $5 AND ' || holds
         || ' AND ' || span || ' ORDER BY ' || places || ' LIMIT $10'
       USING here, whole, mine, needle, wanted, newest, newest_id, oldest, oldest_id, size;
END
$f$;

GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION submission_search OWNER TO {keeper};
ALTER FUNCTION submission_search_count OWNER TO {keeper};
ALTER FUNCTION submission_search_page OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION submission_search, submission_search_count, submission_search_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION submission_search, submission_search_count, submission_search_page TO {serving};
GRANT SELECT ON submission_text TO {keeper};
