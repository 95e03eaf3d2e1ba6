//! What a person wants to say, before it is taken in; and the checks that every way in shares.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{SubmissionKind, Urgency};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::unsaid::{is_no_number, names_nobody, says_nothing};
use crate::plan::{FieldKind, FormField};
use crate::refusal::Refusal;
use crate::secrets::seal::{Telephone, names_in};
use crate::text::{line, passage};

/// Longest title, in characters.
pub const TITLE: usize = 200;
/// Longest text, in characters.
pub const CONTENT: usize = 10_000;
/// Longest name, in characters.
pub const NAME: usize = 100;
/// Longest address, in characters.
pub const ADDRESS: usize = 200;
/// Most people a suggestion can claim to help: more than any county has.
pub const MOST_BENEFICIARIES: u32 = 5_000_000;
/// How far ahead the clock of whoever sends may be.
const AHEAD: TimeDelta = TimeDelta::minutes(1);

/// The words and facts of one suggestion, whatever way it comes in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// Title. 标题
    pub title: String,
    /// Text. 内容
    pub content: String,
    /// What the person wants. 诉求类型
    pub kind: SubmissionKind,
    /// How urgent. 紧急程度
    pub urgency: Urgency,
    /// How many would benefit. 受益人数
    pub beneficiaries: Option<i32>,
    /// Group of people it speaks for. 征集对象
    pub constituency: Option<String>,
    /// Identity never shown. 保密
    pub confidential: bool,
    /// Entered for someone met on a visit. 代录
    pub on_behalf: bool,
    /// When it was received; now unless said otherwise. 收到时间
    pub received_at: Option<DateTime<Utc>>,
    /// Name. 姓名
    pub name: Option<String>,
    /// Telephone. 电话
    pub phone: Option<String>,
    /// Address. 住址
    pub address: Option<String>,
    /// Extra fields of the stream's form. 附加项
    pub extra: Map<String, Json>,
}

/// When it was received: now unless said otherwise, or said by a clock that is a little ahead. What lies further ahead is
/// left for [`Draft::refusals`].
#[must_use]
pub fn received(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    at.filter(|at| *at <= now || *at > now + AHEAD).unwrap_or(now)
}

/// What a stream's form asks beyond the common core.
pub struct Form<'a> {
    /// Whom the stream hears.
    pub constituencies: &'a [String],
    /// Its extra fields.
    pub fields: &'a [FormField],
    /// Whether a name may be left out; collectors may always leave it out.
    pub anonymous: bool,
}

