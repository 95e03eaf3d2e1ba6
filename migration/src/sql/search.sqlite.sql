-- `id` is the row of the FTS table, which keeps no text of its own; the substring is checked again in this one.
CREATE TABLE submission_text (
    id INTEGER PRIMARY KEY,
    county TEXT NOT NULL,
    submission BLOB NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (county, submission),
    FOREIGN KEY (county, submission) REFERENCES submission (county, id)
);
CREATE VIRTUAL TABLE submission_gram USING fts5 (
    scope, grams, content = '', contentless_delete = 1, detail = column
);
