//! What still waits for a step, so that somebody of the world can take each: a project before a meeting and one that is
//! carried out, explanations that nobody was told of, a proposal not to accept a suggestion, a finding to look at again, an
//! approved circular.

use chrono::TimeDelta;
use entity::enums::{
    CircularRate, CircularStatus, DecisionResult, ExplanationChannel, InvalidReason, InvalidationStatus,
    MeetingKind, MeetingStatus, ProjectStatus, Stage,
};
use entity::id::{
    AccountId, CircularId, ExplanationId, InspectionId, MeetingId, MergerId, ProjectId, RectificationId,
};
use entity::{
    agenda_item, circular, explanation, explanation_cover, finding, inspection, invalidation, meeting,
    merger, project, project_view, rectification, submission,
};
use minsheng::app::App;
use minsheng::db::{Direction, Document, Predicate, Tx};
use minsheng::secrets::seal::mask_in_text;
use serde_json::json;

use super::decided::{Cast, day, put};

/// Gives a fresh marker for the table and key of a row.
type Mark<'a> = dyn FnMut(&'static str, uuid::Uuid) -> String + 'a;

/// The rows of one cast.
pub(crate) async fn add(tx: &Tx, app: &App, cast: &Cast, mark: &mut Mark<'_>) {
    use MeetingKind as Kind;
    use ProjectStatus as Status;
    project(tx, app, cast, mark, (1, Status::Proposed)).await;
    meeting(tx, app, cast, mark, (Kind::GovernmentExecutive, None), None).await;
    for (place, kind, status) in
        [(2, Kind::GovernmentExecutive, Status::OnGovernmentAgenda), (3, Kind::CongressVote, Status::Adopted)]
    {
        let on_agenda = project(tx, app, cast, mark, (place, status)).await;
        meeting(tx, app, cast, mark, (kind, Some(on_agenda)), None).await;
    }
    // One to take off an agenda, one whose result may be corrected, and one to be withdrawn.
    let on_agenda = project(tx, app, cast, mark, (4, Status::OnGovernmentAgenda)).await;
    meeting(tx, app, cast, mark, (Kind::GovernmentExecutive, Some(on_agenda)), None).await;
    let studied = project(tx, app, cast, mark, (5, Status::Studied)).await;
    let passed = Some(DecisionResult::Adopt);
    meeting(tx, app, cast, mark, (Kind::GovernmentExecutive, Some(studied)), passed).await;
    project(tx, app, cast, mark, (6, Status::Proposed)).await;
    project(tx, app, cast, mark, (7, Status::Withdrawn)).await;
    explanations(tx, app, cast, mark).await;
    merged(tx, app, cast).await;
    unaccepted(tx, app, cast).await;
    for answered in [true, false, false] {
        finding(tx, app, cast, mark, answered).await;
    }
    for status in [CircularStatus::Approved, CircularStatus::Draft, CircularStatus::Draft] {
        circular(tx, app, cast, mark, status).await;
    }
}

async fn project(
    tx: &Tx,
    app: &App,
    cast: &Cast,
    mark: &mut Mark<'_>,
    (place, status): (i32, ProjectStatus),
) -> ProjectId {
    let now = app.clock.now();
    let (county, id) = (tx.viewer().county().clone(), ProjectId(app.new_key(now)));
    let row = project::Model {
        county: county.clone(),
        id,
        department: cast.owner,
        campaign: cast.campaign,
        number: format!("XM-8{}{place:02}", cast.turn),
        title: format!("村道硬化{}", mark("project", id.0)),
        content: "硬化村道三公里".to_owned(),
        // Each field has a value, so that whatever step is walked shows it.
        cost: Some(800_000),
        funding: "区级财政".to_owned(),
        schedule_start: Some(day()),
        schedule_finish: Some(day()),
        beneficiaries: Some(200),
        status,
        studied_on: Some(day()),
        decided_on: Some(day()),
        created_at: now,
        version: place,
    };
    put(tx, row).await;
    for department in [cast.owner, cast.congress] {
        let view = project_view::Model { county: county.clone(), department, project: id };
        put(tx, view).await;
    }
    id
}

