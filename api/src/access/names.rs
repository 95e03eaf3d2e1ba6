//! What accounts, posts and portals may be called (账号名、显示名、职责).

use entity::id::County;

use crate::refusal::Refusal;
use crate::text;

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

/// The login of an account to be made: it begins with the code of its county. So nobody takes names of another county, and
/// nobody learns by trying which are taken there.
pub fn login_of(county: &County, text: &str) -> Result<String, Refusal> {
    let login = login(text)?;
    let rest = login.strip_prefix(county.as_str()).and_then(|rest| rest.strip_prefix('-'));
    if rest.is_some_and(|rest| !rest.is_empty()) {
        return Ok(login);
    }
    Err(Refusal::invalid(
        "login",
        format!("账号名须以本县区代码和短横开头，如 {county}-zhangzhen-01"),
        format!("A login begins with the code of its county and a hyphen, e.g. {county}-zhangzhen-01"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::UserErrorCode;

    #[test]
    fn a_login_has_one_form_however_it_is_typed() {
        for typed in ["dafeng-01", " Dafeng-01 ", "ＤＡＦＥＮＧ－０１"] {
            assert_eq!(login(typed).ok().as_deref(), Some("dafeng-01"), "{typed}");
        }
        for wrong in ["", "ab", "-abc", "大风镇", "a b c", "\0", &"a".repeat(65)] {
            assert!(login(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_new_login_begins_with_its_county_whatever_name_follows() {
        let county = County::parse("341522").unwrap();
        let accepted = |typed: &str| login_of(&county, typed).ok();
        assert_eq!(accepted(" ３４１５２２-Chengguan-01 ").as_deref(), Some("341522-chengguan-01"));
        for wrong in
            ["chengguan-01", "130803-leading_group-head", "341522", "341522-", "341522chengguan", "3415220-a"]
        {
            let refusal = login_of(&county, wrong).unwrap_err();
            assert_eq!(
                (refusal.code, refusal.field),
                (UserErrorCode::Invalid, vec!["login".to_owned()]),
                "{wrong}"
            );
        }
    }

    #[test]
    fn names_stay_on_one_line() {
        assert_eq!(display_name(" 经办人甲 ").ok().as_deref(), Some("经办人甲"));
        assert_eq!(display_name("甲\n乙").ok().as_deref(), Some("甲 乙"));
        assert!(display_name("").is_err() && display_name("\u{200B}").is_err());
        assert!(display_name(&"甲".repeat(61)).is_err());
        assert_eq!(duty("").ok().as_deref(), Some(""));
    }
}
