//! The fields of an imported entry, and the headings that mean them.

use std::fmt;

use crate::text::folded;

/// A field of an imported entry. Order is that of the template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Reference of the source (来源编号), unique per channel (H10): the entry's identity, however often it is imported.
    ExternalRef,
    /// Title (标题).
    Title,
    /// Text of the entry (内容).
    Content,
    /// When it was received (收到时间).
    ReceivedAt,
    /// Stream that it belongs to (征集单位): code or name.
    Stream,
    /// Channel by which it came (渠道): code or name.
    Channel,
    /// Class (类别): code or name.
    Category,
    /// Kind (诉求类型).
    Kind,
    /// Village or community (村社区): code or name.
    Village,
    /// Name of the person (姓名); sealed at rest by the caller.
    Name,
    /// Telephone (电话); sealed at rest by the caller.
    Phone,
    /// Address (住址); sealed at rest by the caller.
    Address,
    /// Urgency (紧急程度, S10).
    Urgency,
    /// How many people benefit (受益人数, S10).
    Beneficiaries,
    /// Constituency (界别), code or name (S08).
    Constituency,
    /// Whether the identity is confidential (是否保密).
    Confidential,
    /// Entered for somebody who was met (代录); an export has it.
    OnBehalf,
    /// All extra fields in one cell, each behind its label (附加项); an export has it.
    Further,
    /// An extra field of the stream's form (扩展字段, S26) by its key: letters, digits and `_`.
    Extra(String),
}

/// A field with its name, its heading in the template, and other headings by which it is known.
struct Known {
    field: Field,
    name: &'static str,
    heading: &'static str,
    aliases: &'static [&'static str],
    /// Headings that count where there is no other, and where the cell of the other is empty.
    instead: &'static [&'static str],
}

pub(super) static REQUIRED: [Field; 2] = [Field::ExternalRef, Field::Content];

const EXTRA_PREFIX: &str = "extra.";

#[rustfmt::skip] // One field a line.
static KNOWN: [Known; 18] = [
    known_or(Field::ExternalRef, "external_ref", "来源编号", &["message_id", "id", "reference", "工单号", "工单编号", "留言编号", "外部编号"], &["编号", "number"]),
    known(Field::Title, "title", "标题", &["subject", "主题", "留言主题", "诉求标题"]),
    known(Field::Content, "content", "内容", &["body", "text", "诉求内容", "留言详情", "建议内容", "意见建议", "反映内容"]),
    known(Field::ReceivedAt, "received_at", "收到时间", &["submitted_at", "created_at", "时间", "留言时间", "提交时间", "受理时间", "收到日期", "received"]),
    known_or(Field::Stream, "stream", "征集单位", &["征集流"], &["征集单位", "department", "单位", "归属单位"]),
    known(Field::Channel, "channel", "渠道", &["source", "来源渠道", "反映渠道"]),
    known(Field::Category, "category", "类别", &["class", "分类", "建议类别", "一级标签", "问题类别"]),
    known(Field::Kind, "kind", "诉求类型", &["type", "类型", "性质"]),
    known(Field::Village, "village", "村社区", &["community", "村(社区)", "村/社区", "村、社区", "村（居）", "所在村社区"]),
    known(Field::Name, "name", "姓名", &["反映人", "联系人", "群众姓名", "提出人", "person"]),
    known(Field::Phone, "phone", "电话", &["telephone", "mobile", "tel", "联系电话", "手机", "手机号", "手机号码"]),
    known(Field::Address, "address", "住址", &["地址", "联系地址", "家庭住址"]),
    known(Field::Urgency, "urgency", "紧急程度", &["紧急度", "缓急"]),
    known(Field::Beneficiaries, "beneficiaries", "受益人数", &["受益人口", "涉及人数"]),
    known(Field::Constituency, "constituency", "界别", &["界别选区", "代表团", "选区", "征集对象"]),
    known(Field::Confidential, "confidential", "是否保密", &["保密", "要求保密"]),
    known(Field::OnBehalf, "on_behalf", "代录", &["代为录入"]),
    known(Field::Further, "further", "附加项", &["further fields"]),
];

