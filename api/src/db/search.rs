//! Chinese text search by unigrams and bigrams, title and content apart; the substring is always re-checked.
//!
//! The index follows the shares: a department's matches are found among what it sees, not cut out of everyone's.

use entity::id::{DepartmentId, SubmissionId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{DbBackend, Value};
use unicode_normalization::UnicodeNormalization;

use super::fault::Fault;
use super::tx::Tx;
use crate::access::profiles::Reach;
use crate::access::viewer::Viewer;

/// Separates grams in a parameter; normalised text holds no control characters.
const SEPARATOR: &str = "\u{1f}";

/// What is indexed of a suggestion. Give it text whose telephone and ID numbers are masked already, so that nobody can
/// look for a number that nobody is shown.
#[derive(Clone, Debug)]
pub struct Document {
    /// The suggestion.
    pub submission: SubmissionId,
    /// Departments with a share in it.
    pub departments: Vec<DepartmentId>,
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
}

/// A text to look for, normalised; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    text: String,
    grams: Vec<String>,
}

impl Needle {
    /// Normalises what was typed; nothing is left of blank text.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let text = normalise(typed.trim());
        let chars: Vec<char> = text.chars().collect();
        let grams = match chars.as_slice() {
            [] => return None,
            [one] => vec![one.to_string()],
            more => bigrams(more).collect(),
        };
        Some(Self { text, grams })
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Keeps the rows whose suggestion matches within the viewer's reach.
    pub(super) fn restrict(&self, tx: &Tx, select: &mut SelectStatement, submission: Expr) {
        let mut hits = Query::select();
        match tx.backend() {
            DbBackend::Postgres => {
                let values: [Value; 2] =
                    [self.text.clone().into(), self.grams.join(SEPARATOR).into()];
                hits.expr(Expr::cust_with_values(
                    "submission_search($1, string_to_array($2, E'\\x1f'))",
                    values,
                ));
            }
            _ => {
                let values: [Value; 3] = [
                    self.fts_query(tx.viewer()).into(),
                    self.text.clone().into(),
                    self.text.clone().into(),
                ];
                hits.expr(Expr::cust_with_values(
                    "t.submission FROM submission_gram g JOIN submission_text t ON t.id = g.rowid \
                     WHERE submission_gram MATCH ? AND (instr(t.title, ?) > 0 OR instr(t.content, ?) > 0)",
                    values,
                ));
            }
        }
        select.and_where(submission.in_subquery(hits));
    }

    /// FTS5 words: the scope, and every gram in one of the two columns. Tokens are hexadecimal, so nothing is syntax.
    fn fts_query(&self, viewer: &Viewer) -> String {
        let tokens: Vec<String> = self.grams.iter().map(|gram| token(gram)).collect();
        let all = tokens.join(" AND ");
        let scope = match viewer.scope().reads {
            Reach::County => county_token(viewer),
            Reach::Own => department_token(viewer.department()),
        };
        format!("scope : {scope} AND (title : ({all}) OR content : ({all}))")
    }
}

impl Tx {
    /// Indexes suggestions for the first time.
    pub async fn index_texts(&self, documents: &[Document]) -> Result<(), Fault> {
        for document in documents {
            match self.backend() {
                DbBackend::Postgres => self.index_postgres(document).await?,
                _ => self.index_sqlite(document).await?,
            }
        }
        Ok(())
    }

    /// Takes a suggestion's text out of the index, before it is indexed anew.
    pub async fn forget_text(&self, submission: SubmissionId) -> Result<(), Fault> {
        let county: Value = self.viewer().county().clone().into();
        let of = vec![county, submission.into()];
        if self.backend() == DbBackend::Postgres {
            let sql = "DELETE FROM submission_text WHERE county = $1 AND submission = $2";
            self.execute_kernel(sql, of).await?;
            return Ok(());
        }
        let row = "(SELECT id FROM submission_text WHERE county = ? AND submission = ?)";
        self.execute_kernel(
            &format!("DELETE FROM submission_gram WHERE rowid = {row}"),
            of.clone(),
        )
        .await?;
        self.execute_kernel(
            "DELETE FROM submission_text WHERE county = ? AND submission = ?",
            of,
        )
        .await?;
        Ok(())
    }

