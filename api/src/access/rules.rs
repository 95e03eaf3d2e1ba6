//! What decides about access, without SQL, clock or waiting.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Position, RightsProfile};
use entity::id::{AccountId, DepartmentId};
use entity::{account, session};

use super::store::{Held, Holder};
use crate::app::sessions::Standing;
use crate::refusal::{Message, Refusal, UserErrorCode};
use crate::scope::profiles::{Operation, rights};
use crate::scope::viewer::Viewer;
use crate::secrets::password::PasswordRefusal;
use crate::secrets::token::{AccessClaims, RefreshToken};
use crate::text;

/// How long the token of the turn before still gets the present pair although that has been used: tabs of one browser
/// renew at the same moment, and one is answered first.
pub const SAME_MOMENT: TimeDelta = TimeDelta::seconds(30);

/// How long an account knows an address that it signed in from.
pub const ADDRESS_MEMORY: TimeDelta = TimeDelta::days(30);

/// What a refresh token that was presented leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The pair of the next turn.
    Next,
    /// The pair of the present turn once more.
    Repeat,
    /// It is of an earlier turn: the family ends.
    Reuse,
    /// The session is over; nothing is told.
    Over,
}

/// Whether a session still lets in, whatever token is shown.
#[must_use]
pub fn alive(session: &session::Model, account: &account::Model, now: DateTime<Utc>) -> bool {
    let live = session.ended_at.is_none() && session.expires_at > now;
    let same = session.account == account.id && session.epoch == account.epoch;
    live && same && account.disabled_at.is_none()
}

/// Whether an access token lets in.
#[must_use]
pub fn admits(standing: &Standing, claims: &AccessClaims, now: DateTime<Utc>) -> bool {
    let Standing { session, account, post, department: _ } = standing;
    alive(session, account, now)
        && account.id.0 == claims.account
        && account.epoch == claims.epoch
        && post.account == account.id
        && post.id.0 == claims.post
}

/// Whether an access token proves that the present pair of tokens has arrived, which was not known yet.
#[must_use]
pub fn confirms(session: &session::Model, claims: &AccessClaims) -> bool {
    !session.confirmed && RefreshToken::pair(session.turn) == claims.pair
}

/// What to do with a refresh token that was handed out here. The one before the present is good until the present pair has
/// been used, for the answer may have been lost on the way, and a moment longer, for two may ask at once. An older one is
/// a thief's or its victim's. One with another secret belongs to no session.
#[must_use]
pub fn turn(
    session: &session::Model,
    account: &account::Model,
    token: &RefreshToken,
    now: DateTime<Utc>,
) -> Turn {
    if !alive(session, account, now) {
        return Turn::Over;
    }
    if !token.matches(&session.refresh_hash) {
        return Turn::Over;
    }
    let may_repeat = !session.confirmed || now - session.rotated_at <= SAME_MOMENT;
    match session.turn - token.turn() {
        0 => Turn::Next,
        1 if may_repeat => Turn::Repeat,
        later if later > 0 => Turn::Reuse,
        _ => Turn::Over,
    }
}

/// The operations of whoever has a mandate over accounts.
pub const MANAGING: &[Operation] = &[Operation::AccountManage, Operation::OfficerManage];

/// How far somebody manages accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mandate {
    /// Every account of the county. 系统管理员
    County,
    /// Officers of one department. 本单位经办人
    Officers(DepartmentId),
}

impl Mandate {
    /// What a viewer may manage; nothing for most.
    #[must_use]
    pub fn of(viewer: &Viewer) -> Option<Self> {
        if viewer.may(Operation::AccountManage) {
            return Some(Self::County);
        }
        viewer.may(Operation::OfficerManage).then(|| Self::Officers(viewer.department()))
    }

    /// Whether it covers an account, seen with all of its posts. A head manages who holds officers' posts of the own
    /// department and nothing else: a new password for somebody with a second post would open that one too.
    /// `field` names the input that led to it.
    pub fn covers(self, holder: &Holder, oneself: Option<AccountId>, field: &str) -> Result<(), Refusal> {
        if let Self::Officers(own) = self {
            let officer =
                |held: &Held| held.post.department == own && held.post.position == Position::Officer;
            if holder.account.department != own || !holder.posts.iter().all(officer) {
                return Err(Refusal::not_found(field));
            }
        }
        if oneself == Some(holder.account.id) {
            return Err(Refusal::invalid(
                field,
                "不能对本人账号执行此操作，请由其他管理员办理",
                "Not on your own account; ask another administrator",
            ));
        }
        Ok(())
    }

    /// Whether it may grant or revoke a post.
    pub fn grants(self, department: DepartmentId, position: Position) -> Result<(), Refusal> {
        match self {
            Self::County => Ok(()),
            Self::Officers(own) if department != own => Err(Refusal::not_found("departmentId")),
            Self::Officers(_) if position == Position::Officer => Ok(()),
            Self::Officers(_) => Err(Refusal::invalid(
                "position",
                "单位负责人只能管理经办人岗位，其他职务请联系系统管理员",
                "A department's head manages officers only; ask the administrator for other positions",
            )),
        }
    }
}

