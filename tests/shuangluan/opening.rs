//! 15 October: everybody has the notice, and the first suggestions come in by every way that it names.

use serde_json::{Value, json};

use super::stage::{LEADER, OFFICE, Play, Seat, head, officer};
use crate::support::personas::SHUANGLUAN;

/// Collector, way, class, and the village or the constituency that it speaks of.
const FIRST: [(&str, &str, &str, &str); 29] = [
    ("STS_TOWN", "HOUSEHOLD_VISIT", "ROAD_TRAFFIC", "V0102"),
    ("STS_TOWN", "HOUSEHOLD_VISIT", "URBAN_MANAGEMENT", "V0103"),
    ("LH_TOWN", "HOUSEHOLD_VISIT", "ROAD_TRAFFIC", "V0202"),
    ("LH_TOWN", "SYMPOSIUM", "URBAN_MANAGEMENT", "V0203"),
    ("DM_TOWN", "HOUSEHOLD_VISIT", "ROAD_TRAFFIC", "V0301"),
    ("DM_TOWN", "HOUSEHOLD_VISIT", "HEALTH_CARE", "V0303"),
    ("PQZ_TOWN", "HOUSEHOLD_VISIT", "ROAD_TRAFFIC", "V0401"),
    ("CZZ_TOWNSHIP", "HOUSEHOLD_VISIT", "RURAL_CONSTRUCTION", "V0501"),
    ("XD_TOWNSHIP", "HOUSEHOLD_VISIT", "ROAD_TRAFFIC", "V0601"),
    ("YBS_STREET", "SYMPOSIUM", "COMMUNITY_BUILDING", "V0702"),
    ("GC_STREET", "SURVEY_FORM", "ROAD_TRAFFIC", "V0801"),
    ("XS_STREET", "SURVEY_FORM", "ENVIRONMENT", "V0901"),
    ("BH_STREET", "SURVEY_FORM", "CULTURE", "V1001"),
    ("TX_STREET", "SURVEY_FORM", "HOUSING", "V1101"),
    ("NS_STREET", "SURVEY_FORM", "SOCIAL_SECURITY", "V1201"),
    ("NPC_OFFICE", "SYMPOSIUM", "EDUCATION_SPORTS", "区人大代表"),
    ("NPC_OFFICE", "SURVEY_FORM", "ROAD_TRAFFIC", "区人大代表"),
    ("CPPCC_OFFICE", "SYMPOSIUM", "HEALTH_CARE", "区政协委员"),
    ("ORGANIZATION", "SYMPOSIUM", "COMMUNITY_BUILDING", "区党代表"),
    ("ORGANIZATION", "SYMPOSIUM", "SOCIAL_SECURITY", "离退休老干部"),
    ("UNITED_FRONT", "SYMPOSIUM", "CULTURE", "各民主党派"),
    ("UNITED_FRONT", "SYMPOSIUM", "OTHER", "工商联代表人士"),
    ("UNITED_FRONT", "SYMPOSIUM", "ENVIRONMENT", "党外人士代表"),
    ("INDUSTRY_COMMERCE", "SURVEY_FORM", "OTHER", "民营企业家"),
    ("HOUSING", "SURVEY_FORM", "HOUSING", "保障房住户"),
    ("TRANSPORT", "SURVEY_FORM", "ROAD_TRAFFIC", "公交乘客"),
    ("EDUCATION_SPORTS", "SURVEY_FORM", "EDUCATION_SPORTS", "学生家长"),
    ("HEALTH", "SURVEY_FORM", "HEALTH_CARE", "就诊群众"),
    ("TV_STATION", "TV_HOTLINE", "URBAN_MANAGEMENT", "电视观众"),
];

pub(super) async fn play(play: &Play) {
    acknowledge(play).await;
    play.to("2019-10-15T09:00");
    for (department, channel, class, of) in FIRST {
        let id = enter(play, officer(department), channel, of).await;
        classify(play, officer(department), &id, 1, class).await;
        play.keep(department, id);
    }
    paper_forms(play).await;
    through_portals(play).await;
    left_for_later(play).await;
    nobody_sees_anothers(play).await;
}

/// Whoever the notice is addressed to has it (S01).
async fn acknowledge(play: &Play) {
    let further = ["SUPERVISION_OFFICE", "INFORMATION_CENTRE"];
    for department in super::OWING.into_iter().chain(further) {
        let input = json!({ "campaignId": play.campaign, "idempotencyKey": play.key() });
        let selection = "acknowledgement { department { code } }";
        let payload = play.done(head(department), "campaignAcknowledge", selection, input).await;
        assert_eq!(payload["acknowledgement"]["department"]["code"], department);
    }
}

/// What a clerk writes down; `of` is a village's code or the name of a constituency.
fn words(play: &Play, who: Seat, channel: &str, of: &str) -> Value {
    let of_village = of.starts_with('V');
    let extra = match who.0 {
        "NPC_OFFICE" => json!([{ "key": "delegation", "value": "第一代表团" }]),
        "CPPCC_OFFICE" => json!([{ "key": "sector", "value": "医药卫生" }]),
        _ => json!([]),
    };
    json!({
        "idempotencyKey": play.key(), "channelId": play.id("channel", channel), "title": format!("{of}群众的建议"),
        "content": "群众反映的急难愁盼问题，请列入2020年民心工程。", "urgency": "URGENT", "beneficiaries": 300, "extra": extra,
        "villageId": of_village.then(|| play.id("village", of)), "constituency": (!of_village).then_some(of),
        "name": "居民甲", "phone": "19900000001",
    })
}

