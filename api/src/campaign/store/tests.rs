//! Plans applied to a database: once, again, changed, refused, beside each other.

use entity::enums::{AuditAction, Stage, SubmissionKind, Urgency};
use entity::id::{AccountId, SubmissionId};
use entity::{account, audit_entry, campaign, category, channel, department, stream, submission, village};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::*;
use crate::campaign::trial::{HUOQIU, SHUANGLUAN, SMALL, Trial, at, keys, read};
use crate::error::Stop;
use crate::plan::Plan;
use crate::refusal::Refusal;

const SMALL_ROWS: usize = 32;

async fn by_code<E: Coded>(trial: &Trial, county: &str, code: &str) -> Option<E::Model> {
    let wanted = Predicate::is(E::code_column(), code);
    trial.read(county).await.from::<E>().filter(wanted).one().await.unwrap()
}

fn fields(refusals: &[Refusal]) -> Vec<String> {
    refusals.iter().map(|refusal| refusal.field.join(".")).collect()
}

/// A suggestion of stream A1 by channel VISIT, class ROAD_TRAFFIC, village V1.
async fn suggest(trial: &Trial) {
    let (county, tx) = ("999999", trial.write("999999").await);
    let stream = by_code::<stream::Entity>(trial, county, "A1").await.unwrap();
    let channel = by_code::<channel::Entity>(trial, county, "VISIT").await.unwrap();
    let category = by_code::<category::Entity>(trial, county, "ROAD_TRAFFIC").await.unwrap();
    let village = by_code::<village::Entity>(trial, county, "V1").await.unwrap();
    tx.insert(submission::ActiveModel {
        county: Set(stream.county),
        id: Set(SubmissionId(keys()())),
        department: Set(stream.department),
        campaign: Set(stream.campaign),
        stream: Set(stream.id),
        channel: Set(channel.id),
        entered_by: Set(None),
        client: Set(None),
        number: Set("A1-2019-1".to_owned()),
        receipt_number: Set("100000000001".to_owned()),
        kind: Set(SubmissionKind::Suggestion),
        stage: Set(Stage::Classified),
        title: Set("路灯".to_owned()),
        content: Set("路灯不亮".to_owned()),
        category: Set(Some(category.id)),
        proposed_category: Set(None),
        constituency: Set(None),
        village: Set(Some(village.id)),
        urgency: Set(Urgency::Normal),
        beneficiaries: Set(None),
        confidential: Set(false),
        anonymous: Set(true),
        on_behalf: Set(false),
        late: Set(false),
        received_at: Set(at(1)),
        received_on: Set(crate::clock::day_of(at(1))),
        external_ref: Set(None),
        extra: Set(json!({})),
        created_at: Set(at(1)),
        version: Set(1),
        names_person: Set(None),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// Without what the suggestion hangs on, as far as a plan may be without it.
fn without_what_is_used(mut plan: Plan) -> Plan {
    plan.streams.retain(|stream| stream.code != "A1");
    plan.channels.retain(|channel| channel.code != "VISIT");
    plan.categories.retain(|category| category.code != "ROAD_TRAFFIC");
    plan.villages.clear();
    plan.departments.retain(|department| !matches!(department.code.as_str(), "A1" | "COMMITTEE_A1"));
    plan
}

#[tokio::test]
async fn a_plan_applied_twice_changes_nothing_the_second_time() {
    let trial = Trial::new().await;
    let first = trial.apply_text(SMALL).await;
    assert_eq!((first.inserted, first.updated, first.unchanged, first.removed), (SMALL_ROWS, 0, 0, 0));
    let second = trial.apply_text(SMALL).await;
    assert_eq!(second.campaign, first.campaign);
    assert_eq!((second.inserted, second.updated, second.unchanged, second.removed), (0, 0, SMALL_ROWS, 0));
    assert!(second.is_unchanged());
    let tx = trial.read("999999").await;
    let lines = tx.from::<audit_entry::Entity>().all().await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].action, AuditAction::PlanApplied);
    assert_eq!(lines[0].detail["digest"], json!(read(SMALL).digest()));
    assert_eq!(lines[0].detail["inserted"], json!(SMALL_ROWS));
}

#[tokio::test]
async fn both_notices_go_in_within_a_few_round_trips() {
    let trial = Trial::new().await;
    for text in [SHUANGLUAN, HUOQIU] {
        let plan = read(text);
        let trips = trial.db.trips();
        let applied = trial.apply_text(text).await;
        let rows = 2 + plan.departments.len() + plan.streams.len() + plan.channels.len();
        let rows = rows + plan.categories.len() + plan.villages.len();
        assert_eq!(applied.inserted, rows);
        // Begin, settings, four reads, an insert for each table and hundred rows, the register of villages, the trail, commit.
        assert!(trial.db.trips() - trips <= 22, "{} trips", trial.db.trips() - trips);
    }
}

#[tokio::test]
async fn what_is_renamed_keeps_its_id() {
    let trial = Trial::new().await;
    trial.apply_text(SMALL).await;
    let before = by_code::<department::Entity>(&trial, "999999", "A1").await.unwrap();
    let mut plan = read(SMALL);
    plan.departments[0].name = "A1镇".to_owned();
    plan.streams[0].fields.clear();
    plan.villages[0].households = 120;
    let applied = trial.apply(&plan).await.unwrap();
    // The campaign's row holds the plan's text and digest.
    assert_eq!((applied.inserted, applied.updated, applied.removed), (0, 4, 0));
    let after = by_code::<department::Entity>(&trial, "999999", "A1").await.unwrap();
    assert_eq!((after.id, after.name.as_str()), (before.id, "A1镇"));
    let stream = by_code::<stream::Entity>(&trial, "999999", "A1").await.unwrap();
    assert_eq!(stream.fields, json!([]));
    let village = by_code::<village::Entity>(&trial, "999999", "V1").await.unwrap();
    assert_eq!(village.households, 120);
    let campaign = by_code::<campaign::Entity>(&trial, "999999", "SLX-2020").await.unwrap();
    assert_eq!((campaign.plan_digest, campaign.applied_at), (plan.digest(), at(2)));
}

#[tokio::test]
async fn what_vanished_from_the_plan_goes_while_nothing_hangs_on_it() {
    let trial = Trial::new().await;
    trial.apply_text(SMALL).await;
    let plan = without_what_is_used(read(SMALL));
    let applied = trial.apply(&plan).await.unwrap();
    assert_eq!((applied.inserted, applied.removed), (0, 6));
    assert!(by_code::<department::Entity>(&trial, "999999", "A1").await.is_none());
    assert!(by_code::<village::Entity>(&trial, "999999", "V1").await.is_none());
    // Back again: new rows under the same codes.
    assert_eq!(trial.apply_text(SMALL).await.inserted, 6);
}

#[tokio::test]
async fn what_suggestions_hang_on_stays_and_the_plan_is_refused_with_the_list() {
    let trial = Trial::new().await;
    trial.apply_text(SMALL).await;
    suggest(&trial).await;
    let refusals = trial.apply(&without_what_is_used(read(SMALL))).await.unwrap_err();
    let wanted = ["departments.A1", "streams.A1", "channels.VISIT", "categories.ROAD_TRAFFIC", "villages.V1"];
    assert_eq!(fields(&refusals), wanted);
    assert_eq!(refusals[1].message.en, "A1 is gone from the plan, but 1 suggestions still hang on it");
    assert!(by_code::<department::Entity>(&trial, "999999", "COMMITTEE_A1").await.is_some());
    let again = trial.apply_text(SMALL).await;
    assert!(again.is_unchanged(), "the refused plan left something behind");
}

#[tokio::test]
async fn a_department_with_accounts_stays() {
    let trial = Trial::new().await;
    trial.apply_text(SMALL).await;
    let committee = by_code::<department::Entity>(&trial, "999999", "COMMITTEE_A1").await.unwrap();
    let tx = trial.write("999999").await;
    tx.insert(account::ActiveModel {
        county: Set(committee.county),
        id: Set(AccountId(keys()())),
        department: Set(committee.id),
        login: Set("a1-committee".to_owned()),
        display_name: Set("居民甲".to_owned()),
        password_hash: Set("none".to_owned()),
        password_once: Set(false),
        epoch: Set(0),
        disabled_at: Set(Some(at(1))),
        forgot_at: Set(None),
        created_at: Set(at(1)),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let refusals = trial.apply(&without_what_is_used(read(SMALL))).await.unwrap_err();
    assert_eq!(fields(&refusals), ["departments.COMMITTEE_A1"]);
}

#[tokio::test]
async fn a_stream_never_changes_its_owner() {
    let trial = Trial::new().await;
    trial.apply_text(SMALL).await;
    let mut plan = read(SMALL);
    plan.streams[1].department = "A1".to_owned();
    let refusals = trial.apply(&plan).await.unwrap_err();
    assert_eq!(fields(&refusals), ["streams.A2.department"]);
    assert!(trial.apply_text(SMALL).await.is_unchanged());
}

#[tokio::test]
async fn a_plan_touches_its_own_county_only() {
    let trial = Trial::new().await;
    trial.apply_text(SMALL).await;
    trial.apply_text(SHUANGLUAN).await;
    assert!(trial.apply_text(SMALL).await.is_unchanged());
    assert!(by_code::<campaign::Entity>(&trial, "130803", "SLX-2020").await.is_none());
    let tx = trial.write("130803").await;
    let stop = super::apply(&tx, &read(SMALL), SMALL, at(3), keys()).await.unwrap_err();
    assert!(matches!(stop, Stop::Refused(refusals) if fields(&refusals) == ["county.code"]));
}

#[tokio::test]
async fn a_second_campaign_of_a_county_leaves_the_first_its_departments() {
    let trial = Trial::new().await;
    trial.apply_text(SMALL).await;
    let mut second = without_what_is_used(read(SMALL));
    second.campaign.code = "SLX-2021".to_owned();
    let applied = trial.apply(&second).await.unwrap();
    assert_eq!(applied.removed, 0);
    assert_eq!(applied.inserted, 1 + second.streams.len() + second.channels.len() + second.categories.len());
    assert!(by_code::<department::Entity>(&trial, "999999", "A1").await.is_some());
    assert!(by_code::<village::Entity>(&trial, "999999", "V1").await.is_some());
}