/// Which department keeps an account with posts in these departments: the present one as long as it has a post there
/// or none at all, else the first.
#[must_use]
pub fn keeper(present: DepartmentId, posts: &[DepartmentId]) -> DepartmentId {
    match posts.first() {
        Some(first) if !posts.contains(&present) => *first,
        _ => present,
    }
}

/// A login name in its one form: a [`text::reference`] in small letters, 3 to 64 of `a-z 0-9 . _ -`, a letter or digit first.
pub fn login(text: &str) -> Result<String, Refusal> {
    let login = text::reference(text).to_lowercase();
    let fits = login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    let begins = login.starts_with(|first: char| first.is_ascii_alphanumeric());
    if fits && begins && (3..=64).contains(&login.len()) {
        return Ok(login);
    }
    Err(Refusal::invalid(
        "login",
        "账号名应为 3 至 64 个小写字母、数字、点、下划线或短横，并以字母或数字开头",
        "A login has 3 to 64 small letters, digits, dots, underscores or hyphens and begins with a letter or digit",
    ))
}

/// A name shown to colleagues: 1 to 60 characters on one line.
pub fn display_name(text: &str) -> Result<String, Refusal> {
    line("displayName", text, 1, 60)
}

/// A post's duty: at most 100 characters on one line, or nothing.
pub fn duty(text: &str) -> Result<String, Refusal> {
    line("duty", text, 0, 100)
}

/// A portal's name: 1 to 60 characters on one line.
pub fn client_name(text: &str) -> Result<String, Refusal> {
    line("name", text, 1, 60)
}

fn line(field: &str, text: &str, least: usize, most: usize) -> Result<String, Refusal> {
    let text = text::line(text);
    if (least..=most).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(Refusal::invalid(
        field,
        format!("应为 {least} 至 {most} 个字符，且不换行"),
        format!("{least} to {most} characters on one line"),
    ))
}

/// The actions of a portal by name, each once: at least one, none beyond the profile PORTAL.
pub fn client_actions(actions: &[Operation]) -> Result<Vec<&'static str>, Refusal> {
    let allowed = rights(RightsProfile::Portal).operations;
    if actions.is_empty() || !actions.iter().all(|action| allowed.contains(action)) {
        let names = allowed.iter().map(|action| action.name()).collect::<Vec<_>>().join(", ");
        return Err(Refusal::invalid(
            "actions",
            format!("门户可用操作：{names}，至少一项"),
            format!("At least one of what a portal may call: {names}"),
        ));
    }
    let mut names: Vec<&'static str> = actions.iter().map(|action| action.name()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// One answer for every way in which a sign-in can be wrong.
#[must_use]
pub fn wrong_credentials() -> Refusal {
    Refusal::of(
        UserErrorCode::WrongCredentials,
        "",
        "账号或口令不对，或账号不可用；请核对后重试，或联系管理员",
        "Account or password wrong, or the account is not usable; check them, or ask the administrator",
    )
}

/// The old password is not right.
#[must_use]
pub fn wrong_password() -> Refusal {
    Refusal::of(
        UserErrorCode::WrongCredentials,
        "currentPassword",
        "原口令不对",
        "The current password is wrong",
    )
}

/// The new password is the old one.
#[must_use]
pub fn same_password() -> Refusal {
    Refusal::invalid(
        "newPassword",
        "新口令不能与原口令相同",
        "The new password must differ from the current one",
    )
}

/// The session is over, or there never was one: the two look the same.
#[must_use]
pub fn session_ended() -> Refusal {
    Refusal::of(
        UserErrorCode::SessionEnded,
        "",
        "登录已失效，请重新登录",
        "The session has ended; sign in again",
    )
}

/// The login belongs to another account.
#[must_use]
pub fn login_taken() -> Refusal {
    Refusal::of(
        UserErrorCode::Duplicate,
        "login",
        "账号名已被使用，请换一个",
        "The login is taken; choose another",
    )
}

/// The account holds the post already.
#[must_use]
pub fn post_held() -> Refusal {
    Refusal::of(
        UserErrorCode::Duplicate,
        "position",
        "该账号已有此岗位",
        "The account holds this post already",
    )
}

/// A disabled account gets no new password.
#[must_use]
pub fn account_disabled() -> Refusal {
    let (zh, en) = ("账号已停用，不能重置口令", "The account is disabled; its password can't be reset");
    Refusal::of(UserErrorCode::WrongStage, "accountId", zh, en)
}

/// Somebody else changed the account in between.
#[must_use]
pub fn account_changed() -> Refusal {
    let (zh, en) =
        ("账号刚被他人改动，请刷新后重试", "The account was changed by somebody else; reload and try again");
    Refusal::of(UserErrorCode::StaleVersion, "", zh, en)
}