impl Draft {
    /// Drops what nobody sees or leaves at the ends, what is empty, and words that say that nothing is said: 无, /, 匿名.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.title = line(&self.title);
        self.content = passage(&self.content);
        let said = |text: Option<String>, is_nothing: fn(&str) -> bool| {
            text.map(|text| line(&text)).filter(|text| !is_nothing(text))
        };
        self.name = said(self.name, names_nobody);
        self.phone = said(self.phone, is_no_number);
        self.address = said(self.address, says_nothing);
        self.constituency = said(self.constituency, says_nothing);
        for value in self.extra.values_mut() {
            if let Json::String(text) = value {
                *text = passage(text);
            }
        }
        self
    }

    /// Whether somebody stands behind it.
    #[must_use]
    pub fn names_somebody(&self) -> bool {
        self.name.is_some() || self.phone.is_some() || self.address.is_some()
    }

    /// Whether its texts hold somebody's name.
    #[must_use]
    pub fn holds(&self, name: Option<&str>) -> bool {
        let extra = self.extra.values().filter_map(Json::as_str);
        let mut texts = [&*self.title, &*self.content].into_iter().chain(extra);
        name.is_some_and(|name| texts.any(|text| names_in(text, name)))
    }

    /// Everything that is wrong with it, all at once; `now` bounds the time of receipt.
    #[must_use]
    pub fn refusals(&self, form: &Form<'_>, now: DateTime<Utc>) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        length(&mut refusals, "title", "标题", &self.title, 1, TITLE);
        length(&mut refusals, "content", "内容", &self.content, 1, CONTENT);
        let person = [("name", "姓名", &self.name, NAME), ("address", "住址", &self.address, ADDRESS)];
        for (field, label, text, most) in person {
            length(&mut refusals, field, label, text.as_deref().unwrap_or("x"), 1, most);
        }
        self.check_person(form, &mut refusals);
        self.check_facts(form, now, &mut refusals);
        check_extra(form.fields, &self.extra, &mut refusals);
        refusals
    }

    fn check_person(&self, form: &Form<'_>, refusals: &mut Vec<Refusal>) {
        if let Some(phone) = &self.phone
            && Telephone::parse(phone).is_err()
        {
            refusals.push(Refusal::invalid("phone", "电话号码格式不对", "Not a telephone number"));
        }
        if !form.anonymous && self.name.is_none() {
            let (zh, en) = ("本活动须实名，请填写姓名", "This campaign asks for a name");
            refusals.push(Refusal::invalid("name", zh, en));
        }
    }

    fn check_facts(&self, form: &Form<'_>, now: DateTime<Utc>, refusals: &mut Vec<Refusal>) {
        let fits = |count: i32| u32::try_from(count).is_ok_and(|count| count <= MOST_BENEFICIARIES);
        if self.beneficiaries.is_some_and(|count| !fits(count)) {
            refusals.push(Refusal::invalid(
                "beneficiaries",
                format!("受益人数应为 0 至 {MOST_BENEFICIARIES}"),
                format!("Must be from 0 to {MOST_BENEFICIARIES}"),
            ));
        }
        if self.received_at.is_some_and(|at| at > now + AHEAD) {
            refusals.push(Refusal::invalid("receivedAt", "收到时间不能在将来", "Must not lie in the future"));
        }
        if let Some(constituency) = &self.constituency
            && !form.constituencies.contains(constituency)
        {
            let known = form.constituencies.join("、");
            refusals.push(Refusal::invalid(
                "constituency",
                format!("征集对象应为：{known}"),
                format!("Must be one of: {known}"),
            ));
        }
    }
}

fn length(refusals: &mut Vec<Refusal>, field: &str, label: &str, text: &str, least: usize, most: usize) {
    let count = text.chars().count();
    if (least..=most).contains(&count) {
        return;
    }
    refusals.push(Refusal::invalid(
        field,
        format!("{label}应为 {least} 至 {most} 个字，现有 {count} 个"),
        format!("Must have {least} to {most} characters, has {count}"),
    ));
}

fn check_extra(fields: &[FormField], extra: &Map<String, Json>, refusals: &mut Vec<Refusal>) {
    for key in extra.keys().filter(|key| !fields.iter().any(|field| field.key == **key)) {
        refusals.push(Refusal::invalid(
            &format!("extra.{key}"),
            "表单没有此项",
            "The stream's form has no such field",
        ));
    }
    for field in fields {
        let value = extra.get(&field.key).filter(|value| !value.is_null() && value.as_str() != Some(""));
        let path = format!("extra.{}", field.key);
        match value {
            None if field.required => {
                refusals.push(Refusal::invalid(&path, format!("请填写{}", field.label), "Required"));
            }
            None => {}
            Some(value) if fits(field, value) => {}
            Some(_) => {
                let zh = format!("{}的格式不对", field.label);
                refusals.push(Refusal::invalid(&path, zh, "Not of the kind that the form asks for"));
            }
        }
    }
}

/// Values come as text, as forms send them.
fn fits(field: &FormField, value: &Json) -> bool {
    let Some(text) = value.as_str() else {
        return false;
    };
    let most = field.max_length.map_or(1_000, |most| most as usize);
    let sound = match field.kind {
        FieldKind::Text => true,
        FieldKind::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        FieldKind::Date => chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        FieldKind::Choice => field.choices.iter().any(|choice| choice == text),
        FieldKind::Boolean => matches!(text, "true" | "false"),
    };
    sound && text.chars().count() <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_a_little_ahead_means_now() {
        let now = DateTime::from_timestamp(1_650_000_000, 0).unwrap();
        let seconds = |seconds: i64| Some(now + TimeDelta::seconds(seconds));
        assert_eq!(received(None, now), now);
        assert_eq!(received(seconds(-5), now), now - TimeDelta::seconds(5));
        assert_eq!(received(seconds(2), now), now);
        assert_eq!(received(seconds(60), now), now);
        // Further ahead it is no clock that goes wrong, and the draft is refused.
        assert_eq!(Some(received(seconds(61), now)), seconds(61));
    }
}
