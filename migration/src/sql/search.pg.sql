-- A gram is a number: a character's code point, or for two neighbours first * 2^21 + second.
CREATE TABLE submission_text (
    county varchar(6) NOT NULL,
    submission uuid NOT NULL,
    departments uuid[] NOT NULL,
    received_at timestamptz NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    grams bigint[] NOT NULL,
    PRIMARY KEY (county, submission),
    FOREIGN KEY (county, submission) REFERENCES submission (county, id)
);
CREATE INDEX submission_text_by_grams ON submission_text USING gin (county, departments, grams) WITH (fastupdate = off);
CREATE INDEX submission_text_by_time ON submission_text (county, received_at DESC, submission DESC);

-- Equality operators of scalars are leakproof, so this index serves filters under row security.
CREATE INDEX share_by_facet ON share USING gin
    (county, department, capability, stage, category, kind, channel, village, campaign, stream) WITH (fastupdate = off);
CREATE INDEX share_of_county ON share (county, received_at DESC, submission DESC) INCLUDE (department) WHERE capability = 'COLLECT';
CREATE INDEX share_late ON share (county, department, received_at DESC, submission DESC) WHERE late;
CREATE UNIQUE INDEX share_one_collector ON share (county, submission) WHERE capability = 'COLLECT';
