//! Whether the configured master keys fit a database, and which of them it does not know yet. No SQL, no clock, no async.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::County;
use entity::key_version::Model;

use crate::refusal::{Message, message};
use crate::secrets::seal::mark;

/// Why the configured master keys are refused. The text names keys by their ids, never by their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Texts of the database are sealed with keys that are not configured.
    Needed {
        /// Their ids.
        ids: String,
        /// Ids of those that are.
        given: String,
    },
    /// A key of the right id that does not open what the true one sealed.
    Wrong {
        /// Id that it claims.
        id: String,
        /// County whose entry it does not open.
        county: County,
    },
    /// What was sealed last was sealed with a key that is not configured, and the database has no list of keys yet.
    Foreign {
        /// Id that the texts name, if they name one.
        id: Option<String>,
        /// County whose texts these are.
        county: County,
    },
    /// A former key stands in front of the newest.
    Order {
        /// Which stands first.
        present: String,
        /// Which ought to.
        newest: String,
    },
    /// Two keys whose ids begin alike.
    Twin {
        /// The key that was there before.
        id: String,
    },
}

impl Unfit {
    /// What was found, and what to do.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Needed { ids, given } => message!(
                "MINSHENG_MASTER_KEY：数据库仍需主密钥 {ids}，而现有配置为 {given}。密钥给错时，请从备份取回原密钥；若是有意更换，\
                 请把原密钥放回现用密钥之后，执行 minsheng keys reseal，待 minsheng keys status 确认可移除后再去掉",
                "MINSHENG_MASTER_KEY: the database still needs the master key {ids}, and given is {given}. If this is the wrong \
                 key, take the former one from your backup. If the key was changed on purpose, put the former one back behind \
                 the present one, run `minsheng keys reseal`, and remove it once `minsheng keys status` says that it can go"
            ),
            Self::Wrong { id, county } => message!(
                "MINSHENG_MASTER_KEY：主密钥 {id} 打不开 {county} 的校验值，不是本库的密钥；请从备份取回原密钥",
                "MINSHENG_MASTER_KEY: the master key {id} does not open the check value of {county}: it is not this database's. \
                 Take the true one from your backup"
            ),
            Self::Foreign { id: Some(id), county } => message!(
                "MINSHENG_MASTER_KEY：{county} 的数据由另一主密钥（{id}）加密，而配置中没有；请从备份取回该密钥",
                "MINSHENG_MASTER_KEY: what {county} holds was sealed with another master key ({id}), which is not among those \
                 given. Take it from your backup"
            ),
            Self::Foreign { id: None, county } => message!(
                "MINSHENG_MASTER_KEY：{county} 的数据由另一主密钥（编号不详）加密，而配置中没有；请从备份取回该密钥",
                "MINSHENG_MASTER_KEY: what {county} holds was sealed with another master key (id not known), which is not among \
                 those given. Take it from your backup"
            ),
            Self::Order { present, newest } => message!(
                "MINSHENG_MASTER_KEY：主密钥 {newest} 已启用，须列在最前，而现在是 {present}；换下的密钥不再启用，请另取新密钥",
                "MINSHENG_MASTER_KEY: the master key {newest} came into use last and must stand first; {present} stands there. A \
                 key that was replaced is not taken back: make a new one"
            ),
            Self::Twin { id } => message!(
                "MINSHENG_MASTER_KEY：新主密钥的编号与 {id} 相近，无法区分；请用 openssl rand -base64 32 另取一个",
                "MINSHENG_MASTER_KEY: the new master key can't be told from {id} in ids; make another with `openssl rand -base64 \
                 32`"
            ),
        }
    }
}

/// A key that a county is to know from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Addition {
    pub(super) county: County,
    pub(super) number: i32,
    pub(super) id: String,
    /// Whether it is a change of the key, for the trail, or the first that the county knows.
    pub(super) changed: bool,
}

/// What the counties lack of the configured keys, the present one first in `configured`; refuses keys that don't fit.
pub(super) fn additions(
    configured: &[&str],
    counties: &[County],
    rows: &[Model],
) -> Result<Vec<Addition>, Unfit> {
    all_there(configured, rows)?;
    told_apart(configured, rows)?;
    let Some((present, former)) = configured.split_first() else {
        return Ok(Vec::new());
    };
    let numbers: BTreeMap<i32, &str> = rows.iter().map(|row| (row.number, &*row.key_id)).collect();
    let newest = numbers.last_key_value().map(|(number, id)| (*number, *id));
    let number = match newest {
        None => 1,
        Some((number, id)) if id == *present => number,
        Some((_, id)) if numbers.values().any(|known| known == present) => {
            return Err(Unfit::Order { present: (*present).to_owned(), newest: id.to_owned() });
        }
        Some((number, _)) => number + 1,
    };
    let mut additions = Vec::new();
    for county in counties {
        let known = |id: &str| rows.iter().any(|row| row.county == *county && row.key_id == id);
        let fresh = rows.iter().all(|row| row.county != *county);
        if known(present) {
            continue;
        }
        let mut add = |number, id: &str, changed| {
            additions.push(Addition { county: county.clone(), number, id: id.to_owned(), changed });
        };
        match newest {
            // The county was founded under the key that was the newest until now.
            Some((before, id)) if fresh && before != number => add(before, id, false),
            // Keys that were replaced before there was a list: nothing of ids and indexes is theirs any more.
            None => {
                for (place, id) in (0..).zip(former) {
                    add(-place, id, false);
                }
            }
            Some(_) => {}
        }
        add(number, present, !fresh || newest.is_some_and(|(before, _)| before != number));
    }
    Ok(additions)
}