/// Fields that an export has and a template does not ask for.
const EXPORTED: [Field; 2] = [Field::OnBehalf, Field::Further];

const fn known(
    field: Field,
    name: &'static str,
    heading: &'static str,
    aliases: &'static [&'static str],
) -> Known {
    known_or(field, name, heading, aliases, &[])
}

const fn known_or(
    field: Field,
    name: &'static str,
    heading: &'static str,
    aliases: &'static [&'static str],
    instead: &'static [&'static str],
) -> Known {
    Known { field, name, heading, aliases, instead }
}

impl Known {
    /// Whether a heading means the field, and if so, whether as one that counts instead of the others.
    fn meant_by(&self, heading: &str) -> Option<bool> {
        let is = |names: &[&str]| names.iter().any(|name| compared(name) == heading);
        if is(self.instead) {
            return Some(true);
        }
        (is(&[self.name, self.heading]) || is(self.aliases)).then_some(false)
    }
}

pub(super) fn field_names() -> String {
    let names: Vec<&str> = KNOWN.iter().map(|known| known.name).collect();
    format!("{}, extra.KEY", names.join(", "))
}

impl Field {
    /// The field of a name as the command line has it, for instance `received_at` or `extra.road`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        match name.strip_prefix(EXTRA_PREFIX) {
            Some(key) => is_key(key).then(|| Self::Extra(key.to_owned())),
            None => KNOWN.iter().find(|known| known.name == name).map(|known| known.field.clone()),
        }
    }

    /// The fields with a heading in the template, in its order.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let fields = KNOWN.iter().map(|known| known.field.clone());
        fields.filter(|field| !EXPORTED.contains(field)).collect()
    }

    /// The Chinese heading of the column in the template; an extra field has its name for a heading.
    #[must_use]
    pub fn heading(&self) -> String {
        self.known().map_or_else(|| self.to_string(), |known| known.heading.to_owned())
    }

    /// Whether every entry needs this field.
    #[must_use]
    pub fn is_required(&self) -> bool {
        REQUIRED.contains(self)
    }

    fn known(&self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.field == *self)
    }

    /// The field that a heading means by itself, and whether it counts only instead of other headings.
    pub(super) fn of_heading(heading: &str) -> Option<(Self, bool)> {
        let wanted = compared(heading);
        let known = KNOWN.iter().find_map(|known| Some((known.field.clone(), known.meant_by(&wanted)?)));
        let extra = || Self::parse(heading).filter(|field| field.known().is_none());
        known.or_else(|| Some((extra()?, false)))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.known()) {
            (Self::Extra(key), _) => write!(f, "{EXTRA_PREFIX}{key}"),
            (_, Some(known)) => f.write_str(known.name),
            (_, None) => Ok(()),
        }
    }
}

/// How headings are compared: marks of required columns, spaces, `_` and `-` do not matter.
fn compared(heading: &str) -> String {
    const MARKS: [&str; 6] = ["(必填)", "(选填)", "(可选)", "[必填]", "[选填]", "(必填项)"];
    let plain: String =
        folded(heading).chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '_' | '-')).collect();
    MARKS.iter().fold(plain, |plain, mark| plain.replace(mark, ""))
}

fn is_key(key: &str) -> bool {
    const LONGEST: usize = 40;
    (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_stands_for_two_fields() {
        for known in &KNOWN {
            for heading in [known.name, known.heading].iter().chain(known.aliases).chain(known.instead) {
                let is_instead = known.instead.contains(heading);
                assert_eq!(Field::of_heading(heading), Some((known.field.clone(), is_instead)), "{heading}");
            }
            assert_eq!(Field::parse(known.name), Some(known.field.clone()));
            assert_eq!(known.field.to_string(), known.name);
        }
    }
}
