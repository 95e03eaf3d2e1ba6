-- A gram is a number: a character's code point, or for two neighbours first * 2^21 + second.
CREATE TABLE submission_text (
    county varchar(6) NOT NULL,
    submission uuid NOT NULL,
    departments uuid[] NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    grams bigint[] NOT NULL,
    PRIMARY KEY (county, submission),
    FOREIGN KEY (county, submission) REFERENCES submission (county, id)
);
CREATE INDEX submission_text_by_grams ON submission_text USING gin (county, departments, grams) WITH (fastupdate = off);

-- Equality operators of scalars are leakproof, so this index serves filters under row security.
CREATE INDEX share_by_facet ON share USING gin
    (county, department, capability, stage, category, kind, channel, village, campaign, stream) WITH (fastupdate = off);
CREATE INDEX share_of_county ON share (county, received_at DESC, submission DESC) INCLUDE (department) WHERE capability = 'COLLECT';
CREATE INDEX share_late ON share (county, department, received_at DESC, submission DESC) WHERE late;
CREATE UNIQUE INDEX share_one_collector ON share (county, submission) WHERE capability = 'COLLECT';

-- Array operators are not leakproof, so under a row policy no index would serve them. The function runs as a role with a
-- policy of its own, takes county and department from the transaction's settings and never from an argument, checks the
-- substring again, and lets nothing out but ids. Its answers are always met with the viewer's shares.
CREATE FUNCTION submission_search(needle text, wanted bigint[]) RETURNS SETOF uuid
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
GRANT CREATE ON SCHEMA public TO {keeper};
ALTER FUNCTION submission_search(text, bigint[]) OWNER TO {keeper};
REVOKE CREATE ON SCHEMA public FROM {keeper};
REVOKE ALL ON FUNCTION submission_search(text, bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION submission_search(text, bigint[]) TO {serving};
GRANT SELECT ON submission_text TO {keeper};