/// A new password that the policy refuses.
#[must_use]
pub fn weak_password(field: &str, refusal: PasswordRefusal) -> Refusal {
    let zh = match refusal {
        PasswordRefusal::TooShort { min } => format!("口令不得少于 {min} 个字符"),
        PasswordRefusal::TooLong { max } => format!("口令不得多于 {max} 个字符"),
        PasswordRefusal::ContainsAccount => "口令不得包含账号名".to_owned(),
        PasswordRefusal::Common => "口令过于常见，请换一个".to_owned(),
        PasswordRefusal::TooFewKinds => "口令须含大写字母、小写字母、数字、其他字符中的至少三类".to_owned(),
    };
    let Message { zh, en } = Message::new(zh, refusal.to_string());
    Refusal::invalid(field, zh, en)
}

#[cfg(test)]
mod tests {
    use entity::id::{County, SessionId};
    use uuid::Uuid;

    use super::*;
    use crate::app::sessions::SESSION_LIFETIME;
    use crate::secrets::token::RefreshKeys;

    fn department(number: u128) -> DepartmentId {
        DepartmentId(Uuid::from_u128(number))
    }

    #[test]
    fn a_login_has_one_form_however_it_is_typed() {
        for typed in ["dafeng-01", " Dafeng-01 ", "ＤＡＦＥＮＧ－０１"] {
            assert_eq!(login(typed).ok().as_deref(), Some("dafeng-01"), "{typed}");
        }
        for wrong in ["", "ab", "-abc", "大风镇", "a b c", "abc\0", &"a".repeat(65)] {
            assert!(login(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_stay_on_one_line() {
        assert_eq!(display_name(" 经办人甲 ").ok().as_deref(), Some("经办人甲"));
        assert!(display_name("").is_err() && display_name("甲\n乙").is_err());
        assert!(display_name(&"甲".repeat(61)).is_err());
        assert_eq!(duty("").ok().as_deref(), Some(""));
    }

    #[test]
    fn an_account_is_kept_where_it_has_a_post() {
        let (a, b) = (department(1), department(2));
        assert_eq!(keeper(a, &[]), a);
        assert_eq!(keeper(a, &[b, a]), a);
        assert_eq!(keeper(a, &[b]), b);
    }

    #[test]
    fn a_head_grants_officers_of_its_own_department_only() {
        let (own, other) = (department(1), department(2));
        let code = |outcome: Result<(), Refusal>| outcome.err().map(|refusal| refusal.code);
        let head = Mandate::Officers(own);
        assert_eq!(code(head.grants(own, Position::Officer)), None);
        assert_eq!(code(head.grants(own, Position::Head)), Some(UserErrorCode::Invalid));
        assert_eq!(code(head.grants(other, Position::Officer)), Some(UserErrorCode::NotFound));
        assert_eq!(code(Mandate::County.grants(other, Position::Head)), None);
    }

    /// A session at its third turn, renewed at this instant, and its account.
    fn renewed(now: DateTime<Utc>, token: &RefreshToken) -> (session::Model, account::Model) {
        let county = token.county().clone();
        let (id, department) = (AccountId(Uuid::from_u128(2)), department(1));
        let session = session::Model {
            county: county.clone(),
            id: token.session(),
            account: id,
            post: Uuid::from_u128(3).into(),
            epoch: 1,
            refresh_hash: token.hash(),
            turn: 2,
            confirmed: true,
            created_at: now,
            rotated_at: now,
            expires_at: now + SESSION_LIFETIME,
            ended_at: None,
            address_hash: None,
        };
        let account = account::Model {
            county,
            id,
            department,
            login: "dafeng-01".to_owned(),
            display_name: "村民甲".to_owned(),
            password_hash: String::new(),
            password_once: false,
            epoch: 1,
            disabled_at: None,
            created_at: now,
        };
        (session, account)
    }

    #[test]
    fn a_token_is_judged_by_its_turn_and_its_secret() {
        let keys = RefreshKeys::new(vec![[1; 32]]);
        let county = County::parse("130803").unwrap();
        let id = SessionId(Uuid::from_u128(5));
        let first = keys.first(county.clone(), id, [7; 32]);
        let now = DateTime::from_timestamp(1_573_790_400, 0).unwrap();
        let (session, account) = renewed(now, &first);
        let judged = |turn, later: i64| {
            let then = now + TimeDelta::seconds(later);
            super::turn(&session, &account, &keys.at(&first, turn), then)
        };
        assert_eq!(judged(2, 0), Turn::Next);
        assert_eq!((judged(1, 30), judged(1, 31)), (Turn::Repeat, Turn::Reuse));
        assert_eq!((judged(0, 0), judged(3, 0)), (Turn::Reuse, Turn::Over));
        assert_eq!(judged(0, 8 * 86_400), Turn::Over, "nothing is left to end");
        let other = keys.first(county, id, [8; 32]);
        for turn in 0..3 {
            let other = keys.at(&other, turn);
            assert_eq!(super::turn(&session, &account, &other, now), Turn::Over);
        }
    }

    #[test]
    fn a_portal_gets_each_action_once_and_none_beyond_its_profile() {
        use Operation::{IdentityReveal, SubmissionSubmit};
        let names = client_actions(&[SubmissionSubmit, SubmissionSubmit]);
        assert_eq!(names.ok(), Some(vec!["SUBMISSION_SUBMIT"]));
        assert!(client_actions(&[]).is_err());
        assert!(client_actions(&[SubmissionSubmit, IdentityReveal]).is_err());
    }
}
