//! What the API says of campaigns, to the office, to a township, to another county.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, Response, Schema};
use entity::department;
use entity::enums::Position;
use entity::id::{AccountId, PostId, SessionId};
use serde_json::{Value as Json, json};

use super::CampaignQuery;
use crate::app::App;
use crate::campaign::trial::{HUOQIU, SHUANGLUAN, SMALL, Trial, app, keys};
use crate::db::Predicate;
use crate::graphql::context::Request;
use crate::refusal::Language;
use crate::scope::viewer::{Credential, Viewer};

struct Desk {
    trial: Trial,
    app: Arc<App>,
}

impl Desk {
    async fn with(plans: &[&str]) -> Self {
        let trial = Trial::new().await;
        for text in plans {
            trial.apply_text(text).await;
        }
        let app = Arc::new(app(&trial));
        Self { trial, app }
    }

    /// An officer of a department.
    async fn officer(&self, county: &str, department: &str) -> Viewer {
        let tx = self.trial.read(county).await;
        let wanted = Predicate::is(department::Column::Code, department);
        let row = tx.from::<department::Entity>().filter(wanted).one().await.unwrap().unwrap();
        let mut key = keys();
        let credential = Credential::Post {
            account: AccountId(key()),
            post: PostId(key()),
            position: Position::Officer,
            session: SessionId(key()),
        };
        Viewer::of_post(row.county, row.id, row.profile, credential)
    }

    async fn ask(&self, viewer: &Viewer, query: &str) -> Response {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let caller = Some(viewer.clone());
        let request = Request::new(Arc::clone(&self.app), caller, Language::English, address);
        let schema = Schema::new(CampaignQuery, EmptyMutation, EmptySubscription);
        schema.execute(async_graphql::Request::new(query).data(request)).await
    }

    async fn data(&self, viewer: &Viewer, query: &str) -> Json {
        let response = self.ask(viewer, query).await;
        assert_eq!(response.errors, [], "{query}");
        response.data.into_json().unwrap()
    }
}

#[tokio::test]
async fn a_campaign_shows_what_its_plan_says() {
    let desk = Desk::with(&[SMALL]).await;
    let office = desk.officer("999999", "OFFICE").await;
    let query = r#"{ campaign(by: { code: "SLX-2020" }) {
        name documentNumber issuers issuedOn opensOn closesOn isOpen handling publicSubmission
        channels { code owner { name role { code name profile } } } categories { code name isOther }
        villages { totalCount nodes { code kind class households department { code } committee { code parent { code } } } }
        streams { code department { code } fields { key label kind required choices maxLength } constituencies }
    } }"#;
    let campaign = &desk.data(&office, query).await["campaign"];
    assert_eq!(campaign["closesOn"], "2020-12-31");
    assert_eq!(campaign["isOpen"], true);
    assert_eq!(campaign["channels"][1]["owner"]["role"]["profile"], "CHANNEL_OWNER");
    assert_eq!(
        campaign["categories"],
        json!([
            { "code": "ROAD_TRAFFIC", "name": "道路交通", "isOther": false },
            { "code": "OTHER", "name": "其他", "isOther": true },
        ])
    );
    assert_eq!(campaign["villages"]["totalCount"], 1);
    assert_eq!(campaign["villages"]["nodes"][0]["committee"]["parent"]["code"], "A1");
    assert_eq!(
        campaign["streams"][0]["fields"][0],
        json!({
            "key": "trade", "label": "行业", "kind": "CHOICE", "required": false, "choices": ["农", "工"], "maxLength": null,
        })
    );
}