pub(super) async fn enter(play: &Play, who: Seat, channel: &str, of: &str) -> Value {
    let input = words(play, who, channel, of);
    let payload =
        play.done(who, "submissionRecord", "submission { id department { code } isLate }", input).await;
    payload["submission"]["id"].clone()
}

pub(super) async fn classify(play: &Play, who: Seat, id: &Value, version: i32, class: &str) {
    let input =
        json!({ "submissionId": id, "expectedVersion": version, "categoryId": play.id("class", class) });
    let payload = play.done(who, "submissionClassify", "submission { stage }", input).await;
    assert_eq!(payload["submission"]["stage"], "CLASSIFIED");
}

/// Ten forms of each of two townships, classified as they are entered; one of them twice, which is taken back.
async fn paper_forms(play: &Play) {
    for (department, village) in [("STS_TOWN", "V0104"), ("XD_TOWNSHIP", "V0604")] {
        for _ in 0..10 {
            let mut input = words(play, officer(department), "SURVEY_FORM", village);
            input["categoryId"] = play.id("class", "ROAD_TRAFFIC");
            let payload =
                play.done(officer(department), "submissionRecord", "submission { id stage }", input).await;
            assert_eq!(payload["submission"]["stage"], "CLASSIFIED");
            play.keep(department, payload["submission"]["id"].clone());
        }
    }
    let input =
        json!({ "submissionId": play.case("STS_TOWN", 12), "expectedVersion": 1, "reason": "重复登记" });
    play.done(officer("STS_TOWN"), "submissionWithdraw", "submission { id }", input).await;
}

/// WeChat by the publicity department's credential, the website with and without one; what names a village goes to its
/// township, everything else to the channel's owner.
async fn through_portals(play: &Play) {
    let administrator = officer("ADMINISTRATOR");
    for (channel, village, owner, class) in [
        ("WECHAT", None, "PUBLICITY", "CULTURE"),
        ("WECHAT", Some("V0204"), "LH_TOWN", "ROAD_TRAFFIC"),
        ("WEBSITE", None, "GOVERNMENT_AFFAIRS", "SOCIAL_SECURITY"),
    ] {
        let input = json!({ "name": "征集专栏", "campaignId": play.campaign, "channelId": play.id("channel", channel), "actions": ["SUBMISSION_SUBMIT"] });
        let made = play.done(administrator, "clientCreate", "credential", input).await;
        let said = json!({ "villageCode": village });
        submit(play, made["credential"].as_str(), said, owner, class).await;
    }
    let to = json!({ "to": { "county": SHUANGLUAN, "campaign": "MXGC-2020", "channel": "WEBSITE" } });
    submit(play, None, to, "GOVERNMENT_AFFAIRS", "HOUSING").await;
}

/// A citizen writes, and the collector finds it in its queue.
async fn submit(play: &Play, token: Option<&str>, further: Value, owner: &'static str, class: &str) {
    let mut input =
        json!({ "idempotencyKey": play.key(), "title": "网上建议", "content": "希望增设健身器材。" });
    input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    let query = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { code stage } userErrors { code } } }";
    let (_, answer) = play.app.graphql(token, query, json!({ "input": input })).await;
    let receipt = &answer["data"]["submissionSubmit"]["receipt"];
    assert_eq!(receipt["stage"], "RECEIVED", "{answer}");
    play.receipts.borrow_mut().push(receipt["code"].as_str().unwrap().to_owned());
    let waiting = "{ submissions(filter: { queue: TO_CLASSIFY }) { nodes { id version } } }";
    let data = play.ask(officer(owner), waiting, json!({})).await;
    let found = data["submissions"]["nodes"].as_array().unwrap().clone();
    assert_eq!(found.len(), 1, "{owner}: {data}");
    classify(play, officer(owner), &found[0]["id"], 1, class).await;
    play.keep(owner, found[0]["id"].clone());
}

/// A committee enters for its township; neither that nor one of the township's own is in a class yet.
async fn left_for_later(play: &Play) {
    let committee = enter(play, officer("COMMITTEE_V0101"), "HOUSEHOLD_VISIT", "V0101").await;
    classify(play, officer("STS_TOWN"), &committee, 1, "RURAL_CONSTRUCTION").await;
    play.keep("STS_TOWN", committee);
    let later = enter(play, officer("STS_TOWN"), "HOUSEHOLD_VISIT", "V0102").await;
    play.keep("STS_TOWN", later);
}

async fn nobody_sees_anothers(play: &Play) {
    for department in super::OWING {
        let own = i64::try_from(play.cases_of(department).len()).unwrap();
        assert_eq!(play.count(officer(department), "submissions").await, own, "{department}");
    }
    let all = i64::try_from(play.cases()).unwrap();
    assert_eq!(all, 55);
    for whole in [OFFICE, LEADER] {
        assert_eq!(play.count(whole, "submissions").await, all);
    }
    let foreign = play.case("LH_TOWN", 1);
    for hidden in ["STS_TOWN", "NPC_OFFICE", "HOUSING", "PUBLICITY"] {
        let seen = play.seen(officer(hidden), "Submission", &foreign, "id").await;
        assert_eq!(seen, Value::Null, "{hidden}");
    }
    play.another_county_sees_nothing().await;
}
