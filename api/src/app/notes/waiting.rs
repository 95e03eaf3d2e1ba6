//! Lines that wait to be written (待写审计记录), bounded so that nobody floods the trail: the first few of each minute
//! stand in full, further ones are counted in one line for each actor, operation and minute. What is too much even for
//! that is counted in a line of the county; nothing is dropped without being counted.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use entity::enums::AuditAction;
use entity::id::County;
use serde_json::{Map, Value as Json, json};

use crate::scope::system;
use crate::scope::viewer::Viewer;

/// Over which lines are counted together.
const MINUTE: TimeDelta = TimeDelta::minutes(1);
/// Lines of one source that stand in full, in a minute.
pub(super) const IN_FULL: u32 = 10;
/// Operations of one source that have a sum of their own, in a minute.
const SUMS_OF_SOURCE: u32 = 20;
/// Lines of one county that stand in full, in a minute.
const IN_FULL_OF_COUNTY: u32 = 300;
/// Sums of all counties that are kept at once; beyond them a county has one for each kind of line.
const MOST_SUMS: usize = 1_000;
/// Sources that are told apart at once.
const MOST_SOURCES: usize = 10_000;
/// Lines that wait in full, while the database can't take them.
const MOST_WAITING: usize = 10_000;
/// Addresses that a sum names.
const MOST_ADDRESSES: usize = 3;

/// Something that is to leave a line, and has no transaction of its own.
#[derive(Clone, Debug)]
pub struct Note {
    /// Who did it.
    pub by: Viewer,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub action: AuditAction,
    /// To what, in the server's words.
    pub subject: String,
    /// From where.
    pub address: Option<IpAddr>,
    /// How many times at once.
    pub times: u64,
    /// What is counted together where there is too much: the actor, unless the system acts for somebody unknown.
    pub source: String,
    /// Further figures.
    pub detail: Map<String, Json>,
}

impl Note {
    /// Of something that a caller did once.
    #[must_use]
    pub fn of(by: &Viewer, at: DateTime<Utc>, action: AuditAction, subject: String, address: IpAddr) -> Self {
        Self {
            source: format!("{}/{}", by.actor_name(), by.department().0),
            by: by.clone(),
            at,
            action,
            subject,
            address: Some(address),
            times: 1,
            detail: Map::new(),
        }
    }

    /// What the line says beside who, when and what.
    pub(crate) fn told(&self) -> Json {
        let mut detail = self.detail.clone();
        if let Some(address) = self.address {
            detail.insert("address".to_owned(), json!(address));
        }
        if self.times > 1 {
            detail.insert("count".to_owned(), json!(self.times));
        }
        Json::Object(detail)
    }
}

/// Of what there was too much to stand in full.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    county: County,
    /// Empty: of the whole county.
    source: String,
    action: AuditAction,
    /// Empty: whatever it was.
    subject: String,
}

struct Sum {
    by: Viewer,
    count: u64,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
    addresses: BTreeSet<IpAddr>,
}

/// What one source, or a whole county, left in this minute.
struct Window {
    since: DateTime<Utc>,
    lines: u32,
    sums: u32,
}

impl Window {
    const fn new(since: DateTime<Utc>) -> Self {
        Self { since, lines: 0, sums: 0 }
    }

    fn over(&self, now: DateTime<Utc>) -> bool {
        (now - self.since).abs() >= MINUTE
    }
}

/// The lines and the sums that wait.
#[derive(Default)]
pub(super) struct Waiting {
    lines: VecDeque<Note>,
    sums: HashMap<Key, Sum>,
    sources: HashMap<(County, String), Window>,
    counties: HashMap<County, Window>,
}

impl Waiting {
    /// Takes a note in, as a line or as part of a sum.
    pub(super) fn add(&mut self, note: Note) {
        if self.lines.len() < MOST_WAITING && self.may_stand_in_full(&note) {
            self.lines.push_back(note);
        } else {
            self.count(&note);
        }
    }

