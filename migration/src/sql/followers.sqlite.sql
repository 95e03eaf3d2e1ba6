-- One suggestion has one collector.
CREATE UNIQUE INDEX share_one_collector ON share (county, submission) WHERE capability = 'COLLECT';
CREATE INDEX share_of_county ON share (county, received_at DESC, submission DESC) WHERE capability = 'COLLECT';

-- What shares repeat of a suggestion follows it, also in the shares of departments that the writer does not see.
CREATE TRIGGER submission_to_share AFTER UPDATE OF stage, category, village, kind ON submission
BEGIN
    UPDATE share SET stage = NEW.stage, category = NEW.category, village = NEW.village, kind = NEW.kind
     WHERE county = NEW.county AND submission = NEW.id;
END;

-- Each share counts in the rollups of its department, once per dimension.
CREATE TRIGGER share_counts AFTER INSERT ON share
BEGIN
    INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
    SELECT NEW.county, NEW.department, NEW.campaign,
           CASE NEW.capability WHEN 'COLLECT' THEN 'COLLECTED' WHEN 'HANDLE' THEN 'HANDLED' ELSE 'ENTERED' END,
           d.dimension, coalesce(d.key, ''), NEW.stage, NEW.received_on, 1
      FROM (SELECT 'WHOLE' AS dimension, '' AS key
            UNION ALL SELECT 'CATEGORY', lower(hex(NEW.category)) UNION ALL SELECT 'CHANNEL', lower(hex(NEW.channel))
            UNION ALL SELECT 'KIND', NEW.kind UNION ALL SELECT 'VILLAGE', lower(hex(NEW.village))
            UNION ALL SELECT 'STREAM', lower(hex(NEW.stream))) d;
END;
CREATE TRIGGER share_uncounts AFTER DELETE ON share
BEGIN
    INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
    SELECT OLD.county, OLD.department, OLD.campaign,
           CASE OLD.capability WHEN 'COLLECT' THEN 'COLLECTED' WHEN 'HANDLE' THEN 'HANDLED' ELSE 'ENTERED' END,
           d.dimension, coalesce(d.key, ''), OLD.stage, OLD.received_on, -1
      FROM (SELECT 'WHOLE' AS dimension, '' AS key
            UNION ALL SELECT 'CATEGORY', lower(hex(OLD.category)) UNION ALL SELECT 'CHANNEL', lower(hex(OLD.channel))
            UNION ALL SELECT 'KIND', OLD.kind UNION ALL SELECT 'VILLAGE', lower(hex(OLD.village))
            UNION ALL SELECT 'STREAM', lower(hex(OLD.stream))) d;
END;
CREATE TRIGGER share_recounts AFTER UPDATE ON share
BEGIN
    INSERT INTO tally_delta (county, department, campaign, relation, dimension, key, stage, day, delta)
    SELECT OLD.county, OLD.department, OLD.campaign,
           CASE OLD.capability WHEN 'COLLECT' THEN 'COLLECTED' WHEN 'HANDLE' THEN 'HANDLED' ELSE 'ENTERED' END,
           d.dimension, coalesce(d.key, ''), OLD.stage, OLD.received_on, -1
      FROM (SELECT 'WHOLE' AS dimension, '' AS key
            UNION ALL SELECT 'CATEGORY', lower(hex(OLD.category)) UNION ALL SELECT 'CHANNEL', lower(hex(OLD.channel))
            UNION ALL SELECT 'KIND', OLD.kind UNION ALL SELECT 'VILLAGE', lower(hex(OLD.village))
            UNION ALL SELECT 'STREAM', lower(hex(OLD.stream))) d
    UNION ALL
    SELECT NEW.county, NEW.department, NEW.campaign,
           CASE NEW.capability WHEN 'COLLECT' THEN 'COLLECTED' WHEN 'HANDLE' THEN 'HANDLED' ELSE 'ENTERED' END,
           d.dimension, coalesce(d.key, ''), NEW.stage, NEW.received_on, 1
      FROM (SELECT 'WHOLE' AS dimension, '' AS key
            UNION ALL SELECT 'CATEGORY', lower(hex(NEW.category)) UNION ALL SELECT 'CHANNEL', lower(hex(NEW.channel))
            UNION ALL SELECT 'KIND', NEW.kind UNION ALL SELECT 'VILLAGE', lower(hex(NEW.village))
            UNION ALL SELECT 'STREAM', lower(hex(NEW.stream))) d;
END;
