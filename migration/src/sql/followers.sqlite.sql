-- One suggestion has one collector.
CREATE UNIQUE INDEX share_one_collector ON share (county, submission) WHERE capability = 'COLLECT';
CREATE INDEX share_of_county ON share (county, received_at DESC, submission DESC) WHERE capability = 'COLLECT';
CREATE INDEX share_late ON share (county, department, received_at DESC, submission DESC) WHERE late;
