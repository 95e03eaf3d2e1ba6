//! Every kind of error, with the field and the line where it stands.
//!
//! Each case replaces a piece of a sound plan; the line that the error must name carries the mark `#!`.

use super::*;

/// The errors of the third county's plan with one piece replaced.
fn errors(old: &str, new: &str) -> (String, Vec<PlanError>) {
    let text = with(THIRD, old, new);
    let errors = Plan::parse("third.toml", &text).unwrap_err();
    (text, errors)
}

/// Exactly one error: this code at this field, on the marked line.
fn one(old: &str, new: &str, code: &str, field: &str) {
    one_in(&with(THIRD, old, new), code, field);
}

fn one_in(text: &str, code: &str, field: &str) {
    let errors = Plan::parse("third.toml", text).unwrap_err();
    let found: Vec<_> = errors.iter().map(|error| (error.code.as_str(), error.field.as_str())).collect();
    assert_eq!(found, [(code, field)], "{errors:?}");
    let marked = text.lines().position(|line| line.contains("#!")).unwrap() + 1;
    assert_eq!(errors[0].line, marked, "{}", errors[0]);
    assert!(!errors[0].reason.is_empty() && !errors[0].reason_zh.is_empty());
}

#[test]
fn syntax() {
    one("name = \"示例县\"", "name = 示例县 #!", "SYNTAX", "plan");
}

#[test]
fn unknown_fields() {
    one("[county]", "[county]\nmayor = 1 #!", "UNKNOWN_FIELD", "county.mayor");
    one("code = \"A1\"\n", "code = \"A1\"\ncolour = 1 #!\n", "UNKNOWN_FIELD", "departments[0].colour");
    one("[[tasks]]\n", "[[sections]] #!\n[[tasks]]\n", "UNKNOWN_FIELD", "sections");
}

#[test]
fn missing_fields_stand_at_the_head_of_their_table() {
    one("[[roles]]\ncode = \"CAMPAIGN_OFFICE\"", "[[roles]] #!", "MISSING_FIELD", "roles[3].code");
    one("[county]\ncode = \"999999\"", "[county] #!", "MISSING_FIELD", "county.code");
    let channel = "[[channels]]\ncode = \"EXTRA\"\nname = \"渠道\"\nkind = \"MAILBOX\"\nowner = \"OFFICE\"\n";
    let marked = format!("{}\n[[tasks]]", channel.replace("[[channels]]", "[[channels]] #!"));
    one("[[tasks]]", &marked, "MISSING_FIELD", "channels[0].fallback");
}

#[test]
fn values_of_another_type_or_outside_a_closed_list() {
    one("percent = 95", "percent = \"95\" #!", "WRONG_VALUE", "coverage_targets[0].percent");
    one("percent = 95", "percent = 300 #!", "WRONG_VALUE", "coverage_targets[0].percent");
    one("weekday = \"FRIDAY\"", "weekday = \"FRITAG\" #!", "WRONG_VALUE", "due_dates[0].weekday");
    one("profile = \"AUDITOR\"", "profile = \"KING\" #!", "WRONG_VALUE", "roles[6].profile");
    one("opens_on = 2019-01-02", "opens_on = \"2019-01-02\" #!", "WRONG_VALUE", "campaign.opens_on");
    one("opens_on = 2019-01-02", "opens_on = 2019-01-02T08:00:00 #!", "WRONG_VALUE", "campaign.opens_on");
}

#[test]
fn values_that_cannot_stand_together() {
    one("profile = \"AUDITOR\"", "profile = \"PORTAL\" #!", "WRONG_VALUE", "roles[6].profile");
    one("unit = \"WORKING_DAYS\"", "unit = \"TRIES\" #!", "WRONG_VALUE", "time_limits[0].unit");
    let choices = "kind = \"CHOICE\"\nchoices = [\"农\", \"工\"]";
    let number = "kind = \"NUMBER\"\nchoices = [\"农\", \"工\"] #!";
    one(choices, number, "WRONG_VALUE", "streams[0].fields[0].choices");
    let length = "kind = \"NUMBER\"\nmax_length = 5 #!";
    one(choices, length, "WRONG_VALUE", "streams[0].fields[0].max_length");
}

