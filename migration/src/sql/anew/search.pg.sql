-- Array operators are not leakproof, so under a row policy no index would serve them. The function runs as a role with a
-- policy of its own, takes county and department from the transaction's settings and never from an argument, checks the
-- words again, and lets nothing out but ids. Its answers are always met with the viewer's shares.
--
-- `words` are folded as the texts are (`api/src/text`); `wanted` are the grams of all of them. Whoever changes how texts are
-- folded must have them indexed anew: `minsheng index rebuild`.

-- Former releases looked for one text alone.
DROP FUNCTION IF EXISTS submission_search(text, bigint[]);
DROP FUNCTION IF EXISTS submission_search_count(text, bigint[]);
DROP FUNCTION IF EXISTS submission_search_page(text, bigint[], timestamptz, uuid, timestamptz, uuid, boolean, bigint);

-- What a text must be like to hold words of at least so many characters: LIKE patterns, of which all must fit.
CREATE OR REPLACE FUNCTION submission_search_patterns(words text[], shortest int) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $f$
    SELECT ARRAY(SELECT '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' FROM unnest(words) AS word
                  WHERE char_length(word) >= shortest)
$f$;

CREATE OR REPLACE FUNCTION submission_search(words text[], wanted bigint[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $f$
DECLARE
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    -- One or two characters are one gram: whoever has it has the word. No text has the sign between title and content.
    patterns text[] := submission_search_patterns(words, 3);
    sure boolean := cardinality(patterns) = 0;
BEGIN
    IF here IS NULL OR cardinality(wanted) = 0 THEN
        RETURN;
    ELSIF current_setting('minsheng.reads', true) = 'COUNTY' THEN
        RETURN QUERY SELECT t.submission FROM submission_text t
            WHERE t.county = here AND t.grams @> wanted
              AND (sure OR t.title || chr(1) || t.content LIKE ALL (patterns));
    ELSIF mine IS NOT NULL THEN
        RETURN QUERY SELECT t.submission FROM submission_text t
            WHERE t.county = here AND t.departments @> ARRAY[mine] AND t.grams @> wanted
              AND (sure OR t.title || chr(1) || t.content LIKE ALL (patterns));
    END IF;
END
$f$;

-- How many hits the viewer sees, if text is all that is asked for: every text stands in its county once, and names each
-- department with a share once.
CREATE OR REPLACE FUNCTION submission_search_count(words text[], wanted bigint[]) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $f$
DECLARE
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    whole boolean := current_setting('minsheng.reads', true) = 'COUNTY';
    patterns text[] := submission_search_patterns(words, 3);
    sure boolean := cardinality(patterns) = 0;
BEGIN
    RETURN (SELECT count(*) FROM submission_text t
             WHERE t.county = here AND (whole OR t.departments @> ARRAY[mine]) AND t.grams @> wanted
               AND (sure OR t.title || chr(1) || t.content LIKE ALL (patterns)));
END
$f$;

-- The hits of one page in the order of time, strictly between two places. What many texts hold is soonest found by walking
-- a little way in that order; if that does not fill the page, all hits are taken and sorted.
CREATE OR REPLACE FUNCTION submission_search_page(words text[], wanted bigint[], newest timestamptz, newest_id uuid,
    oldest timestamptz, oldest_id uuid, newest_first boolean, size bigint) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $f$
DECLARE
    farthest CONSTANT bigint := 4000;
    here text := nullif(current_setting('minsheng.county', true), '');
    mine uuid := nullif(current_setting('minsheng.department', true), '')::uuid;
    whole boolean := current_setting('minsheng.reads', true) = 'COUNTY';
    -- Walked texts were not found by their grams.
    patterns text[] := submission_search_patterns(words, 1);
    bounds CONSTANT text := 't.county = $1 AND ($2 OR t.departments @> ARRAY[$3])';
    holds CONSTANT text := 't.title || chr(1) || t.content LIKE ALL ($4)';
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
       INTO page USING here, whole, mine, patterns, wanted, newest, newest_id, oldest, oldest_id, farthest, size;
    IF cardinality(page) = size THEN
        RETURN QUERY SELECT unnest(page);
        RETURN;
    END IF;
    RETURN QUERY EXECUTE 'SELECT t.submission FROM submission_text t WHERE ' || bounds || ' AND t.grams @> $5 AND ' || holds
         || ' AND ' || span || ' ORDER BY ' || places || ' LIMIT $10'
       USING here, whole, mine, patterns, wanted, newest, newest_id, oldest, oldest_id, size;
END
$f$;

GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION submission_search OWNER TO {keeper};
ALTER FUNCTION submission_search_count OWNER TO {keeper};
ALTER FUNCTION submission_search_page OWNER TO {keeper};
ALTER FUNCTION submission_search_patterns OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION submission_search, submission_search_count, submission_search_page, submission_search_patterns FROM PUBLIC;
GRANT EXECUTE ON FUNCTION submission_search, submission_search_count, submission_search_page TO {serving};
GRANT SELECT ON submission_text TO {keeper};