async fn meeting(
    tx: &Tx,
    app: &App,
    cast: &Cast,
    mark: &mut Mark<'_>,
    (kind, project): (MeetingKind, Option<ProjectId>),
    result: Option<DecisionResult>,
) {
    let now = app.clock.now();
    let (county, id) = (tx.viewer().county().clone(), MeetingId(app.new_key(now)));
    mark("meeting", id.0);
    let row = meeting::Model {
        county: county.clone(),
        id,
        department: cast.office,
        campaign: cast.campaign,
        kind,
        held_on: day(),
        // Known beforehand, so that whatever step is walked shows it.
        minutes_number: Some(format!("预留{}号", cast.turn)),
        status: if result.is_some() { MeetingStatus::Held } else { MeetingStatus::Planned },
        created_at: now,
        version: 2,
    };
    put(tx, row).await;
    let Some(project) = project else { return };
    let item = agenda_item::Model {
        county,
        meeting: id,
        project,
        department: cast.office,
        kind,
        held_on: day(),
        position: 1,
        result,
        reason: String::new(),
        changes: String::new(),
        deferred_to: String::new(),
    };
    put(tx, item).await;
}

/// One to be delivered, one to be changed and one to be withdrawn.
async fn explanations(tx: &Tx, app: &App, cast: &Cast, mark: &mut Mark<'_>) {
    let id = explanation(tx, app, cast, mark, 1).await;
    let classified = Predicate::is(submission::Column::Stage, Stage::Classified);
    let covers = tx.from::<explanation_cover::Entity>().all().await.unwrap();
    let known = |row: &submission::Model| covers.iter().any(|cover| cover.submission == row.id);
    let mut open = own(tx, cast, classified).await;
    open.retain(|row| !known(row));
    let cover = explanation_cover::Model {
        county: tx.viewer().county().clone(),
        submission: open.first().unwrap().id,
        explanation: id,
        department: cast.collector,
        covered_at: app.clock.now(),
    };
    put(tx, cover).await;
    for _ in 0..2 {
        explanation(tx, app, cast, mark, 0).await;
    }
}

async fn explanation(tx: &Tx, app: &App, cast: &Cast, mark: &mut Mark<'_>, covered: i32) -> ExplanationId {
    let now = app.clock.now();
    let id = ExplanationId(app.new_key(now));
    let row = explanation::Model {
        county: tx.viewer().county().clone(),
        id,
        department: cast.collector,
        campaign: cast.campaign,
        text: format!("今年财力所限{}", mark("explanation", id.0)),
        channel: ExplanationChannel::Reply,
        delivered_on: None,
        proof: String::new(),
        covered,
        withdrawn_at: None,
        created_at: now,
        version: 1,
    };
    put(tx, row).await;
    id
}

/// One of those that are still to be classified, merged into another. It is the newest of the county, so that whoever sees
/// all of it meets it on a first page.
async fn merged(tx: &Tx, app: &App, cast: &Cast) {
    use submission::Column as C;
    let now = app.clock.now();
    let open = own(tx, cast, Predicate::is(C::Stage, Stage::Received)).await;
    let [.., target, merged] = &open[..] else { panic!("two suggestions to be merged") };
    let this = Predicate::is(C::Id, merged.id);
    let received_at = now + TimeDelta::minutes(1);
    let moved = vec![(C::Stage, Stage::Merged.into()), (C::ReceivedAt, received_at.into())];
    tx.stood(merged);
    tx.update::<submission::Entity>(this, moved).await.unwrap();
    let document = Document {
        submission: merged.id,
        departments: Vec::new(),
        received_at,
        title: mask_in_text(&merged.title),
        content: mask_in_text(&merged.content),
    };
    tx.reindex_text(&document).await.unwrap();
    let row = merger::Model {
        county: tx.viewer().county().clone(),
        id: MergerId(app.new_key(now)),
        department: cast.office,
        campaign: cast.campaign,
        target: target.id,
        merged: merged.id,
        former_stage: Stage::Received,
        reason: "内容相同".to_owned(),
        merged_by: None,
        merged_at: now,
        undone_by: None,
        undone_at: None,
    };
    put(tx, row).await;
}

