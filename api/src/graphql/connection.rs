//! Pages as Relay asks: forward and backward, cursors bound to their caller, order and filter.

use std::sync::Arc;

use async_graphql::SimpleObject;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::context::Request;
use crate::db::{Direction, PageRequest, Place};
use crate::error::ApiError;
use crate::ids::Block;
use crate::secrets::seal::digest::{keyed_hash, keyed_hash_matches};
use crate::secrets::seal::{LookupKeys, Lookups};

/// Rows on a page when none are asked for.
pub const DEFAULT_PAGE: u64 = 20;
/// Rows on a page at most.
pub const MAX_PAGE: u64 = 100;

/// Bytes of a cursor's tag.
const TAG: usize = 32;

/// Stands between binding and body of what is signed: 1 where the body begins with the version of its key, 0 in the
/// cursors that were handed out before versions were named.
const VERSIONED: u8 = 1;
const UNVERSIONED: u8 = 0;

/// Position of a page. 分页信息
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether there is more behind. 有下一页
    pub has_next_page: bool,
    /// Whether there is more in front. 有上一页
    pub has_previous_page: bool,
    /// First cursor. 首游标
    pub start_cursor: Option<String>,
    /// Last cursor. 末游标
    pub end_cursor: Option<String>,
}

/// The four arguments of every connection.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// The first so many.
    pub first: Option<i32>,
    /// Behind this cursor.
    pub after: Option<String>,
    /// The last so many.
    pub last: Option<i32>,
    /// In front of this cursor.
    pub before: Option<String>,
}

/// A row's place in an order: the instant that orders it, and its key.
pub type Position = (DateTime<Utc>, Uuid);

/// Makes and reads cursors for one caller, order and filter.
pub struct Cursors<'r> {
    request: &'r Request,
    binding: String,
}

impl<'r> Cursors<'r> {
    /// `binding` names order and filter; the caller's department is added.
    pub fn new(request: &'r Request, binding: &str) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let binding = format!("{}|{}|{binding}", viewer.county(), viewer.department().0);
        Ok(Self { request, binding })
    }

    /// The cursor of a place.
    #[must_use]
    pub fn encode(&self, (at, key): Position) -> String {
        let mut body = Vec::with_capacity(24 + TAG);
        body.extend(at.timestamp_micros().to_be_bytes());
        body.extend(Block::of(self.request.app.lookups.present()).encrypt(key));
        sealed(&self.request.app.lookups, &self.binding, &body)
    }

    /// The cursor of a place in an order by a rank before the time.
    #[must_use]
    pub fn encode_ranked(&self, rank: i32, (at, key): Position) -> String {
        let lookups = &self.request.app.lookups;
        let mut body = Vec::with_capacity(28 + TAG);
        body.extend(rank.to_be_bytes());
        body.extend(at.timestamp_micros().to_be_bytes());
        body.extend(Block::of(lookups.present()).encrypt(key));
        sealed(lookups, &self.binding, &body)
    }

    /// The cursor of a place in an order by a code that is unique: lists that a plan fills.
    #[must_use]
    pub fn encode_code(&self, code: &str) -> String {
        sealed(&self.request.app.lookups, &self.binding, code.as_bytes())
    }

    /// The cursor of a place in an order by a number that is unique.
    #[must_use]
    pub fn encode_number(&self, number: i64) -> String {
        let body = number.to_be_bytes();
        sealed(&self.request.app.lookups, &self.binding, &body)
    }

    /// The page asked for, or BAD_USER_INPUT: a cursor of another caller, order or filter is refused like a forged one.
    pub fn page(&self, args: &PageArgs, direction: Direction) -> Result<PageRequest, ApiError> {
        page(args, direction, |cursor| {
            let (at, key) = self.decode(cursor)?;
            Some(Place(vec![at.into(), key.into()]))
        })
    }

    /// The same of an order by a rank before the time.
    pub fn page_ranked(&self, args: &PageArgs, direction: Direction) -> Result<PageRequest, ApiError> {
        page(args, direction, |cursor| {
            let (body, keys) = self.open(cursor)?;
            let (rank, rest) = body.split_first_chunk::<4>()?;
            let (at, key) = position(rest, &keys)?;
            Some(Place(vec![i32::from_be_bytes(*rank).into(), at.into(), key.into()]))
        })
    }

    /// The page asked for of an ascending order by a unique code.
    pub fn page_by_code(&self, args: &PageArgs) -> Result<PageRequest, ApiError> {
        page(args, Direction::Ascending, |cursor| {
            let code = String::from_utf8(self.open(cursor)?.0).ok()?;
            Some(Place(vec![code.into()]))
        })
    }

    /// The page asked for of an order by a unique number.
    pub fn page_by_number(&self, args: &PageArgs, direction: Direction) -> Result<PageRequest, ApiError> {
        page(args, direction, |cursor| {
            let number: [u8; 8] = self.open(cursor)?.0.try_into().ok()?;
            Some(Place(vec![i64::from_be_bytes(number).into()]))
        })
    }

    fn decode(&self, cursor: &str) -> Option<Position> {
        let (body, keys) = self.open(cursor)?;
        position(&body, &keys)
    }

