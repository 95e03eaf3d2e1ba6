CREATE TABLE submission_text (
    county varchar(6) NOT NULL,
    submission uuid NOT NULL,
    departments uuid[] NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    title_grams text[] NOT NULL,
    content_grams text[] NOT NULL,
    PRIMARY KEY (county, submission),
    FOREIGN KEY (county, submission) REFERENCES submission (county, id)
);