    async fn index_postgres(&self, document: &Document) -> Result<(), Fault> {
        let (title, content) = (normalise(&document.title), normalise(&document.content));
        let departments: Vec<String> = document
            .departments
            .iter()
            .map(|id| id.0.to_string())
            .collect();
        let sql = "INSERT INTO submission_text \
             (county, submission, departments, title, content, title_grams, content_grams) \
             VALUES ($1, $2, string_to_array($3, ',')::uuid[], $4, $5, \
             string_to_array($6, E'\\x1f'), string_to_array($7, E'\\x1f'))";
        let values: Vec<Value> = vec![
            self.viewer().county().clone().into(),
            document.submission.into(),
            departments.join(",").into(),
            title.clone().into(),
            content.clone().into(),
            grams(&title).join(SEPARATOR).into(),
            grams(&content).join(SEPARATOR).into(),
        ];
        self.execute_kernel(sql, values).await.map(|_| ())
    }

    async fn index_sqlite(&self, document: &Document) -> Result<(), Fault> {
        let (title, content) = (normalise(&document.title), normalise(&document.content));
        let county = self.viewer().county().clone();
        let mut scope = vec![county_token(self.viewer())];
        scope.extend(document.departments.iter().map(|id| department_token(*id)));
        let words = |text: &str| {
            grams(text)
                .iter()
                .map(|gram| token(gram))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let gram_values: Vec<Value> = vec![
            scope.join(" ").into(),
            words(&title).into(),
            words(&content).into(),
        ];
        let text_values: Vec<Value> = vec![
            county.into(),
            document.submission.into(),
            title.into(),
            content.into(),
        ];
        let text =
            "INSERT INTO submission_text (county, submission, title, content) VALUES (?, ?, ?, ?)";
        self.execute_kernel(text, text_values).await?;
        let gram = "INSERT INTO submission_gram (rowid, scope, title, content) VALUES (last_insert_rowid(), ?, ?, ?)";
        self.execute_kernel(gram, gram_values).await.map(|_| ())
    }
}

/// NFKC, lower case, without control characters: what is compared is what people read.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_control())
        .collect()
}

/// The distinct unigrams and bigrams of a normalised text.
fn grams(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let singles = chars.iter().map(char::to_string);
    let distinct: std::collections::BTreeSet<String> = singles.chain(bigrams(&chars)).collect();
    distinct.into_iter().collect()
}

fn bigrams(chars: &[char]) -> impl Iterator<Item = String> {
    chars.windows(2).map(|pair| pair.iter().collect())
}

/// A gram as an FTS5 word: its code points in hexadecimal, for the tokenizer drops punctuation and emoji.
fn token(gram: &str) -> String {
    let points: Vec<String> = gram
        .chars()
        .map(|c| format!("{:x}", u32::from(c)))
        .collect();
    format!("x{}", points.join("x"))
}

fn county_token(viewer: &Viewer) -> String {
    format!("c{}", viewer.county().as_str())
}

fn department_token(department: DepartmentId) -> String {
    format!("d{}", department.0.simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_is_normalised_as_the_text_is() {
        let needle = Needle::new("  ＡＢ灯 ").unwrap();
        assert_eq!(needle.text(), "ab灯");
        assert_eq!(needle.grams, ["ab", "b灯"]);
        assert_eq!(Needle::new(" \u{3000}\t"), None);
        assert_eq!(Needle::new("灯").unwrap().grams, ["灯"]);
    }

    #[test]
    fn grams_are_distinct_and_tokens_are_plain_words() {
        assert_eq!(grams("灯灯"), ["灯", "灯灯"]);
        assert!(token("😀\"").chars().all(|c| c.is_ascii_alphanumeric()));
    }
}