    fn open(&self, cursor: &str) -> Option<(Vec<u8>, Arc<LookupKeys>)> {
        opened(&self.request.app.lookups, &self.binding, cursor)
    }
}

fn position(body: &[u8], keys: &LookupKeys) -> Option<Position> {
    let (micros, block) = body.split_first_chunk::<8>()?;
    let key = Block::of(keys).decrypt(block.try_into().ok()?);
    Some((DateTime::from_timestamp_micros(i64::from_be_bytes(*micros))?, key))
}

/// A cursor's text: the version of the key, the body, and the tag over both and the binding.
fn sealed(lookups: &Lookups, binding: &str, body: &[u8]) -> String {
    let keys = lookups.present();
    let mut whole = [&keys.mark()[..], body].concat();
    whole.extend(keyed_hash(&keys.cursors, &signed(binding, VERSIONED, &whole)));
    URL_SAFE_NO_PAD.encode(whole)
}

/// The body of a genuine cursor, and the keys that it was made with.
fn opened(lookups: &Lookups, binding: &str, cursor: &str) -> Option<(Vec<u8>, Arc<LookupKeys>)> {
    let mut whole = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let tag = whole.split_off(whole.len().checked_sub(TAG)?);
    let genuine =
        |keys: &LookupKeys, form| keyed_hash_matches(&keys.cursors, &signed(binding, form, &whole), &tag);
    if let Some((mark, body)) = whole.split_first_chunk()
        && let Some(keys) = lookups.marked(*mark)
        && genuine(&keys, VERSIONED)
    {
        return Some((body.to_vec(), keys));
    }
    let keys = lookups.unnamed();
    genuine(&keys, UNVERSIONED).then_some((whole, keys))
}

fn signed(binding: &str, form: u8, body: &[u8]) -> Vec<u8> {
    [binding.as_bytes(), &[form], body].concat()
}

fn page(
    args: &PageArgs,
    direction: Direction,
    read: impl Fn(&str) -> Option<Place>,
) -> Result<PageRequest, ApiError> {
    let (size, backward) = size(args)?;
    let place = |name: &str, cursor: Option<&String>| {
        let Some(cursor) = cursor else {
            return Ok(None);
        };
        let foreign = || {
            ApiError::bad_input(
                format!("{name} 不是本查询的游标，请从第一页重新开始"),
                format!("{name} is not a cursor of this query; start from its first page"),
            )
        };
        read(cursor).map(Some).ok_or_else(foreign)
    };
    Ok(PageRequest {
        direction,
        size,
        backward,
        after: place("after", args.after.as_ref())?,
        before: place("before", args.before.as_ref())?,
    })
}

fn size(args: &PageArgs) -> Result<(u64, bool), ApiError> {
    let (asked, backward) = match (args.first, args.last) {
        (Some(_), Some(_)) => {
            return Err(ApiError::bad_input("first 与 last 只能给一个", "Give first or last, not both"));
        }
        (None, Some(last)) => (Some(last), true),
        (first, None) => (first, false),
    };
    let Some(asked) = asked else {
        return Ok((DEFAULT_PAGE, backward));
    };
    let valid = u64::try_from(asked).ok().filter(|size| (1..=MAX_PAGE).contains(size));
    let name = if backward { "last" } else { "first" };
    valid.map(|size| (size, backward)).ok_or_else(|| {
        ApiError::bad_input(
            format!("{name} 应为 1 至 {MAX_PAGE}"),
            format!("{name} must be from 1 to {MAX_PAGE}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::secrets::entropy::random;
    use crate::secrets::seal::MasterKey;

    fn keys() -> LookupKeys {
        let text = BASE64_STANDARD.encode(random::<32>());
        MasterKey::from_base64(&text).unwrap().lookup()
    }

    fn body(cursor: &str, binding: &str, lookups: &Lookups) -> Option<Vec<u8>> {
        opened(lookups, binding, cursor).map(|(body, _)| body)
    }

    #[test]
    fn a_cursor_opens_under_its_binding_alone_and_after_its_key_has_changed() {
        let (old, new) = (keys(), keys());
        let before = Lookups::new(old.clone(), Vec::new());
        let cursor = sealed(&before, "list", b"place");
        assert_eq!(body(&cursor, "list", &before).unwrap(), b"place");
        assert_eq!(body(&cursor, "other", &before), None);
        let after = Lookups::new(new.clone(), vec![old]);
        assert_eq!(body(&cursor, "list", &after).unwrap(), b"place");
        assert_eq!(body(&cursor, "list", &Lookups::new(new, Vec::new())), None);
    }

    #[test]
    fn a_cursor_that_names_no_version_opens_with_the_first_key() {
        let (old, new) = (keys(), keys());
        let mut whole = b"place".to_vec();
        whole.extend(keyed_hash(&old.cursors, &signed("list", UNVERSIONED, &whole)));
        let cursor = URL_SAFE_NO_PAD.encode(whole);
        let lookups = Lookups::new(new, vec![old.clone()]);
        assert_eq!(body(&cursor, "list", &lookups), None);
        lookups.learn(Vec::new(), Some(old.id()));
        assert_eq!(body(&cursor, "list", &lookups).unwrap(), b"place");
        assert_eq!(body(&cursor, "other", &lookups), None);
    }
}
