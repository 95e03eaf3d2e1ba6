//! The county that `generate` fills (生成的县): a plan like those of the notices, of any number of townships.

use std::fmt::Write as _;

use super::CATEGORY_NAMES;

/// Villages and communities of each township.
pub(super) const VILLAGES: usize = 12;

/// Codes and names of its channels, and what sort each is.
pub(super) const CHANNELS: [(&str, &str, &str); 12] = [
    ("HOUSEHOLD_VISIT", "入户走访", "VISIT"),
    ("SURVEY_FORM", "意见建议征集表", "SURVEY"),
    ("SYMPOSIUM", "座谈会", "SYMPOSIUM"),
    ("HOTLINE_12345", "12345政务热线", "HOTLINE"),
    ("MAILBOX", "信箱", "MAILBOX"),
    ("MESSAGE_BOARD", "留言板", "MESSAGE_BOARD"),
    ("PETITION_SYSTEM", "信访系统", "PETITION"),
    ("SERVICE_WINDOW", "服务窗口", "SERVICE_WINDOW"),
    ("WECHAT", "微信公众号", "SOCIAL_MEDIA"),
    ("TELEVISION", "电视热线", "TELEVISION"),
    ("WEBSITE", "门户网站", "WEBSITE"),
    ("ACTIVITY", "征集活动", "ACTIVITY"),
];

/// The first of a month, so that the period's 400 days touch as few months as they can.
const OPENS_ON: &str = "2022-01-01";

const HEAD: &str = r#"
[coverage]
denominator = "REGISTERED_HOUSEHOLDS"
visit_without_opinion_counts = true

[[roles]]
code = "TOWNSHIP"
name = "乡镇、街道"
profile = "COLLECTOR"
posts = [{ position = "HEAD", name = "主要负责人" }, { position = "DEPUTY", name = "分管负责人" }, { position = "OFFICER", name = "经办人" }]

[[roles]]
code = "CAMPAIGN_OFFICE"
name = "征集办"
profile = "CAMPAIGN_OFFICE"
posts = [{ position = "HEAD", name = "主任" }, { position = "OFFICER", name = "工作人员" }]

[[roles]]
code = "CALLBACK_OFFICE"
name = "诉求办"
profile = "CALLBACK_OFFICE"
posts = [{ position = "OFFICER", name = "回访员" }]

[[roles]]
code = "LEADERSHIP"
name = "领导小组"
profile = "LEADERSHIP"
posts = [{ position = "HEAD", name = "组长" }, { position = "OFFICER", name = "组员" }]

[[roles]]
code = "ADMINISTRATOR"
name = "系统管理员"
profile = "ADMINISTRATOR"
posts = [{ position = "OFFICER", name = "系统管理员" }]

[[roles]]
code = "AUDITOR"
name = "安全审计员"
profile = "AUDITOR"
posts = [{ position = "OFFICER", name = "安全审计员" }]

[[departments]]
code = "CAMPAIGN_OFFICE"
name = "征集办"
role = "CAMPAIGN_OFFICE"

[[departments]]
code = "CALLBACK_OFFICE"
name = "诉求办"
role = "CALLBACK_OFFICE"

[[departments]]
code = "LEADING_GROUP"
name = "领导小组"
role = "LEADERSHIP"

[[departments]]
code = "ADMINISTRATOR"
name = "系统管理"
role = "ADMINISTRATOR"

[[departments]]
code = "AUDITOR"
name = "安全审计"
role = "AUDITOR"

[[time_limits]]
key = "CLAIM"
name = "认领"
amount = 1
unit = "WORKING_DAYS"

[[time_limits]]
key = "FIRST_ANSWER"
name = "首次回应"
amount = 3
unit = "WORKING_DAYS"

[[time_limits]]
key = "FINISH"
name = "办结"
amount = 10
unit = "WORKING_DAYS"

[[time_limits]]
key = "CALLBACK_TRIES"
name = "回访次数"
amount = 3
unit = "TRIES"