    /// The lines to be written now; of the sums those whose minute is over, or all.
    pub(super) fn take(&mut self, now: DateTime<Utc>, all: bool) -> Vec<Note> {
        let due = |sum: &Sum| all || (now - sum.first).abs() >= MINUTE;
        let sums = self.sums.extract_if(|_, sum| due(sum));
        let mut sums: Vec<Note> = sums.map(|(key, sum)| line_of(key, sum)).collect();
        sums.sort_by_key(|note| note.at);
        self.sources.retain(|_, window| !window.over(now));
        self.lines.drain(..).chain(sums).collect()
    }

    /// Takes back what could not be written.
    pub(super) fn put_back(&mut self, notes: Vec<Note>) {
        for note in notes.into_iter().rev() {
            if self.lines.len() < MOST_WAITING {
                self.lines.push_front(note);
            } else {
                self.count(&note);
            }
        }
    }

    fn may_stand_in_full(&mut self, note: &Note) -> bool {
        let county = note.by.county();
        let whole = window(&mut self.counties, county.clone(), note.at);
        if whole.lines >= IN_FULL_OF_COUNTY {
            return false;
        }
        let known = (county.clone(), note.source.clone());
        if self.sources.len() >= MOST_SOURCES && !self.sources.contains_key(&known) {
            return false;
        }
        let own = window(&mut self.sources, known, note.at);
        let fits = own.lines < IN_FULL;
        if fits {
            own.lines += 1;
            whole.lines += 1;
        }
        fits
    }

    fn count(&mut self, note: &Note) {
        let (key, by) = self.sum_for(note);
        let sum = self.sums.entry(key).or_insert_with(|| Sum {
            by,
            count: 0,
            first: note.at,
            last: note.at,
            addresses: BTreeSet::new(),
        });
        sum.count += note.times;
        sum.last = sum.last.max(note.at);
        if let Some(address) = note.address
            && sum.addresses.len() < MOST_ADDRESSES
        {
            sum.addresses.insert(address);
        }
    }

    /// The finest sum that there is room for.
    fn sum_for(&mut self, note: &Note) -> (Key, Viewer) {
        let county = note.by.county();
        let key = |source: &str, subject: &str| Key {
            county: county.clone(),
            source: source.to_owned(),
            action: note.action,
            subject: subject.to_owned(),
        };
        let (own, any) = (key(&note.source, &note.subject), key(&note.source, ""));
        if self.sums.contains_key(&own) {
            return (own, note.by.clone());
        }
        let room = self.sums.len() < MOST_SUMS;
        let known = (county.clone(), note.source.clone());
        if let Some(window) = self.sources.get_mut(&known).filter(|_| room)
            && window.sums < SUMS_OF_SOURCE
        {
            window.sums += 1;
            return (own, note.by.clone());
        }
        if self.sums.contains_key(&any) || (room && self.sources.contains_key(&known)) {
            return (any, note.by.clone());
        }
        (key("", ""), system::operator(county.clone()))
    }
}

fn window<K: Eq + std::hash::Hash>(
    windows: &mut HashMap<K, Window>,
    key: K,
    now: DateTime<Utc>,
) -> &mut Window {
    let window = windows.entry(key).or_insert_with(|| Window::new(now));
    if window.over(now) {
        *window = Window::new(now);
    }
    window
}

