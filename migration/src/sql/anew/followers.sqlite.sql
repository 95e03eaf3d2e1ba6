-- What shares repeat of a suggestion follows it, also in the shares of departments that the writer does not see.
DROP TRIGGER IF EXISTS submission_to_share;
CREATE TRIGGER submission_to_share AFTER UPDATE OF stage, category, village, kind, channel, late, received_at, received_on, urgency, beneficiaries
    ON submission
BEGIN
    UPDATE share SET stage = NEW.stage, category = NEW.category, village = NEW.village, kind = NEW.kind,
           channel = NEW.channel, late = NEW.late, received_at = NEW.received_at, received_on = NEW.received_on,
           urgency = CASE NEW.urgency WHEN 'NORMAL' THEN 0 WHEN 'URGENT' THEN 1 ELSE 2 END,
           beneficiaries = coalesce(NEW.beneficiaries, -1)
     WHERE county = NEW.county AND submission = NEW.id;
END;

-- As what a share counts in the rollups of its department: one row per dimension.
DROP VIEW IF EXISTS share_cell;
CREATE VIEW share_cell AS
SELECT s.county, s.department, s.submission, s.campaign,
       CASE s.capability WHEN 'COLLECT' THEN 'COLLECTED' WHEN 'HANDLE' THEN 'HANDLED' ELSE 'ENTERED' END AS relation,
       d.dimension,
       coalesce(CASE d.dimension WHEN 'CATEGORY' THEN lower(hex(s.category)) WHEN 'CHANNEL' THEN lower(hex(s.channel))
                WHEN 'KIND' THEN s.kind WHEN 'VILLAGE' THEN lower(hex(s.village))
                WHEN 'STREAM' THEN lower(hex(s.stream)) END, '') AS key,
       s.stage, s.received_on AS day
  FROM share s, (SELECT 'WHOLE' AS dimension UNION ALL SELECT 'CATEGORY' UNION ALL SELECT 'CHANNEL'
       UNION ALL SELECT 'KIND' UNION ALL SELECT 'VILLAGE' UNION ALL SELECT 'STREAM') d;

DROP TRIGGER IF EXISTS share_counts;
CREATE TRIGGER share_counts AFTER INSERT ON share
BEGIN
    INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
    SELECT county, department, campaign, relation, dimension, key, stage, day, 1 FROM share_cell
     WHERE county = NEW.county AND department = NEW.department AND submission = NEW.submission;
END;
DROP TRIGGER IF EXISTS share_uncounts;
CREATE TRIGGER share_uncounts BEFORE DELETE ON share
BEGIN
    INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
    SELECT county, department, campaign, relation, dimension, key, stage, day, -1 FROM share_cell
     WHERE county = OLD.county AND department = OLD.department AND submission = OLD.submission;
END;
DROP TRIGGER IF EXISTS share_before;
CREATE TRIGGER share_before BEFORE UPDATE OF department, capability, campaign, stream, channel, category, village, kind, stage, received_on ON share
BEGIN
    INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
    SELECT county, department, campaign, relation, dimension, key, stage, day, -1 FROM share_cell
     WHERE county = OLD.county AND department = OLD.department AND submission = OLD.submission;
END;
DROP TRIGGER IF EXISTS share_after;
CREATE TRIGGER share_after AFTER UPDATE OF department, capability, campaign, stream, channel, category, village, kind, stage, received_on ON share
BEGIN
    INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
    SELECT county, department, campaign, relation, dimension, key, stage, day, 1 FROM share_cell
     WHERE county = NEW.county AND department = NEW.department AND submission = NEW.submission;
END;