#[test]
fn codes_that_are_not_well_formed() {
    for code in ["9999", "130800", "13080A", "030101", "1308033"] {
        one("code = \"999999\"", &format!("code = \"{code}\" #!"), "BAD_COUNTY_CODE", "county.code");
    }
    for code in ["slx", "SLX 2020", "-SLX", "", "SLX-2020-2021-2022-2023-2024-2025"] {
        one("code = \"SLX-2020\"", &format!("code = \"{code}\" #!"), "BAD_CODE", "campaign.code");
    }
    one("check = \"submission_intake\"", "check = \"\" #!", "BAD_CODE", "clauses[0].check");
    one("key = \"trade\"", "key = \"Trade\" #!", "BAD_CODE", "streams[0].fields[0].key");
}

#[test]
fn texts_that_are_empty_or_too_long() {
    one("name = \"示例县\"", "name = \" \" #!", "EMPTY", "county.name");
    one("name = \"示例县\"", "name = \"\u{200B}\u{3164}\" #!", "EMPTY", "county.name");
    one("name = \"示例县\"", &format!("name = \"{}\" #!", "县".repeat(101)), "TOO_LONG", "county.name");
    one("issuers = [\"示例县委办公室\"]", "issuers = [] #!", "EMPTY", "campaign.issuers");
    one("duties = [\"领导\"]", "duties = [\"\"] #!", "EMPTY", "groups[0].duties[0]");
}

#[test]
fn numbers_out_of_range() {
    one("households = 100", "households = 0 #!", "OUT_OF_RANGE", "villages[0].households");
    one("percent = 95", "percent = 101 #!", "OUT_OF_RANGE", "coverage_targets[0].percent");
    one("amount = 10", "amount = 0 #!", "OUT_OF_RANGE", "time_limits[0].amount");
    one("weekday = \"FRIDAY\"", "month_day = 31 #!", "OUT_OF_RANGE", "due_dates[0].month_day");
}

#[test]
fn the_same_code_twice() {
    let second = "[[tasks]]\ncode = \"COLLECT\" #!\ntext = \"再征集\"\ndepartments = [\"A3\"]\n\n[[streams]]";
    one("[[streams]]", second, "DUPLICATE", "tasks[1].code");
    let target =
        "[[coverage_targets]]\nclass = \"ENVIRONMENT_SCHEME\" #!\nnumerator = \"REACHED\"\npercent = 90\n\n";
    one("[[due_dates]]", &format!("{target}[[due_dates]]"), "DUPLICATE", "coverage_targets[1].class");
    one("[\"A1\", \"A2\"]", "[\"A1\", \"A1\"] #!", "DUPLICATE", "tasks[0].departments[1]");
}

#[test]
fn references_to_nothing() {
    let roles = "state = \"MEASURED\"\nroles = [\"NOBODY\"] #!";
    one("state = \"MEASURED\"", roles, "UNKNOWN_REFERENCE", "clauses[0].roles[0]");
    one("role = \"AUDITOR\"", "role = \"SPY\" #!", "UNKNOWN_REFERENCE", "departments[13].role");
    one("parent = \"A1\"", "parent = \"A0\" #!", "UNKNOWN_REFERENCE", "departments[14].parent");
    one("owner = \"OFFICE\"", "owner = \"NOBODY\" #!", "UNKNOWN_REFERENCE", "channels[0].owner");
    one("fallback = \"MAILBOX\"", "fallback = \"NONE\" #!", "UNKNOWN_REFERENCE", "channels[0].fallback");
    one(
        "default_stream = \"MAILBOX\"",
        "default_stream = \"M\" #!",
        "UNKNOWN_REFERENCE",
        "import.default_stream",
    );
    one("[\"A1\", \"A2\"]", "[\n\"A1\",\n\"A0\" #!\n]", "UNKNOWN_REFERENCE", "tasks[0].departments[1]");
    let field = "campaign.addressees[0].roles[0]";
    one("roles = [\"TOWNSHIP\"] }]", "roles = [\"TOWN\"] }] #!", "UNKNOWN_REFERENCE", field);
}

