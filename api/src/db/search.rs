//! Chinese text search by unigrams and bigrams; the substring is always re-checked, in title and content apart.
//!
//! The index follows the shares: a department's matches are found among what it sees, not cut out of everyone's.

use chrono::{DateTime, Utc};
use entity::id::{DepartmentId, SubmissionId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{DbBackend, Value};
use unicode_normalization::UnicodeNormalization;

use super::fault::Fault;
use super::page::{Direction, PageRequest, Place};
use super::tx::Tx;
use crate::scope::profiles::Reach;
use crate::scope::viewer::Viewer;

/// Where a needle stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Up to 20 characters in front of it.
    pub before: String,
    /// The text as it stands there.
    pub hit: String,
    /// Up to 40 characters behind it.
    pub after: String,
}

/// What is indexed of a suggestion. Give it text in which numbers and the person's name are masked already, so that nobody
/// can look for what is not shown.
#[derive(Clone, Debug)]
pub struct Document {
    /// The suggestion.
    pub submission: SubmissionId,
    /// Departments with a share in it.
    pub departments: Vec<DepartmentId>,
    /// When it was received: the order in which hits are shown.
    pub received_at: DateTime<Utc>,
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
}

/// A text to look for, normalised; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    text: String,
    grams: Vec<Gram>,
}

/// One character, or two neighbours: first × 2²¹ + second, exact, for a code point has at most 21 bits.
type Gram = i64;

impl Needle {
    /// Normalises what was typed; nothing is left of blank text.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let text = normalise(typed.trim());
        let chars: Vec<char> = text.chars().collect();
        let grams = match chars.as_slice() {
            [] => return None,
            [one] => vec![unigram(*one)],
            more => bigrams(more).collect(),
        };
        Some(Self { text, grams })
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first place in a text where the needle stands, compared as the index compares.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Found> {
        let chars: Vec<char> = text.chars().collect();
        // Where each character of the normalised text comes from.
        let mut normal = String::new();
        let mut origins = Vec::new();
        for (origin, c) in chars.iter().enumerate() {
            let folded = normalise(c.encode_utf8(&mut [0; 4]));
            origins.extend(folded.chars().map(|_| origin));
            normal.push_str(&folded);
        }
        let start = normal[..normal.find(&self.text)?].chars().count();
        let first = *origins.get(start)?;
        let last = *origins.get(start + self.text.chars().count() - 1)?;
        let part =
            |from: usize, to: usize| chars[from.min(chars.len())..to.min(chars.len())].iter().collect();
        Some(Found {
            before: part(first.saturating_sub(20), first),
            hit: part(first, last + 1),
            after: part(last + 1, last + 41),
        })
    }

    /// Keeps the rows whose suggestion matches within the viewer's reach.
    pub(super) fn restrict(&self, tx: &Tx, select: &mut SelectStatement, submission: Expr) {
        if tx.backend() == DbBackend::Postgres {
            let values = vec![self.text.clone().into(), array(&self.grams).into()];
            let search = "submission_search($2, $3::bigint[])";
            select.and_where(is_answer(submission, search, values));
            return;
        }
        let text = || Value::from(self.text.clone());
        let values = [self.fts_query(tx.viewer()).into(), text(), text()];
        let mut hits = Query::select();
        hits.expr(Expr::cust_with_values(
            "t.submission FROM submission_gram g JOIN submission_text t ON t.id = g.rowid \
             WHERE submission_gram MATCH ? AND (instr(t.title, ?) > 0 OR instr(t.content, ?) > 0)",
            values,
        ));
        select.and_where(submission.in_subquery(hits));
    }

    /// Keeps the matches of one page in the order of time, if text is all that is asked for. SQLite finds the page among
    /// all matches.
    pub(super) fn restrict_page(
        &self,
        tx: &Tx,
        select: &mut SelectStatement,
        submission: Expr,
        request: &PageRequest,
    ) {
        if tx.backend() != DbBackend::Postgres {
            return self.restrict(tx, select, submission);
        }
        let descending = request.direction == Direction::Descending;
        let (newest, oldest) =
            if descending { (&request.after, &request.before) } else { (&request.before, &request.after) };
        let size = i64::try_from(request.size).unwrap_or(i64::MAX);
        let mut values: Vec<Value> = vec![self.text.clone().into(), array(&self.grams).into()];
        values.extend(bound(newest.as_ref()));
        values.extend(bound(oldest.as_ref()));
        values.push((descending != request.backward).into());
        values.push(size.saturating_add(1).into());
        let page = "submission_search_page($2, $3::bigint[], $4, $5, $6, $7, $8, $9)";
        select.and_where(is_answer(submission, page, values));
    }