/// Every key that is not retired has to be configured.
fn all_there(configured: &[&str], rows: &[Model]) -> Result<(), Unfit> {
    let needed = rows.iter().filter(|row| row.retired_at.is_none());
    let missing: BTreeSet<&str> =
        needed.map(|row| &*row.key_id).filter(|id| !configured.contains(id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let ids = missing.into_iter().collect::<Vec<_>>().join(", ");
    Err(Unfit::Needed { ids, given: configured.join(", ") })
}

/// Ids and cursors name a version by two bytes.
fn told_apart(configured: &[&str], rows: &[Model]) -> Result<(), Unfit> {
    let mut marks = BTreeMap::new();
    let known = rows.iter().map(|row| &*row.key_id);
    for id in known.chain(configured.iter().rev().copied()) {
        if *marks.entry(mark(id)).or_insert(id) != id {
            return Err(Unfit::Twin { id: marks[&mark(id)].to_owned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn county(code: &str) -> County {
        County::parse(code).unwrap()
    }

    fn row(code: &str, number: i32, id: &str, retired: bool) -> Model {
        Model {
            county: county(code),
            number,
            key_id: id.to_owned(),
            sealed: String::new(),
            registered_at: DateTime::UNIX_EPOCH,
            retired_at: retired.then_some(DateTime::UNIX_EPOCH),
        }
    }

    fn added(configured: &[&str], rows: &[Model]) -> Result<Vec<(String, i32, String, bool)>, Unfit> {
        let counties = [county("130803"), county("341522")];
        let all = additions(configured, &counties, rows)?;
        let plain = |one: Addition| (one.county.to_string(), one.number, one.id, one.changed);
        Ok(all.into_iter().map(plain).collect())
    }

    fn one(code: &str, number: i32, id: &str, changed: bool) -> (String, i32, String, bool) {
        (code.to_owned(), number, id.to_owned(), changed)
    }

    const FIRST: &str = "aaaa0001";
    const SECOND: &str = "bbbb0002";
    const THIRD: &str = "cccc0003";

    #[test]
    fn a_database_without_a_list_takes_the_present_key_as_its_first() {
        let all = added(&[SECOND, FIRST], &[]).unwrap();
        let of = |code| [one(code, 0, FIRST, false), one(code, 1, SECOND, false)];
        assert_eq!(all, [of("130803"), of("341522")].concat());
    }

    #[test]
    fn a_new_key_in_front_is_the_next_and_a_county_in_between_gets_both() {
        let rows = [row("130803", 1, FIRST, false)];
        let all = added(&[SECOND, FIRST], &rows).unwrap();
        let wanted =
            [one("130803", 2, SECOND, true), one("341522", 1, FIRST, false), one("341522", 2, SECOND, true)];
        assert_eq!(all, wanted);
        let all = added(&[FIRST], &rows).unwrap();
        assert_eq!(all, [one("341522", 1, FIRST, false)]);
    }

    #[test]
    fn a_key_that_waits_behind_the_present_one_is_no_change_yet() {
        let rows = [row("130803", 1, FIRST, false), row("341522", 1, FIRST, false)];
        assert_eq!(added(&[FIRST, SECOND], &rows), Ok(Vec::new()));
    }

    #[test]
    fn a_key_is_missed_until_it_is_retired_in_every_county() {
        let mut rows = [
            row("130803", 1, FIRST, true),
            row("130803", 2, SECOND, false),
            row("341522", 1, FIRST, false),
            row("341522", 2, SECOND, false),
        ];
        let missed =
            |ids: &str, given: &str| Err(Unfit::Needed { ids: ids.to_owned(), given: given.to_owned() });
        assert_eq!(added(&[SECOND], &rows), missed(FIRST, SECOND));
        assert_eq!(added(&[THIRD], &rows), missed("aaaa0001, bbbb0002", THIRD));
        rows[2].retired_at = Some(DateTime::UNIX_EPOCH);
        assert_eq!(added(&[SECOND], &rows), Ok(Vec::new()));
    }

    #[test]
    fn a_replaced_key_does_not_come_back_and_a_twin_is_refused() {
        let rows = [row("130803", 1, FIRST, false), row("130803", 2, SECOND, false)];
        let order = Unfit::Order { present: FIRST.to_owned(), newest: SECOND.to_owned() };
        assert_eq!(added(&[FIRST, SECOND], &rows), Err(order));
        let twin = Unfit::Twin { id: SECOND.to_owned() };
        assert_eq!(added(&["bbbbffff", SECOND, FIRST], &rows), Err(twin));
    }
}
