//! What is looked for: words, each of which stands in title or content.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{DbBackend, Value};

use super::grams::{self, Gram};
use super::scope;
use crate::db::fault::Fault;
use crate::db::page::{Direction, PageRequest, Place};
use crate::db::tx::Tx;
use crate::scope::profiles::Reach;
use crate::scope::viewer::Viewer;
use crate::text::{self, Folded, folded};

/// Most words of one text to look for.
pub const MOST_WORDS: usize = 8;

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

/// Words to look for, folded; at least one. A suggestion has all of them, each in its title or its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    words: Vec<String>,
    grams: Vec<Gram>,
}

/// Why a text can't be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsearchable {
    /// Nobody sees anything of it.
    Nothing,
    /// It has more than [`MOST_WORDS`] words.
    TooManyWords,
}

impl Needle {
    /// The words of what was typed, parted at its blanks before they are folded: blanks inside Chinese would be lost.
    pub fn new(typed: &str) -> Result<Self, Unsearchable> {
        let mut words: Vec<String> = Vec::new();
        for word in typed.split(text::is_blank).map(folded).filter(|word| !word.is_empty()) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.is_empty() {
            return Err(Unsearchable::Nothing);
        }
        if words.len() > MOST_WORDS {
            return Err(Unsearchable::TooManyWords);
        }
        let grams = grams::of_words(&words);
        Ok(Self { words, grams })
    }

    /// The place in a text where the first of the words that stand there stands first, compared as the index compares.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Found> {
        let compared = Folded::of(text);
        let place = self.words.iter().find_map(|word| compared.find(word))?;
        let part = |from: usize, to: usize| text.chars().skip(from).take(to.saturating_sub(from)).collect();
        Some(Found {
            before: part(place.start.saturating_sub(20), place.start),
            hit: part(place.start, place.end),
            after: part(place.end, place.end + 40),
        })
    }

    /// Keeps the rows whose suggestion matches within the viewer's reach.
    pub(in crate::db) fn restrict(&self, tx: &Tx, select: &mut SelectStatement, submission: Expr) {
        if tx.backend() == DbBackend::Postgres {
            let search = "submission_search($2::text[], $3::bigint[])";
            select.and_where(is_answer(submission, search, self.arguments()));
            return;
        }
        let mut sql = "t.submission FROM submission_gram g JOIN submission_text t ON t.id = g.rowid \
             WHERE submission_gram MATCH ?"
            .to_owned();
        let mut values = vec![Value::from(self.fts_query(tx.viewer()))];
        for word in &self.words {
            sql.push_str(" AND (instr(t.title, ?) > 0 OR instr(t.content, ?) > 0)");
            values.extend([Value::from(word.as_str()), Value::from(word.as_str())]);
        }
        let mut hits = Query::select();
        hits.expr(Expr::cust_with_values(sql, values));
        select.and_where(submission.in_subquery(hits));
    }

    /// Keeps the matches of one page in the order of time, if text is all that is asked for. SQLite finds the page among
    /// all matches.
    pub(in crate::db) fn restrict_page(
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
        let mut values = self.arguments();
        values.extend(bound(newest.as_ref()));
        values.extend(bound(oldest.as_ref()));
        values.push((descending != request.backward).into());
        values.push(size.saturating_add(1).into());
        let page = "submission_search_page($2::text[], $3::bigint[], $4, $5, $6, $7, $8, $9)";
        select.and_where(is_answer(submission, page, values));
    }

    /// FTS5 words: the scope, and every gram. Tokens are hexadecimal, so nothing typed is syntax.
    fn fts_query(&self, viewer: &Viewer) -> String {
        let scope = match viewer.scope().reads {
            Reach::County => scope::of_county(viewer),
            Reach::Own | Reach::Public => scope::of_department(viewer.department()),
        };
        format!("scope : {scope} AND grams : ({})", grams::tokens(&self.grams, " AND "))
    }

    /// Words and grams as the functions of PostgreSQL take them.
    fn arguments(&self) -> Vec<Value> {
        vec![quoted(&self.words).into(), grams::array(&self.grams).into()]
    }
}

impl Tx {
    /// How many suggestions the viewer sees that hold the needle, where the index can tell; otherwise count the rows.
    pub async fn count_mentions(&self, needle: &Needle) -> Result<Option<u64>, Fault> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let count = "SELECT submission_search_count($1::text[], $2::bigint[])";
        let rows = self.query_kernel(count, needle.arguments()).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(Some(count.unsigned_abs()))
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

/// Texts as PostgreSQL reads an array.
fn quoted(words: &[String]) -> String {
    let quoted = |word: &String| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""));
    format!("{{{}}}", words.iter().map(quoted).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<String> {
        Needle::new(typed).unwrap().words
    }

    #[test]
    fn words_are_parted_at_blanks_and_folded_as_the_text_is() {
        assert_eq!(words("  ＡＢ燈 "), ["ab灯"]);
        assert_eq!(words("東溝村　請維修\n东沟村"), ["东沟村", "请维修"]);
        assert_eq!(words("东沟\u{200B}村"), ["东沟村"]);
        for nothing in ["", " \u{3000}\t", "\u{200B}", "\u{3164} \u{2060}"] {
            assert_eq!(Needle::new(nothing), Err(Unsearchable::Nothing), "{nothing:?}");
        }
        assert_eq!(Needle::new("一 二 三 四 五 六 七 八 一").unwrap().words.len(), MOST_WORDS);
        assert_eq!(Needle::new("一 二 三 四 五 六 七 八 九"), Err(Unsearchable::TooManyWords));
    }

    #[test]
    fn a_needle_is_found_as_it_stands_in_the_text() {
        let found = |typed: &str, text: &str| {
            let Found { before, hit, after } = Needle::new(typed).unwrap().find(text)?;
            Some([before, hit, after])
        };
        assert_eq!(found("ab灯", "在ＡＢ燈下"), Some(["在", "ＡＢ燈", "下"].map(str::to_owned)));
        assert_eq!(
            found("水停", "自来\u{200B}水\u{200B} 停了"),
            Some(["自来\u{200B}", "水\u{200B} 停", "了"].map(str::to_owned))
        );
        assert_eq!(found("路灯", "路"), None);
        // The first word, unless only another one stands there.
        assert_eq!(found("维修 东沟", "东沟请维修").unwrap()[1], "维修");
        assert_eq!(found("维修 东沟", "东沟").unwrap()[1], "东沟");
    }

    #[test]
    fn whatever_was_typed_is_text_to_postgres() {
        let words = ["不行\"", "100%_\\", "{a,b}"].map(str::to_owned);
        assert_eq!(quoted(&words), r#"{"不行\"","100%_\\","{a,b}"}"#);
    }
}
