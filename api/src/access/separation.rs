//! What nobody does alone about accounts (分权): a head signs for a department, an administrator gives posts, an auditor
//! watches both. Making such an account, giving it such a post or setting its password anew needs two entitled persons, and
//! the password is in two halves, one for each of them to hand over: neither of them can sign in with it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::account_request;
use entity::enums::{AccountRequestStatus, Position, RightsProfile};
use uuid::Uuid;

use super::rules::Mandate;
use super::store::Holder;
use crate::refusal::{Refusal, UserErrorCode};
use crate::text::line;

/// How long a request waits for a second person.
pub const REQUEST_LIFETIME: TimeDelta = TimeDelta::days(7);

/// Whether a post of this rank in a department of this profile is one that nobody gives alone.
#[must_use]
pub fn needs_two(profile: RightsProfile, position: Position) -> bool {
    let watches = matches!(profile, RightsProfile::Administrator | RightsProfile::Auditor);
    watches || position == Position::Head
}

/// Whether an account holds such a post.
#[must_use]
pub fn holds_such(holder: &Holder) -> bool {
    let mut posts = holder.posts.iter();
    posts.any(|held| needs_two(held.department.profile, held.post.position))
}

/// Where a request stands: one that nobody decided on in its time has expired.
#[must_use]
pub fn status(request: &account_request::Model, now: DateTime<Utc>) -> AccountRequestStatus {
    match request.status {
        AccountRequestStatus::Open if request.expires_at < now => AccountRequestStatus::Expired,
        status => status,
    }
}

/// Whether a request still waits.
pub fn waits(request: &account_request::Model, now: DateTime<Utc>) -> Result<(), Refusal> {
    if status(request, now) == AccountRequestStatus::Open {
        return Ok(());
    }
    Err(decided())
}

/// Whether somebody may approve: an administrator or the operator, who neither asked nor gets what was asked for.
pub fn approves(request: &account_request::Model, mandate: Mandate, oneself: Uuid) -> Result<(), Refusal> {
    decides(mandate)?;
    if request.requested_by == oneself {
        return Err(not_entitled(
            "申请人不能核准自己的申请，请由另一名管理员或操作员核准",
            "Whoever asked can't approve; another administrator or the operator does",
        ));
    }
    if request.account.is_some_and(|account| account.0 == oneself) {
        return Err(not_entitled(
            "不能核准涉及本人账号的申请",
            "Nobody approves what concerns the own account",
        ));
    }
    Ok(())
}

/// Whether somebody may reject: any administrator, and the operator.
pub fn decides(mandate: Mandate) -> Result<(), Refusal> {
    if mandate == Mandate::County {
        return Ok(());
    }
    Err(not_entitled("由系统管理员或操作员核准", "An administrator or the operator decides"))
}

/// Whether somebody may withdraw a request: whoever asked.
pub fn withdraws(request: &account_request::Model, oneself: Uuid) -> Result<(), Refusal> {
    if request.requested_by == oneself {
        return Ok(());
    }
    Err(not_entitled("只有申请人可以撤回；其他管理员请驳回", "Only whoever asked withdraws; others reject"))
}

/// A reason of 1 to 200 characters.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let text = line(text);
    if (1..=200).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(Refusal::invalid(
        "reason",
        "请填写理由，1 至 200 个字符，不换行",
        "Give a reason of 1 to 200 characters on one line",
    ))
}

/// It was decided on, or its time is over.
#[must_use]
pub fn decided() -> Refusal {
    let (zh, en) = (
        "该申请已办结或已过期，请刷新；如仍需办理，请重新申请",
        "The request was decided on or has expired; reload, and ask anew if it is still needed",
    );
    Refusal::of(UserErrorCode::WrongStage, "requestId", zh, en)
}

/// The same is asked for already.
#[must_use]
pub fn asked_already(field: &str) -> Refusal {
    let (zh, en) = (
        "同一事项已有待核准的申请，请先核准、驳回或撤回",
        "The same waits for approval already; approve, reject or withdraw that first",
    );
    Refusal::of(UserErrorCode::Duplicate, field, zh, en)
}

/// The key of its first half is gone.
#[must_use]
pub fn half_lost() -> Refusal {
    let (zh, en) = (
        "密钥已更换，该申请的前半口令失效，请驳回后重新申请",
        "The keys have changed and the first half of the password is void; reject the request and ask anew",
    );
    Refusal::of(UserErrorCode::WrongStage, "requestId", zh, en)
}

fn not_entitled(zh: &str, en: &str) -> Refusal {
    Refusal::of(UserErrorCode::NotEntitled, "requestId", zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_administrators_and_auditors_need_two_and_others_do_not() {
        use Position::{Deputy, Head, Officer};
        use RightsProfile as P;
        for profile in RightsProfile::ALL {
            assert!(needs_two(*profile, Head), "{profile:?}");
            let watches = matches!(profile, P::Administrator | P::Auditor);
            for rank in [Deputy, Officer] {
                assert_eq!(needs_two(*profile, rank), watches, "{profile:?}");
            }
        }
    }

    #[test]
    fn a_reason_is_words_on_one_line() {
        assert_eq!(reason(" 返岗 ").ok().as_deref(), Some("返岗"));
        assert_eq!(reason("甲\n乙").ok().as_deref(), Some("甲 乙"));
        for wrong in ["", "  ", "\u{200B}", &"甲".repeat(201)] {
            assert!(reason(wrong).is_err(), "{wrong}");
        }
    }
}
