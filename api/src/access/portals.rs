//! Until when a portal's credential lets in (门户凭据有效期). Each has an end, and a new secret may overlap with the one
//! before it, so that a portal is moved over without a gap.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use entity::portal_client::Model;

use crate::clock::{day_of, shanghai};
use crate::refusal::{Refusal, UserErrorCode};
use crate::secrets::token::ClientSecret;

/// Days that a credential lives unless another end is named.
const USUAL_DAYS: u64 = 365;
/// Most days that it may live.
const MOST_DAYS: u64 = 730;
/// Hours that the former secret goes on beside a new one, unless told otherwise.
pub const USUAL_OVERLAP: i32 = 24;
/// Most hours of such an overlap: thirty days.
const MOST_OVERLAP: i32 = 720;

/// Until when a secret lets in; without an end for those made before credentials had one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until(Option<DateTime<Utc>>);

impl Until {
    /// Whether it has not come yet.
    #[must_use]
    pub fn is_ahead(self, now: DateTime<Utc>) -> bool {
        self.0.is_none_or(|end| now < end)
    }
}

/// Until when this secret of a credential lets in; nothing when it does not let in now.
#[must_use]
pub fn admits(row: &Model, secret: &ClientSecret, now: DateTime<Utc>) -> Option<Until> {
    if row.disabled_at.is_some() {
        return None;
    }
    let present = secret.matches(&row.secret_hash);
    let former = row.former_hash.as_ref().is_some_and(|hash| secret.matches(hash));
    let until = match (present, former) {
        (true, _) => Until(row.expires_at),
        // A former secret always has an end.
        (false, true) => Until(Some(row.former_until?)),
        (false, false) => return None,
    };
    Some(until).filter(|until| until.is_ahead(now))
}

/// Whether the credential's present secret lets in.
#[must_use]
pub fn is_active(row: &Model, now: DateTime<Utc>) -> bool {
    row.disabled_at.is_none() && Until(row.expires_at).is_ahead(now)
}

/// The end of a credential: that of its last day, in the county's time.
///
/// # Errors
/// A refusal of `expiresOn` for a day that is over, or more than two years ahead.
pub fn end_of(last: Option<NaiveDate>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let today = day_of(now);
    let last = last.unwrap_or_else(|| today + Days::new(USUAL_DAYS));
    if last < today || last > today + Days::new(MOST_DAYS) {
        return Err(Refusal::invalid(
            "expiresOn",
            format!("应为今日起 {MOST_DAYS} 天以内的日期"),
            format!("Must be today or a day of the next {MOST_DAYS}"),
        ));
    }
    let midnight = (last + Days::new(1)).and_time(NaiveTime::MIN);
    let end = shanghai().from_local_datetime(&midnight).single();
    end.map(|end| end.with_timezone(&Utc))
        .ok_or_else(|| Refusal::invalid("expiresOn", "不是有效日期", "Not a day of the calendar"))
}

/// Until when the former secret goes on: so many hours, and never beyond its own end.
///
/// # Errors
/// A refusal of `overlapHours` below 0 or above thirty days.
pub fn former_until(row: &Model, hours: i32, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    if !(0..=MOST_OVERLAP).contains(&hours) {
        return Err(Refusal::invalid(
            "overlapHours",
            format!("应为 0 至 {MOST_OVERLAP} 小时"),
            format!("Must be from 0 to {MOST_OVERLAP}"),
        ));
    }
    let end = now + TimeDelta::hours(hours.into());
    Ok(row.expires_at.map_or(end, |own| own.min(end)))
}

/// What has been revoked does not come back.
#[must_use]
pub fn revoked() -> Refusal {
    Refusal::of(
        UserErrorCode::WrongStage,
        "clientId",
        "该凭据已吊销，请新建",
        "This credential was revoked; make a new one",
    )
}

/// Somebody else renewed it in the meantime.
#[must_use]
pub fn renewed() -> Refusal {
    Refusal::of(
        UserErrorCode::StaleVersion,
        "clientId",
        "该凭据刚被他人更换，请刷新后再试",
        "Somebody else has just renewed this credential; read it again",
    )
}

#[cfg(test)]
mod tests {
    use entity::id::{CampaignId, ChannelId, County, PortalClientId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_646_000_000, 0).unwrap() + TimeDelta::hours(hour)
    }

    fn secret(byte: u8) -> ClientSecret {
        ClientSecret::mint([byte; 32])
    }

    /// Ends at hour 10; its former secret at hour 2.
    fn row() -> Model {
        Model {
            county: County::parse("130803").unwrap(),
            id: PortalClientId(Uuid::from_u128(1)),
            campaign: CampaignId(Uuid::from_u128(2)),
            channel: ChannelId(Uuid::from_u128(3)),
            name: "网上信箱".to_owned(),
            secret_hash: secret(1).hash(),
            actions: json!([]),
            disabled_at: None,
            created_at: at(0),
            expires_at: Some(at(10)),
            former_hash: Some(secret(2).hash()),
            former_until: Some(at(2)),
        }
    }

    #[test]
    fn each_of_two_secrets_lets_in_up_to_its_own_end_and_no_other_at_all() {
        let lets_in = |byte, hour| admits(&row(), &secret(byte), at(hour)).is_some();
        assert!(lets_in(1, 9) && !lets_in(1, 10));
        assert!(lets_in(2, 1) && !lets_in(2, 2));
        assert!(!lets_in(3, 1));
        let revoked = Model { disabled_at: Some(at(0)), ..row() };
        assert!(admits(&revoked, &secret(1), at(1)).is_none());
        assert!(admits(&revoked, &secret(2), at(1)).is_none());
    }

    #[test]
    fn a_credential_of_the_days_before_ends_lets_in_until_it_is_renewed_or_revoked() {
        let old = Model { expires_at: None, ..row() };
        assert!(admits(&old, &secret(1), at(100_000)).is_some());
        assert!(is_active(&old, at(100_000)) && !is_active(&row(), at(10)));
    }

    #[test]
    fn the_last_day_is_one_of_the_next_two_years_and_itself_included() {
        let now = at(0);
        let today = day_of(now);
        let end = end_of(Some(today), now).unwrap();
        assert_eq!(day_of(end - TimeDelta::seconds(1)), today);
        assert_eq!(day_of(end), today + Days::new(1));
        let usual = end_of(None, now).unwrap();
        assert_eq!(day_of(usual), today + Days::new(366));
        for wrong in [today - Days::new(1), today + Days::new(731)] {
            assert_eq!(end_of(Some(wrong), now).unwrap_err().field, ["expiresOn"]);
        }
    }

    #[test]
    fn a_former_secret_never_outlives_its_own_end() {
        assert_eq!(former_until(&row(), 4, at(0)).unwrap(), at(4));
        assert_eq!(former_until(&row(), 24, at(0)).unwrap(), at(10));
        assert_eq!(former_until(&row(), 0, at(3)).unwrap(), at(3));
        for wrong in [-1, 721] {
            assert_eq!(former_until(&row(), wrong, at(0)).unwrap_err().field, ["overlapHours"]);
        }
    }
}