    /// FTS5 words: the scope, and every gram. Tokens are hexadecimal, so nothing typed is syntax.
    fn fts_query(&self, viewer: &Viewer) -> String {
        let scope = match viewer.scope().reads {
            Reach::County => county_token(viewer),
            Reach::Own | Reach::Public => department_token(viewer.department()),
        };
        format!("scope : {scope} AND grams : ({})", words(&self.grams, " AND "))
    }
}

impl Tx {
    /// How many suggestions the viewer sees that hold the needle, where the index can tell; otherwise count the rows.
    pub async fn count_mentions(&self, needle: &Needle) -> Result<Option<u64>, Fault> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let values = vec![needle.text.clone().into(), array(&needle.grams).into()];
        let rows = self.query_kernel("SELECT submission_search_count($1, $2::bigint[])", values).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(Some(count.unsigned_abs()))
    }

    /// Indexes suggestions for the first time.
    pub async fn index_texts(&self, documents: &[Document]) -> Result<(), Fault> {
        self.admit_texts(documents).await?;
        if self.backend() == DbBackend::Postgres {
            if let [document] = documents {
                let (sql, values) = self.indexing(std::slice::from_ref(document));
                return self.kernel_later(&sql, values).await;
            }
            for chunk in documents.chunks(200) {
                let (sql, values) = self.indexing(chunk);
                self.execute_kernel(&sql, values).await?;
            }
            return Ok(());
        }
        for document in documents {
            self.index_sqlite(document).await?;
        }
        Ok(())
    }

    /// Indexes a suggestion's new text for the departments that see it already.
    pub async fn reindex_text(&self, document: &Document) -> Result<(), Fault> {
        self.admit_texts(std::slice::from_ref(document)).await?;
        let (title, content) = (normalise(&document.title), normalise(&document.content));
        let grams = grams(&title, &content);
        let county: Value = self.viewer().county().clone().into();
        let id: Value = document.submission.into();
        if self.backend() == DbBackend::Postgres {
            let sql = "UPDATE submission_text SET title = $1, content = $2, grams = $3::bigint[] \
                 WHERE county = $4 AND submission = $5";
            let values = vec![title.into(), content.into(), array(&grams).into(), county, id];
            return self.kernel_later(sql, values).await;
        }
        let row = "(SELECT id FROM submission_text WHERE county = ? AND submission = ?)";
        let gram = format!("UPDATE submission_gram SET scope = ?, grams = ? WHERE rowid = {row}");
        let scope = self.scope_tokens(&document.submission).await?;
        let values = vec![scope.into(), words(&grams, " ").into(), county.clone(), id.clone()];
        self.execute_kernel(&gram, values).await?;
        let text = "UPDATE submission_text SET title = ?, content = ? WHERE county = ? AND submission = ?";
        self.execute_kernel(text, vec![title.into(), content.into(), county, id]).await.map(|_| ())
    }

    /// The scope words of a suggestion, from all of its shares: FTS5 keeps no text to read them back from.
    async fn scope_tokens(&self, submission: &SubmissionId) -> Result<String, Fault> {
        let sql = "SELECT lower(hex(department)) FROM share WHERE county = ? AND submission = ?";
        let values: Vec<Value> = vec![self.viewer().county().clone().into(), (*submission).into()];
        let mut tokens = vec![county_token(self.viewer())];
        for row in self.query_kernel(sql, values).await? {
            tokens.push(format!("d{}", row.try_get_by_index::<String>(0)?));
        }
        Ok(tokens.join(" "))
    }

    /// What indexes suggestions on PostgreSQL.
    fn indexing(&self, documents: &[Document]) -> (String, Vec<Value>) {
        let mut rows = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for document in documents {
            let n = values.len();
            rows.push(format!(
                "(${}, ${}, ${}::uuid[], ${}, ${}, ${}, ${}::bigint[])",
                n + 1,
                n + 2,
                n + 3,
                n + 4,
                n + 5,
                n + 6,
                n + 7
            ));
            let (title, content) = (normalise(&document.title), normalise(&document.content));
            let departments: Vec<String> = document.departments.iter().map(|id| id.0.to_string()).collect();
            let grams = array(&grams(&title, &content));
            values.extend([
                self.viewer().county().clone().into(),
                document.submission.into(),
                Value::from(format!("{{{}}}", departments.join(","))),
                document.received_at.into(),
                title.into(),
                content.into(),
                grams.into(),
            ]);
        }
        let sql = format!(
            "INSERT INTO submission_text (county, submission, departments, received_at, title, content, grams) VALUES {}",
            rows.join(", ")
        );
        (sql, values)
    }

    async fn index_sqlite(&self, document: &Document) -> Result<(), Fault> {
        let (title, content) = (normalise(&document.title), normalise(&document.content));
        let mut scope = vec![county_token(self.viewer())];
        scope.extend(document.departments.iter().map(|id| department_token(*id)));
        let gram_values: Vec<Value> =
            vec![scope.join(" ").into(), words(&grams(&title, &content), " ").into()];
        let county = self.viewer().county().clone();
        let text_values: Vec<Value> =
            vec![county.into(), document.submission.into(), title.into(), content.into()];
        let text = "INSERT INTO submission_text (county, submission, title, content) VALUES (?, ?, ?, ?)";
        self.execute_kernel(text, text_values).await?;
        let gram = "INSERT INTO submission_gram (rowid, scope, grams) VALUES (last_insert_rowid(), ?, ?)";
        self.execute_kernel(gram, gram_values).await.map(|_| ())
    }
}