[[clauses]]
code = "G01"
text = "测试数据分布均匀"
check = "generated_distribution"
state = "NOT_MEASURED_YET"
"#;

/// The text of the plan of a county with so many townships; the same county and number give the same text.
#[must_use]
pub fn plan_text(county: &str, townships: usize) -> String {
    let mut text = founding(county);
    text.push_str(HEAD);
    for place in 0..townships {
        township(&mut text, place);
    }
    for (code, name, kind) in CHANNELS {
        let owner = "owner = \"CAMPAIGN_OFFICE\"\nroutes = [\"ENTERING_DEPARTMENT\", \"VILLAGE\"]\nfallback = \"T001\"";
        add(
            &mut text,
            format_args!("[[channels]]\ncode = \"{code}\"\nname = \"{name}\"\nkind = \"{kind}\"\n{owner}\n"),
        );
    }
    for (place, name) in CATEGORY_NAMES.iter().enumerate() {
        add(&mut text, format_args!("[[categories]]\ncode = \"C{:02}\"\nname = \"{name}\"\n", place + 1));
    }
    add(&mut text, format_args!("[[categories]]\ncode = \"OTHER\"\nname = \"其他\"\nother = true\n"));
    text
}

fn founding(county: &str) -> String {
    format!(
        "[county]\ncode = \"{county}\"\nname = \"测试县（{county}）\"\n\n[campaign]\ncode = \"GENERATED\"\n\
         name = \"测试数据征集活动\"\ndocument_number = \"测办〔2022〕1号\"\nissuers = [\"测试县委办公室\"]\n\
         issued_on = {OPENS_ON}\nopens_on = {OPENS_ON}\nhandling = true\nanonymous_submission = true\n\
         public_submission = true\naddressees = [{{ name = \"各乡镇\", roles = [\"TOWNSHIP\"] }}]\n"
    )
}

fn township(text: &mut String, place: usize) {
    let (code, name) = (format!("T{:03}", place + 1), format!("测试{:03}镇", place + 1));
    let default = if place == 0 { "default = true\n" } else { "" };
    add(text, format_args!("[[departments]]\ncode = \"{code}\"\nname = \"{name}\"\nrole = \"TOWNSHIP\"\n"));
    let stream = format!(
        "name = \"{name}居民意见建议\"\ndepartment = \"{code}\"\nconstituencies = [\"辖区居民\"]\n{default}"
    );
    add(text, format_args!("[[streams]]\ncode = \"{code}\"\n{stream}"));
    for village in 0..VILLAGES {
        let (number, kind) = (village + 1, if village < 8 { "VILLAGE" } else { "COMMUNITY" });
        let suffix = if village < 8 { "村" } else { "社区" };
        let facts = format!(
            "name = \"{name}{number}号{suffix}\"\ndepartment = \"{code}\"\nkind = \"{kind}\"\nclass = \"ORDINARY\"\n"
        );
        let households = 200 + (place * 37 + village * 53) % 900;
        add(
            text,
            format_args!(
                "[[villages]]\ncode = \"V{:03}{number:02}\"\n{facts}households = {households}\n",
                place + 1
            ),
        );
    }
}

/// Writing to a text never fails.
fn add(text: &mut String, piece: std::fmt::Arguments<'_>) {
    text.push('\n');
    if text.write_fmt(piece).is_err() {
        text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;

    #[test]
    fn the_plan_of_any_number_of_townships_is_sound() {
        for townships in [1, 40, 300] {
            let plan = Plan::parse("generated", &plan_text("990001", townships))
                .unwrap_or_else(|errors| panic!("{errors:?}"));
            assert_eq!((plan.streams.len(), plan.villages.len()), (townships, townships * VILLAGES));
            assert_eq!(
                (plan.channels.len(), plan.categories.len()),
                (CHANNELS.len(), CATEGORY_NAMES.len() + 1)
            );
        }
    }
}
