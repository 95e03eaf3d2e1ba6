//! What the world holds of decisions and supervision: in each county a set of rows that a seat sees, and a set of a
//! department of which nobody asks.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{
    CircularRate, CircularStatus, DecisionResult, ExplanationChannel, MeetingKind, MeetingStatus, PaperKind,
    ProgressKind, ProjectStatus, RecheckResult, Stage,
};
use entity::id::{
    AccountId, CampaignId, CircularId, DepartmentId, ExplanationId, InspectionId, MeetingId, MergerId,
    ProgressId, ProjectId, RectificationId,
};
use entity::{
    agenda_item, campaign, campaign_closing, circular, circular_receipt, evaluation, explanation,
    explanation_cover, explanation_version, finding, former_version, inspection, invalidation, meeting,
    merger, milestone, progress, project, project_source, project_view, rectification, submission,
    summary_line, vote,
};
use minsheng::app::App;
use minsheng::db::{Direction, Predicate, Tx};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::json;

/// Who takes part in one county.
pub(crate) struct Cast {
    /// Campaign.
    pub(crate) campaign: CampaignId,
    /// Collector whose suggestions the rows are about.
    pub(crate) collector: DepartmentId,
    /// Department that carries the project out.
    pub(crate) owner: DepartmentId,
    /// Campaign's office.
    pub(crate) office: DepartmentId,
    /// Supervision.
    pub(crate) supervision: DepartmentId,
    /// Congress office.
    pub(crate) congress: DepartmentId,
    /// Number that keeps the sets of a county apart.
    pub(crate) turn: i32,
}

pub(super) async fn put<M>(tx: &Tx, row: M)
where
    M: IntoActiveModel<<M as Active>::Row> + Active,
    <<M as Active>::Row as ActiveModelTrait>::Entity: minsheng::db::Scoped,
{
    tx.insert(row.into_active_model().reset_all()).await.unwrap();
}

/// A row's type for inserting it.
pub(super) trait Active {
    /// The type.
    type Row: ActiveModelTrait;
}

macro_rules! active {
    ($($table:ident)*) => {$(
        impl Active for $table::Model {
            type Row = $table::ActiveModel;
        }
    )*};
}

active! {
    agenda_item campaign campaign_closing circular circular_receipt evaluation explanation explanation_cover explanation_version finding
    former_version inspection invalidation meeting merger milestone progress project project_source project_view rectification vote
}

pub(super) fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 3, 10).unwrap()
}

