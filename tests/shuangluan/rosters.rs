//! 18 October: who is responsible, who carries it out, whom to call (S16, S17). Luanhe is a day late, the culture bureau
//! never hands in.

use serde_json::{Value, json};

use super::OWING;
use super::stage::{LEADER, OFFICE, Play, officer};

pub(super) const LATE: &str = "LH_TOWN";
pub(super) const MISSING: &str = "CULTURE_TOURISM";

pub(super) async fn play(play: &Play) {
    play.to("2019-10-18T15:00");
    for department in OWING {
        if ![LATE, MISSING].contains(&department) {
            hand_in(play, department).await;
        }
    }
    play.to("2019-10-19T09:00");
    hand_in(play, LATE).await;
    statuses(play).await;
}

async fn hand_in(play: &Play, department: &'static str) {
    let lines = json!([
        { "position": "HEAD", "name": "主要负责人甲", "duty": "第一责任人" },
        { "position": "DEPUTY", "name": "分管负责人乙", "duty": "具体责任人", "contact": "0314-4040401" },
        { "position": "OFFICER", "name": "联系人丙", "contact": "0314-4040402" },
    ]);
    let input = json!({ "idempotencyKey": play.key(), "campaignId": play.campaign, "lines": lines });
    let payload = play.done(officer(department), "rosterSubmit", "roster { version }", input).await;
    assert_eq!(payload["roster"]["version"], 1);
}

async fn statuses(play: &Play) {
    let query = "query ($id: ID!) { rosterStatus(campaignId: $id) { department { code } dueOn timeliness isComplete roster { lines { contact } } } }";
    let variables = json!({ "id": play.campaign });
    let data = play.ask(OFFICE, query, variables.clone()).await;
    let rows = data["rosterStatus"].as_array().unwrap();
    assert_eq!(rows.len(), OWING.len());
    for row in rows {
        let code = row["department"]["code"].as_str().unwrap();
        let wanted = match code {
            LATE => ("LATE", true),
            MISSING => ("MISSING", false),
            _ => ("ON_TIME", true),
        };
        assert_eq!((&row["timeliness"], &row["isComplete"]), (&json!(wanted.0), &json!(wanted.1)), "{code}");
        assert_eq!(row["dueOn"], "2019-10-18");
    }
    // A department learns of itself alone, and the leaders read no telephone.
    let own = play.ask(officer(LATE), query, variables.clone()).await;
    let own = own["rosterStatus"].as_array().unwrap();
    assert_eq!((own.len(), &own[0]["department"]["code"]), (1, &json!(LATE)));
    let led = play.ask(LEADER, query, variables).await;
    let contacts = led["rosterStatus"].as_array().unwrap().iter();
    let mut lines = contacts.flat_map(|row| row["roster"]["lines"].as_array().cloned().unwrap_or_default());
    assert!(lines.all(|line| line["contact"] == Value::Null));
}
