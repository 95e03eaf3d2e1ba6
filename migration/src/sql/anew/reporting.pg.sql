-- A signed table never changes; only the office's answer to it does.
CREATE OR REPLACE FUNCTION summary_table_frozen() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    RAISE EXCEPTION 'a signed summary table never changes';
END
$f$;
CREATE OR REPLACE TRIGGER summary_table_frozen BEFORE UPDATE OF id, department, campaign, kind, number, edition, former, frame,
    reviewed_by, reviewed_at, signed_by, signed_at, created_at ON summary_table
    FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION summary_table_frozen();
CREATE OR REPLACE TRIGGER summary_table_stays BEFORE DELETE ON summary_table
    FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION summary_table_frozen();

-- Nor do its lines and their sources.
CREATE OR REPLACE FUNCTION summary_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    part record;
BEGIN
    IF TG_OP = 'INSERT' THEN part := NEW; ELSE part := OLD; END IF;
    IF EXISTS (SELECT 1 FROM summary_table t
                WHERE t.county = part.county AND t.id = part.summary AND t.signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a signed summary table never changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$f$;
CREATE OR REPLACE TRIGGER summary_line_frozen BEFORE INSERT OR DELETE OR UPDATE OF id, department, summary, position, category,
    category_code, category_name, text, count, proposers, beneficiaries, urgency, villages, project, remark, written_by ON summary_line
    FOR EACH ROW EXECUTE FUNCTION summary_part_frozen();
CREATE OR REPLACE TRIGGER summary_source_frozen BEFORE INSERT OR DELETE OR UPDATE OF summary, submission, line, number, department
    ON summary_source FOR EACH ROW EXECUTE FUNCTION summary_part_frozen();