fn line_of(key: Key, sum: Sum) -> Note {
    let Key { source, action, subject, .. } = key;
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let detail = json!({ "from": instant(sum.first), "to": instant(sum.last), "addresses": sum.addresses });
    Note {
        by: sum.by,
        at: sum.last,
        action,
        subject: if subject.is_empty() { "several".to_owned() } else { subject },
        address: None,
        times: sum.count,
        source,
        detail: match detail {
            Json::Object(detail) => detail,
            _ => Map::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_647_394_200 + seconds, 0).unwrap()
    }

    fn note(source: &str, subject: &str, seconds: i64) -> Note {
        let by = system::gatekeeper(County::parse("999999").unwrap());
        let address = IpAddr::from([192, 0, 2, 1]);
        let (action, subject) = (AuditAction::Forbidden, subject.to_owned());
        Note { source: source.to_owned(), ..Note::of(&by, at(seconds), action, subject, address) }
    }

    fn total(notes: &[Note]) -> u64 {
        notes.iter().map(|note| note.times).sum()
    }

    #[test]
    fn the_first_few_stand_in_full_and_the_rest_of_the_minute_is_one_line() {
        let mut waiting = Waiting::default();
        for second in 0..1_000 {
            waiting.add(note("a", "operation:Query.x", second / 20));
        }
        let lines = waiting.take(at(50), false);
        assert_eq!(lines.len(), IN_FULL as usize);
        let sum = waiting.take(at(60), false);
        assert_eq!((sum.len(), total(&sum)), (1, 990));
        let told = sum[0].told();
        assert_eq!(told["count"], 990);
        assert_eq!(told["from"], "2022-03-16T01:30:00Z");
        assert_eq!(told["to"], "2022-03-16T01:30:49Z");
        assert_eq!(told["addresses"], json!(["192.0.2.1"]));
        waiting.add(note("a", "operation:Query.x", 61));
        assert_eq!(waiting.take(at(61), false).len(), 1, "a new minute");
    }

    #[test]
    fn at_the_end_what_waits_is_told_before_its_minute_is_over() {
        let mut waiting = Waiting::default();
        for _ in 0..12 {
            waiting.add(note("a", "operation:Query.x", 0));
        }
        let lines = waiting.take(at(1), true);
        assert_eq!((lines.len(), total(&lines)), (11, 12));
        assert!(waiting.take(at(99), true).is_empty());
    }

    #[test]
    fn many_operations_many_sources_and_a_database_that_is_away_stay_bounded_and_are_counted() {
        let mut waiting = Waiting::default();
        let mut sent = 0;
        for source in 0..30_000 {
            waiting.add(note(&format!("s{source}"), "operation:Query.x", 0));
            sent += 1;
        }
        for operation in 0..5_000 {
            waiting.add(note("a", &format!("operation:Query.x{operation}"), 0));
            sent += 1;
        }
        assert!(waiting.sources.len() <= MOST_SOURCES);
        let lines = waiting.take(at(1), true);
        assert!(lines.len() <= IN_FULL_OF_COUNTY as usize + MOST_SUMS + 2, "{}", lines.len());
        assert_eq!(total(&lines), sent);
        for _ in 0..20 {
            waiting.put_back(lines.clone());
            sent += total(&lines);
        }
        let lines = waiting.take(at(2), true);
        assert!(lines.len() <= MOST_WAITING + MOST_SUMS + 2, "{}", lines.len());
        assert_eq!(total(&lines), sent - 35_000);
    }

    #[test]
    fn one_source_has_some_sums_and_then_one_for_all_operations() {
        let mut waiting = Waiting::default();
        for operation in 0..500 {
            waiting.add(note("a", &format!("operation:Query.x{operation}"), 0));
        }
        let lines = waiting.take(at(60), false);
        let bound = usize::try_from(IN_FULL + SUMS_OF_SOURCE + 1).unwrap();
        assert_eq!(lines.len(), bound);
        assert_eq!(total(&lines), 500);
        let rest = lines.iter().find(|line| line.subject == "several").unwrap();
        assert_eq!(rest.times, 500 - u64::from(IN_FULL + SUMS_OF_SOURCE));
    }

    #[test]
    fn what_could_not_be_written_comes_again_in_its_order() {
        let mut waiting = Waiting::default();
        for second in 0..3 {
            waiting.add(note("a", "operation:Query.x", second));
        }
        let lines = waiting.take(at(3), false);
        waiting.put_back(lines);
        waiting.add(note("a", "operation:Query.x", 4));
        let instants: Vec<_> = waiting.take(at(5), false).iter().map(|note| note.at).collect();
        assert_eq!(instants, [at(0), at(1), at(2), at(4)]);
    }
}