#[test]
fn references_that_cannot_stand_where_they_do() {
    let stream = "[[streams]]\ncode = \"AUDIT\"\nname = \"审计\"\ndepartment = \"AUDIT\" #!\nconstituencies = [\"某\"]\n\n";
    one("[[streams]]", &format!("{stream}[[streams]]"), "WRONG_REFERENCE", "streams[0].department");
    let village = "[[villages]]\ncode = \"V2\"\nname = \"村\"\ndepartment = \"AUDIT\" #!\nkind = \"VILLAGE\"\nclass = \"ORDINARY\"\nhouseholds = 1\n\n";
    one("[[villages]]", &format!("{village}[[villages]]"), "WRONG_REFERENCE", "villages[0].department");
    one("parent = \"A1\"", "parent = \"A2\" #!", "WRONG_REFERENCE", "departments[14].parent");
    let (owner, other) = ("owner = \"OFFICE\"\n", "owner = \"A7\"\n");
    let routes = "routes = [\"ENTERING_DEPARTMENT\", \"VILLAGE\"]\n";
    let old = format!("{owner}{routes}fallback = \"MAILBOX\"");
    one(
        &old,
        &format!("{other}{routes}fallback = \"MAILBOX\" #!"),
        "WRONG_REFERENCE",
        "channels[0].fallback",
    );
}

#[test]
fn dates_in_the_wrong_order() {
    one("closes_on = 2020-12-31", "closes_on = 2018-12-31 #!", "DATES_REVERSED", "campaign.closes_on");
    one("weekday = \"FRIDAY\"", "on = 2018-01-01 #!", "DATES_REVERSED", "due_dates[0].on");
    let clause = "state = \"MEASURED\"\ndue_on = 2018-01-01 #!";
    one("state = \"MEASURED\"", clause, "DATES_REVERSED", "clauses[0].due_on");
}

#[test]
fn exactly_one_default_stream_and_one_class_other() {
    let none = with(THIRD, "default = true\n", "");
    one_in(&with(&none, "[[streams]]", "[[streams]] #!"), "DEFAULT_STREAM", "streams");
    let second = with(THIRD, "default = true", "default = true #!");
    let second =
        with(&second, "constituencies = [\"辖区居民\"]", "constituencies = [\"辖区居民\"]\ndefault = true");
    one_in(&second, "DEFAULT_STREAM", "streams[9].default");
    let none = with(THIRD, "other = true\n", "");
    one_in(&with(&none, "[[categories]]", "[[categories]] #!"), "OTHER_CATEGORY", "categories");
    let second = with(THIRD, "other = true", "other = true #!");
    one_in(
        &with(&second, "name = \"道路交通\"", "name = \"道路交通\"\nother = true"),
        "OTHER_CATEGORY",
        "categories[1].other",
    );
}

#[test]
fn exactly_one_of_the_days_of_a_due_date() {
    one("[[due_dates]]", "[[due_dates]] #!\nmonth_day = 1", "EXACTLY_ONE", "due_dates[0]");
    let none = with(THIRD, "weekday = \"FRIDAY\"\n", "");
    one_in(&with(&none, "[[due_dates]]", "[[due_dates]] #!"), "EXACTLY_ONE", "due_dates[0]");
}

#[test]
fn what_another_part_of_the_plan_needs() {
    let department =
        "[[departments]] #!\ncode = \"B1\"\nname = \"B1乡\"\nrole = \"TOWNSHIP\"\n\n[[departments]]";
    one("[[departments]]", department, "INCOMPLETE", "departments[0]");
    let field = "villages[0].resident_households";
    let (text, errors) = errors("REGISTERED_HOUSEHOLDS", "RESIDENT_HOUSEHOLDS");
    assert_eq!((errors[0].code, errors[0].field.as_str()), (PlanErrorCode::Incomplete, field));
    // A field that is not there stands at the head of its table.
    assert_eq!(text.lines().nth(errors[0].line - 1), Some("[[villages]]"));
}

#[test]
fn handling_needs_its_clocks_and_someone_who_calls_back() {
    let (_, errors) = errors("handling = false", "handling = true");
    let missing: Vec<_> = errors.iter().map(|error| error.reason.rsplit(' ').next().unwrap()).collect();
    assert_eq!(missing, ["CLAIM", "FIRST_ANSWER", "CALLBACK_TRIES", "CALLBACK_OFFICE"]);
    assert!(errors.iter().all(|error| error.field == "campaign.handling"));
}

