-- A signed table never changes; only the office's answer to it does.
DROP TRIGGER IF EXISTS summary_table_frozen;
CREATE TRIGGER summary_table_frozen BEFORE UPDATE OF id, department, campaign, kind, number, edition, former, frame,
    reviewed_by, reviewed_at, signed_by, signed_at, created_at ON summary_table WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes');
END;
DROP TRIGGER IF EXISTS summary_table_stays;
CREATE TRIGGER summary_table_stays BEFORE DELETE ON summary_table WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes');
END;

-- Nor do its lines and their sources.
DROP TRIGGER IF EXISTS summary_line_added;
CREATE TRIGGER summary_line_added BEFORE INSERT ON summary_line
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes') FROM summary_table t
     WHERE t.county = NEW.county AND t.id = NEW.summary AND t.signed_at IS NOT NULL;
END;
DROP TRIGGER IF EXISTS summary_line_removed;
CREATE TRIGGER summary_line_removed BEFORE DELETE ON summary_line
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes') FROM summary_table t
     WHERE t.county = OLD.county AND t.id = OLD.summary AND t.signed_at IS NOT NULL;
END;
DROP TRIGGER IF EXISTS summary_line_changed;
CREATE TRIGGER summary_line_changed BEFORE UPDATE OF id, department, summary, position, category, category_code, category_name,
    text, count, proposers, beneficiaries, urgency, villages, project, remark, written_by ON summary_line
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes') FROM summary_table t
     WHERE t.county = OLD.county AND t.id = OLD.summary AND t.signed_at IS NOT NULL;
END;
DROP TRIGGER IF EXISTS summary_source_added;
CREATE TRIGGER summary_source_added BEFORE INSERT ON summary_source
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes') FROM summary_table t
     WHERE t.county = NEW.county AND t.id = NEW.summary AND t.signed_at IS NOT NULL;
END;
DROP TRIGGER IF EXISTS summary_source_removed;
CREATE TRIGGER summary_source_removed BEFORE DELETE ON summary_source
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes') FROM summary_table t
     WHERE t.county = OLD.county AND t.id = OLD.summary AND t.signed_at IS NOT NULL;
END;
DROP TRIGGER IF EXISTS summary_source_changed;
CREATE TRIGGER summary_source_changed BEFORE UPDATE OF summary, submission, line, number, department ON summary_source
BEGIN
    SELECT RAISE(ABORT, 'a signed summary table never changes') FROM summary_table t
     WHERE t.county = OLD.county AND t.id = OLD.summary AND t.signed_at IS NOT NULL;
END;

-- What was handed in, signed or attached only grows; PostgreSQL grants nothing else.
DROP TRIGGER IF EXISTS weekly_report_removed;
CREATE TRIGGER weekly_report_removed BEFORE DELETE ON weekly_report
BEGIN
    SELECT RAISE(ABORT, 'what was handed in stays as it was');
END;
DROP TRIGGER IF EXISTS weekly_report_changed;
CREATE TRIGGER weekly_report_changed BEFORE UPDATE OF id, department, campaign, due_key, period_start, period_end, edition, narrative,
    figures, submitted_by, submitted_at, late, counted_after, counted_until ON weekly_report
BEGIN
    SELECT RAISE(ABORT, 'what was handed in stays as it was');
END;
DROP TRIGGER IF EXISTS summary_document_removed;
CREATE TRIGGER summary_document_removed BEFORE DELETE ON summary_document
BEGIN
    SELECT RAISE(ABORT, 'what was handed in stays as it was');
END;
DROP TRIGGER IF EXISTS summary_document_changed;
CREATE TRIGGER summary_document_changed BEFORE UPDATE OF summary, department, canonical, sha256, kid, signature ON summary_document
BEGIN
    SELECT RAISE(ABORT, 'what was handed in stays as it was');
END;
DROP TRIGGER IF EXISTS summary_scan_removed;
CREATE TRIGGER summary_scan_removed BEFORE DELETE ON summary_scan
BEGIN
    SELECT RAISE(ABORT, 'what was handed in stays as it was');
END;
DROP TRIGGER IF EXISTS summary_scan_changed;
CREATE TRIGGER summary_scan_changed BEFORE UPDATE OF id, department, summary, media_type, content, sha256, attached_by,
    attached_at ON summary_scan
BEGIN
    SELECT RAISE(ABORT, 'what was handed in stays as it was');
END;