/// Of those that are still to be classified one that is proposed not to be accepted, and one that the office did not accept.
async fn unaccepted(tx: &Tx, app: &App, cast: &Cast) {
    use submission::Column as C;
    let now = app.clock.now();
    // Not the last one: another was merged into it.
    let open = own(tx, cast, Predicate::is(C::Stage, Stage::Received)).await;
    let [.., invalid, proposed, _] = &open[..] else { panic!("two suggestions that are not accepted") };
    // Each field has a value, so that whatever step is walked shows it.
    for row in &open {
        let mut said = vec![(C::Beneficiaries, Some(12).into())];
        if [invalid.id, proposed.id].contains(&row.id) {
            said.push((C::Constituency, Some("第一选区".to_owned()).into()));
            said.push((C::ExternalRef, Some(format!("来件{}", row.id.0.simple())).into()));
        }
        tx.update::<submission::Entity>(Predicate::is(C::Id, row.id), said).await.unwrap();
    }
    let row = |of: &submission::Model, status: InvalidationStatus, ruled: bool| invalidation::Model {
        county: of.county.clone(),
        submission: of.id,
        version: of.version,
        reason: InvalidReason::Spam,
        note: "同一内容多次提交".to_owned(),
        status,
        proposed_by: None,
        proposed_at: now,
        ruling: if ruled { "同意".to_owned() } else { String::new() },
        ruled_by: None,
        ruled_at: ruled.then_some(now),
    };
    put(tx, row(proposed, InvalidationStatus::Proposed, false)).await;
    put(tx, row(invalid, InvalidationStatus::Accepted, true)).await;
    tx.stood(invalid);
    let this = Predicate::is(C::Id, invalid.id);
    tx.update::<submission::Entity>(this, vec![(C::Stage, Stage::Invalid.into())]).await.unwrap();
}

async fn own(tx: &Tx, cast: &Cast, which: Predicate<submission::Column>) -> Vec<submission::Model> {
    let of_collector = Predicate::is(submission::Column::Department, cast.collector);
    let rows = tx
        .from::<submission::Entity>()
        .filter(of_collector.and(which))
        .order(submission::Column::Id, Direction::Ascending);
    rows.all().await.unwrap()
}

async fn finding(tx: &Tx, app: &App, cast: &Cast, mark: &mut Mark<'_>, answered: bool) {
    let now = app.clock.now();
    let (county, id) = (tx.viewer().county().clone(), InspectionId(app.new_key(now)));
    let row = inspection::Model {
        county: county.clone(),
        id,
        department: cast.supervision,
        inspected: cast.collector,
        campaign: cast.campaign,
        inspected_on: day(),
        summary: format!("台账抽查{}", mark("inspection", id.0)),
        created_at: now,
        withdrawn_at: None,
        version: 1,
    };
    put(tx, row).await;
    let row = finding::Model {
        county: county.clone(),
        inspection: id,
        position: 1,
        department: cast.supervision,
        inspected: cast.collector,
        text: "台账缺两户".to_owned(),
        rectify_by: day(),
        recheck: None,
        rechecked_on: None,
        recheck_note: String::new(),
        version: 1,
    };
    put(tx, row).await;
    if !answered {
        return;
    }
    let row = rectification::Model {
        county,
        id: RectificationId(app.new_key(now)),
        inspection: id,
        position: 1,
        department: cast.collector,
        text: "已补录".to_owned(),
        done_on: day(),
        post: None,
        reported_at: now,
    };
    put(tx, row).await;
}

async fn circular(tx: &Tx, app: &App, cast: &Cast, mark: &mut Mark<'_>, status: CircularStatus) {
    let now = app.clock.now();
    let id = CircularId(app.new_key(now));
    let row = circular::Model {
        county: tx.viewer().county().clone(),
        id,
        department: cast.supervision,
        campaign: cast.campaign,
        number: 0,
        title: format!("通报{}", mark("circular", id.0)),
        text: "各单位归类情况如下。".to_owned(),
        period_from: day(),
        period_to: day(),
        rate: CircularRate::Classified,
        smallest: 10,
        figures: json!([]),
        status,
        drafted_by: AccountId(uuid::Uuid::nil()),
        approved_by: (status == CircularStatus::Approved).then_some(AccountId(uuid::Uuid::nil())),
        issued_at: None,
        created_at: now,
        version: 2,
    };
    put(tx, row).await;
}