#[test]
fn a_summary_table_needs_a_deputy_or_a_head_who_reviews_and_a_head_who_signs() {
    let table = "[[due_dates]]\nkey = \"TABLE\"\nname = \"汇总表\"\nkind = \"SUMMARY_TABLE\"\non = 2020-11-15\nowed_by = [\"GOVERNMENT_AFFAIRS\"]\n";
    let wanting = with(THIRD, "[[due_dates]]", &format!("{table}\n[[due_dates]]"));
    let posts = |text: &str, posts: &str| {
        let role = "profile = \"CHANNEL_OWNER\"\nposts = ";
        let former =
            "[{ position = \"HEAD\", name = \"负责人\" }, { position = \"OFFICER\", name = \"经办人\" }]";
        with(
            text,
            &format!("{role}{former}"),
            &format!("{role}[{posts}{{ position = \"OFFICER\", name = \"经办人\" }}]"),
        )
    };
    let (head, deputy) =
        ("{ position = \"HEAD\", name = \"负责人\" }, ", "{ position = \"DEPUTY\", name = \"副职\" }, ");
    let missing = |text: &str| -> Vec<String> {
        let errors = Plan::parse("third.toml", text).err().unwrap_or_default();
        assert!(errors.iter().all(|error| error.code == PlanErrorCode::Incomplete), "{errors:?}");
        let post = |error: &PlanError| {
            error.reason.split(' ').find(|word| ["HEAD", "DEPUTY"].contains(word)).unwrap().to_owned()
        };
        errors.iter().map(post).collect()
    };
    assert_eq!(missing(&wanting), ["DEPUTY"]);
    assert_eq!(missing(&posts(&wanting, &format!("{head}{deputy}"))), [""; 0]);
    let says = with(
        &wanting,
        "owed_by = [\"GOVERNMENT_AFFAIRS\"]\n",
        "owed_by = [\"GOVERNMENT_AFFAIRS\"]\nhead_reviews = true\n",
    );
    assert_eq!(missing(&says), [""; 0]);
    assert_eq!(missing(&posts(&says, "")), ["HEAD"]);
    assert_eq!(missing(&posts(&wanting, "")), ["HEAD", "DEPUTY"]);
    one(
        "weekday = \"FRIDAY\"",
        "weekday = \"FRIDAY\"\nhead_reviews = true #!",
        "WRONG_VALUE",
        "due_dates[0].head_reviews",
    );
}

#[test]
fn a_pattern_that_is_none() {
    one("find = \"(A[1-9])(?:[^0-9]|$)\"", "find = \"(A[1-9]\" #!", "BAD_PATTERN", "import.routes[0].find");
}

#[test]
fn all_elements_of_bad_shape_are_reported_at_once() {
    let text = with(THIRD, "role = \"TOWNSHIP\"", "rolle = \"TOWNSHIP\"");
    let text = with(&text, "profile = \"AUDITOR\"", "profile = \"KING\"");
    let text = with(&text, "households = 100", "households = \"100\"");
    let errors = Plan::parse("third.toml", &text).unwrap_err();
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    let expected =
        ["roles[6].profile", "departments[0].role", "departments[0].rolle", "villages[0].households"];
    assert_eq!(fields, expected);
}

#[test]
fn all_errors_of_sense_are_reported_at_once_in_the_order_of_the_file() {
    let text = with(THIRD, "households = 100", "households = 0");
    let text = with(&text, "code = \"999999\"", "code = \"1\"");
    let text = with(&text, "role = \"AUDITOR\"", "role = \"SPY\"");
    let text = with(&text, "other = true", "other = false");
    let errors = Plan::parse("third.toml", &text).unwrap_err();
    let codes: Vec<_> = errors.iter().map(|error| error.code.as_str()).collect();
    assert_eq!(codes, ["BAD_COUNTY_CODE", "UNKNOWN_REFERENCE", "OTHER_CATEGORY", "OUT_OF_RANGE"]);
    assert_eq!(
        errors[0].to_string().split(' ').take(2).collect::<Vec<_>>(),
        ["third.toml:4:8", "county.code:"]
    );
}

#[test]
fn a_slip_of_the_pen_is_told_with_what_may_be_meant() {
    for (old, new, meant) in [
        ("profile = \"AUDITOR\"", "profile = \"AUDITR\"", "AUDITOR"),
        ("percent = 95", "percnt = 95", "percent"),
        ("role = \"AUDITOR\"", "role = \"AUDITER\"", "AUDITOR"),
    ] {
        let (_, errors) = errors(old, new);
        let said = errors.iter().any(|error| error.reason.ends_with(&format!("; did you mean {meant}?")));
        let said_zh =
            errors.iter().any(|error| error.reason_zh.ends_with(&format!("；是否想输入 {meant}？")));
        assert!(said && said_zh, "{errors:?}");
    }
    let (_, errors) = errors("profile = \"AUDITOR\"", "profile = \"KING\"");
    assert!(!errors[0].reason.contains("did you mean"), "{errors:?}");
}