/// One set of rows. `mark` gives a fresh marker for the table and key of a row.
#[expect(clippy::too_many_lines, reason = "a row of each table")]
pub(crate) async fn add(
    tx: &Tx,
    app: &App,
    cast: &Cast,
    mark: &mut dyn FnMut(&'static str, uuid::Uuid) -> String,
) {
    let now = app.clock.now();
    let county = tx.viewer().county().clone();
    let key = || app.new_key(now);
    let [target, merged, source, covered] = suggestions(tx, cast).await;
    let of_collector = Predicate::is(summary_line::Column::Department, cast.collector);
    let of_collector = tx.from::<summary_line::Entity>().filter(of_collector).one().await.unwrap();

    let moved = vec![
        (submission::Column::Stage, Stage::Merged.into()),
        (submission::Column::Version, (merged.version + 1).into()),
    ];
    let this = Predicate::is(submission::Column::Id, merged.id);
    tx.stood(&merged);
    tx.update::<submission::Entity>(this, moved).await.unwrap();
    put(
        tx,
        merger::Model {
            county: county.clone(),
            id: MergerId(key()),
            department: cast.office,
            campaign: cast.campaign,
            target: target.id,
            merged: merged.id,
            former_stage: merged.stage,
            reason: "内容相同".to_owned(),
            merged_by: None,
            merged_at: now,
            undone_by: None,
            undone_at: None,
        },
    )
    .await;

    let id = ProjectId(key());
    put(
        tx,
        project::Model {
            county: county.clone(),
            id,
            department: cast.owner,
            campaign: cast.campaign,
            number: format!("XM-9{:03}", cast.turn),
            title: format!("农村路灯改造{}", mark("project", id.0)),
            content: "改造村口路灯".to_owned(),
            cost: Some(1_200_000),
            funding: "区级财政".to_owned(),
            schedule_start: Some(day()),
            schedule_finish: Some(day()),
            beneficiaries: Some(300),
            status: ProjectStatus::Adopted,
            studied_on: Some(day()),
            decided_on: Some(day()),
            created_at: now,
            version: 5,
        },
    )
    .await;
    for department in [cast.owner, cast.collector, cast.congress] {
        let view = project_view::Model { county: county.clone(), department, project: id };
        tx.insert_new(view.into_active_model().reset_all()).await.unwrap();
    }
    put(
        tx,
        project_source::Model {
            county: county.clone(),
            project: id,
            submission: source.id,
            department: cast.collector,
            line: of_collector.map(|line| line.id),
            linked_at: now,
        },
    )
    .await;
    let meeting = MeetingId(key());
    put(
        tx,
        meeting::Model {
            county: county.clone(),
            id: meeting,
            department: cast.office,
            campaign: cast.campaign,
            kind: MeetingKind::PartyStanding,
            held_on: day(),
            minutes_number: Some(format!("常{}号{}", cast.turn, mark("meeting", meeting.0))),
            status: MeetingStatus::Held,
            created_at: now,
            version: 3,
        },
    )
    .await;
    put(
        tx,
        agenda_item::Model {
            county: county.clone(),
            meeting,
            project: id,
            department: cast.office,
            kind: MeetingKind::PartyStanding,
            held_on: day(),
            position: 1,
            result: Some(DecisionResult::Change),
            reason: "财力所限".to_owned(),
            changes: "先修两条路".to_owned(),
            deferred_to: "次年项目库".to_owned(),
        },
    )
    .await;
    put(
        tx,
        milestone::Model {
            county: county.clone(),
            project: id,
            position: 1,
            department: cast.owner,
            name: "完成招标".to_owned(),
            due_on: day(),
            done_on: Some(day()),
            version: 1,
        },
    )
    .await;
    put(
        tx,
        progress::Model {
            county: county.clone(),
            id: ProgressId(key()),
            project: id,
            department: cast.owner,
            kind: ProgressKind::Coordination,
            text: "争取上级补助".to_owned(),
            counterpart: Some("市住建局".to_owned()),
            post: None,
            at: now,
        },
    )
    .await;
    put(
        tx,
        vote::Model {
            county: county.clone(),
            project: id,
            department: cast.congress,
            voted_on: day(),
            due: 100,
            present: 90,
            in_favour: 60,
            against: 20,
            abstained: 10,
            recorded_at: now,
            // That of the project: a step names one version.
            version: 5,
        },
    )
    .await;
    // One of a day of the walk, too.
    for evaluated_on in [day(), NaiveDate::from_ymd_opt(2022, 3, 1).unwrap()] {
        put(
            tx,
            evaluation::Model {
                county: county.clone(),
                project: id,
                evaluated_on,
                department: cast.congress,
                satisfied: 60,
                acceptable: 20,
                dissatisfied: 5,
                recorded_at: now,
                version: 5,
            },
        )
        .await;
    }
    for (kind, paper, department, project) in
        [(PaperKind::Vote, id.0, cast.congress, Some(id)), (PaperKind::Meeting, meeting.0, cast.office, None)]
    {
        put(
            tx,
            former_version::Model {
                county: county.clone(),
                kind,
                paper,
                part: String::new(),
                version: 1,
                department,
                project,
                concerned: None,
                stood: json!([{ "name": "inFavour", "value": "40" }]),
                reason: "登记有误".to_owned(),
                replaced_by: None,
                replaced_at: now,
            },
        )
        .await;
    }

    let id = ExplanationId(key());
    put(
        tx,
        explanation::Model {
            county: county.clone(),
            id,
            department: cast.collector,
            campaign: cast.campaign,
            text: format!("因财力所限，明年再行研究{}", mark("explanation", id.0)),
            channel: ExplanationChannel::VillageMeeting,
            delivered_on: Some(day()),
            proof: "村民会议记录".to_owned(),
            covered: 1,
            withdrawn_at: None,
            created_at: now,
            version: 2,
        },
    )
    .await;
    put(
        tx,
        explanation_version::Model {
            county: county.clone(),
            explanation: id,
            version: 1,
            department: cast.collector,
            text: "因财力所限".to_owned(),
            channel: ExplanationChannel::Reply,
            covered: json!([covered.id]),
            reason: "改为村民会议".to_owned(),
            replaced_by: None,
            replaced_at: now,
        },
    )
    .await;
    put(
        tx,
        explanation_cover::Model {
            county: county.clone(),
            submission: covered.id,
            explanation: id,
            department: cast.collector,
            covered_at: now,
        },
    )
    .await;
    supervise(tx, app, cast, mark, now).await;
}

#[expect(clippy::too_many_lines, reason = "a list of rows")]
async fn supervise(
    tx: &Tx,
    app: &App,
    cast: &Cast,
    mark: &mut dyn FnMut(&'static str, uuid::Uuid) -> String,
    now: DateTime<Utc>,
) {
    let county = tx.viewer().county().clone();
    let key = || app.new_key(now);
    let id = InspectionId(key());
    put(
        tx,
        inspection::Model {
            county: county.clone(),
            id,
            department: cast.supervision,
            inspected: cast.collector,
            campaign: cast.campaign,
            inspected_on: day(),
            summary: format!("入户台账抽查{}", mark("inspection", id.0)),
            created_at: now,
            withdrawn_at: None,
            version: 2,
        },
    )
    .await;
    put(
        tx,
        finding::Model {
            county: county.clone(),
            inspection: id,
            position: 1,
            department: cast.supervision,
            inspected: cast.collector,
            text: "三户无走访记录".to_owned(),
            rectify_by: day(),
            recheck: Some(RecheckResult::Failed),
            rechecked_on: Some(day()),
            recheck_note: "仍缺一户".to_owned(),
            version: 2,
        },
    )
    .await;
    put(
        tx,
        rectification::Model {
            county: county.clone(),
            id: RectificationId(key()),
            inspection: id,
            position: 1,
            department: cast.collector,
            text: "已补访补录".to_owned(),
            done_on: day(),
            post: None,
            reported_at: now,
        },
    )
    .await;
    put(
        tx,
        former_version::Model {
            county: county.clone(),
            kind: PaperKind::Inspection,
            paper: id.0,
            part: String::new(),
            version: 1,
            department: cast.supervision,
            project: None,
            concerned: Some(cast.collector),
            stood: json!([{ "name": "findings.1.text", "value": "两户无走访记录" }]),
            reason: "户数有误".to_owned(),
            replaced_by: None,
            replaced_at: now,
        },
    )
    .await;
    for (number, status) in [(1, CircularStatus::Issued), (2, CircularStatus::Draft)] {
        let id = CircularId(key());
        let issued = status == CircularStatus::Issued;
        put(tx, circular::Model {
            county: county.clone(), id, department: cast.supervision, campaign: cast.campaign, number: if issued { cast.turn * 10 + number } else { 0 },
            title: format!("通报{}", mark("circular", id.0)), text: "各单位归类情况如下。".to_owned(), period_from: day(),
            period_to: day(), rate: CircularRate::Classified, smallest: 10,
            figures: json!([{ "department": cast.collector, "name": "某单位", "received": 12, "classified": 6, "explained": 1,
                "numerator": 6, "denominator": 12, "rank": 1 }]),
            status, drafted_by: AccountId(uuid::Uuid::nil()), approved_by: None, issued_at: issued.then_some(now),
            created_at: now, version: 1,
        }).await;
        let former = former_version::Model {
            county: county.clone(),
            kind: PaperKind::Circular,
            paper: id.0,
            part: String::new(),
            version: 0,
            department: cast.supervision,
            project: None,
            concerned: None,
            stood: json!([{ "name": "status", "value": "DRAFT" }]),
            reason: "更正标题".to_owned(),
            replaced_by: None,
            replaced_at: now,
        };
        put(tx, former).await;
        if issued {
            put(
                tx,
                circular_receipt::Model {
                    county: county.clone(),
                    circular: id,
                    department: cast.collector,
                    post: None,
                    at: now,
                },
            )
            .await;
        }
    }
}

/// A campaign beside the county's own that is closed: in it nothing is taken in, in the other everything goes on.
pub(crate) async fn close_another(tx: &Tx, app: &App, office: DepartmentId) {
    let (county, id) = (tx.viewer().county().clone(), add_campaign(tx, app, "CLOSED").await);
    put(
        tx,
        campaign_closing::Model {
            county,
            campaign: id,
            department: office,
            closed_at: app.clock.now(),
            remark: "全部办结".to_owned(),
            figures: json!({}),
        },
    )
    .await;
}

/// A campaign beside the county's own, in which nothing has been taken in.
pub(crate) async fn add_campaign(tx: &Tx, app: &App, name: &str) -> CampaignId {
    let first = tx.from::<campaign::Entity>().one().await.unwrap().unwrap();
    let id = CampaignId(app.new_key(app.clock.now()));
    put(tx, campaign::Model { id, code: format!("{}-{name}", first.code), ..first }).await;
    id
}

/// Four suggestions of the collector that have been classified, the last ones first: nobody's steps need them.
async fn suggestions(tx: &Tx, cast: &Cast) -> [submission::Model; 4] {
    use submission::Column as C;
    let own = Predicate::is(C::Department, cast.collector).and(Predicate::Present(C::Category));
    let rows = tx.from::<submission::Entity>().filter(own);
    let rows = rows.order(C::ReceivedAt, Direction::Ascending).limit(4).all().await.unwrap();
    let count = rows.len();
    rows.try_into().unwrap_or_else(|_| panic!("{count} suggestions of one collector"))
}