#[tokio::test]
async fn a_township_reads_its_own_stream_and_draws_every_form() {
    let desk = Desk::with(&[SMALL]).await;
    let township = desk.officer("999999", "A2").await;
    let query = "{ streams { code } campaigns { streams { code } forms { streamCode constituencies } } }";
    let data = desk.data(&township, query).await;
    assert_eq!(data["streams"], json!([{ "code": "A2" }]));
    assert_eq!(data["campaigns"][0]["streams"], json!([{ "code": "A2" }]));
    let forms = data["campaigns"][0]["forms"].as_array().unwrap();
    assert_eq!(forms.len(), 10);
    assert_eq!(forms[1], json!({ "streamCode": "A2", "constituencies": ["辖区居民", "养蜂户"] }));
}

#[tokio::test]
async fn the_leadership_reads_every_stream_in_the_order_of_the_plan() {
    let desk = Desk::with(&[SMALL]).await;
    let leader = desk.officer("999999", "LEADERS").await;
    let streams = desk.data(&leader, "{ streams { code } }").await;
    let codes: Vec<_> = streams["streams"].as_array().unwrap().iter().map(|stream| &stream["code"]).collect();
    assert_eq!(codes, ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "MAILBOX"]);
}

#[tokio::test]
async fn another_countys_campaign_looks_like_none() {
    let desk = Desk::with(&[SMALL, SHUANGLUAN]).await;
    let office = desk.officer("999999", "OFFICE").await;
    let id = desk.data(&office, "{ campaigns { id } }").await["campaigns"][0]["id"].clone();
    let foreign = desk.officer("130803", "STS_TOWN").await;
    let query = format!(
        r#"{{ id: campaign(by: {{ id: {id} }}) {{ code }} code: campaign(by: {{ code: "SLX-2020" }}) {{ code }}
        none: campaign(by: {{ id: "nonsense" }}) {{ code }} streams(campaignId: {id}) {{ code }} }}"#
    );
    let data = desk.data(&foreign, &query).await;
    assert_eq!(data, json!({ "id": null, "code": null, "none": null, "streams": [] }));
}

#[tokio::test]
async fn pages_forward_and_backward_hold_every_village_once() {
    let desk = Desk::with(&[HUOQIU]).await;
    let county = "341522";
    let tx = desk.trial.read(county).await;
    let leader = crate::scope::system::operator(tx.viewer().county().clone());
    drop(tx);
    let mut codes = Vec::new();
    let mut after = "null".to_owned();
    loop {
        let query = format!(
            "{{ campaigns {{ villages(first: 40, after: {after}) {{ nodes {{ code }} pageInfo {{ hasNextPage endCursor startCursor }} }} }} }}"
        );
        let page = desk.data(&leader, &query).await["campaigns"][0]["villages"].clone();
        codes.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["code"].clone()));
        after = page["pageInfo"]["endCursor"].to_string();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(codes.len(), crate::campaign::trial::read(HUOQIU).villages.len());
    let query = format!("{{ campaigns {{ villages(last: 100, before: {after}) {{ nodes {{ code }} }} }} }}");
    let back = desk.data(&leader, &query).await;
    let back = back["campaigns"][0]["villages"]["nodes"].as_array().unwrap().len();
    assert_eq!(back, codes.len() - 1);
    let wrong = format!("{{ departments(after: {after}) {{ nodes {{ code }} }} }}");
    let refused = desk.ask(&leader, &wrong).await;
    let code = refused.errors[0].extensions.as_ref().and_then(|all| all.get("code")).cloned();
    assert_eq!(code, Some("BAD_USER_INPUT".into()));
}

#[tokio::test]
async fn a_list_costs_the_same_trips_whatever_its_length() {
    let desk = Desk::with(&[SHUANGLUAN]).await;
    let leader = desk.officer("130803", "STS_TOWN").await;
    let query = "{ campaigns { channels { owner { name } } categories { name } streams { department { name } } forms { streamCode } } departments(first: 100) { nodes { parent { name } } } }";
    let trips = desk.trial.db.trips();
    desk.data(&leader, query).await;
    // Begin, campaigns, departments; channels, classes, streams; owners, parents.
    assert!(desk.trial.db.trips() - trips <= 9, "{} trips", desk.trial.db.trips() - trips);
}