/// Whether a suggestion is among a function's answers, which are asked for once: as a subquery, a planner without
/// statistics asks for them anew at every row. `$1` is the suggestion.
fn is_answer(submission: Expr, function: &str, values: Vec<Value>) -> Expr {
    let sql = format!("$1 = ANY(ARRAY(SELECT {function}))");
    let arguments = values.into_iter().map(Expr::val);
    Expr::cust_with_exprs(sql, std::iter::once(submission).chain(arguments))
}

/// A place in the order of time as two arguments; none where there is no bound.
fn bound(place: Option<&Place>) -> [Value; 2] {
    match place.map(|place| place.0.as_slice()) {
        Some([at, id]) => [at.clone(), id.clone()],
        _ => [Value::ChronoDateTimeUtc(None), Value::Uuid(None)],
    }
}

/// NFKC, lower case, without control characters: what is compared is what people read.
#[must_use]
fn normalise(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_control()).collect()
}

/// The distinct unigrams and bigrams of both texts; no bigram spans them.
fn grams(title: &str, content: &str) -> Vec<Gram> {
    let mut distinct = std::collections::BTreeSet::new();
    for text in [title, content] {
        let chars: Vec<char> = text.chars().collect();
        distinct.extend(chars.iter().copied().map(unigram));
        distinct.extend(bigrams(&chars));
    }
    distinct.into_iter().collect()
}

fn unigram(c: char) -> Gram {
    Gram::from(u32::from(c))
}

fn bigrams(chars: &[char]) -> impl Iterator<Item = Gram> {
    chars.windows(2).map(|pair| pair.iter().fold(0, |gram, c| (gram << 21) | unigram(*c)))
}

/// Grams as PostgreSQL reads an array.
fn array(grams: &[Gram]) -> String {
    let numbers: Vec<String> = grams.iter().map(ToString::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}

/// Grams as FTS5 words; plain text would lose punctuation and emoji to the tokenizer.
fn words(grams: &[Gram], separator: &str) -> String {
    let words: Vec<String> = grams.iter().map(|gram| format!("x{gram:x}")).collect();
    words.join(separator)
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
        assert_eq!(needle.grams.len(), 2);
        assert_eq!(Needle::new(" \u{3000}\t"), None);
        assert_eq!(Needle::new("灯").unwrap().grams, [unigram('灯')]);
    }

    #[test]
    fn a_needle_is_found_as_it_stands_in_the_text() {
        let found = Needle::new("ab灯").unwrap().find("在ＡＢ灯下").unwrap();
        assert_eq!((found.before.as_str(), found.hit.as_str(), found.after.as_str()), ("在", "ＡＢ灯", "下"));
        assert_eq!(Needle::new("灯").unwrap().find("路"), None);
    }

    #[test]
    fn grams_are_distinct_and_do_not_span_title_and_content() {
        assert_eq!(grams("灯灯", "灯"), grams("灯", "灯灯"));
        assert_eq!(grams("路", "灯").len(), 2);
        assert_eq!(words(&grams("路", ""), " "), "x8def");
    }
}
