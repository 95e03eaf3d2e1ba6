//! What departments have handed in, for the world in which everything that can be hidden exists: a weekly report, a table
//! in draft and a signed one, of a department from which somebody asks, of its neighbour, and of one that is only there
//! to be hidden.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{SummaryKind, SummaryStatus, Urgency};
use entity::id::{DepartmentId, PostId, SummaryLineId, SummaryScanId, SummaryTableId, WeeklyReportId};
use entity::{
    category, submission, summary_document, summary_line, summary_scan, summary_source, summary_table,
    weekly_report,
};
use minsheng::app::App;
use minsheng::db::{Direction, Predicate, Tx};
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use serde_json::json;

/// Whose rows are made, and under which marker.
pub(crate) struct Owner<'a> {
    pub(crate) department: DepartmentId,
    pub(crate) marker: &'a str,
    /// Editions differ between departments, so that a row may be bound to another without a clash.
    pub(crate) edition: i32,
    /// Whether it has a table in draft.
    pub(crate) drafts: bool,
    /// How far the table has come that its head signed.
    pub(crate) signed: SummaryStatus,
}

/// Table and key of each row that bears the marker in its text.
pub(crate) type Marked = Vec<(&'static str, String)>;

/// Makes the rows of one department.
pub(crate) async fn hand_in(tx: &Tx, app: &App, owner: &Owner<'_>) -> Marked {
    let now = app.clock.now();
    let of_owner = Predicate::is(submission::Column::Department, owner.department);
    let own = tx
        .from::<submission::Entity>()
        .filter(of_owner)
        .order(submission::Column::Id, Direction::Ascending)
        .limit(2)
        .all();
    let own = own.await.unwrap();
    let class = tx
        .from::<category::Entity>()
        .filter(Predicate::is(category::Column::Campaign, own[0].campaign))
        .order(category::Column::Rank, Direction::Ascending);
    let class = class.one().await.unwrap().unwrap();
    let report = WeeklyReportId(app.new_key(now));
    tx.insert(report_of(report, owner, &own[0], now)).await.unwrap();
    let mut marked = vec![("weekly_report", report.0.simple().to_string())];
    for (place, kind) in [SummaryKind::Main, SummaryKind::Supplementary]
        .into_iter()
        .enumerate()
        .filter(|(_, kind)| owner.drafts || *kind == SummaryKind::Supplementary)
    {
        let table = table_of(app, owner, &own[0], kind, now);
        tx.insert(set(summary_table::ActiveModel::from(table.clone()))).await.unwrap();
        let line = line_of(app, owner, &table, &class, now);
        tx.insert(set(summary_line::ActiveModel::from(line.clone()))).await.unwrap();
        tx.insert(summary_source::ActiveModel {
            county: Set(table.county.clone()),
            summary: Set(table.id),
            submission: Set(own[place].id),
            line: Set(line.id),
            number: Set(own[place].number.clone()),
            department: Set(owner.department),
        })
        .await
        .unwrap();
        marked.push(("summary_line", line.id.0.simple().to_string()));
        if kind == SummaryKind::Supplementary {
            sign(tx, app, owner, &table, now).await;
        }
    }
    marked
}

fn report_of(
    id: WeeklyReportId,
    owner: &Owner<'_>,
    own: &submission::Model,
    now: DateTime<Utc>,
) -> weekly_report::ActiveModel {
    let day = NaiveDate::from_ymd_opt(2022, 3, 11).unwrap();
    weekly_report::ActiveModel {
        county: Set(own.county.clone()),
        id: Set(id),
        department: Set(owner.department),
        campaign: Set(own.campaign),
        due_key: Set("WEEKLY_REPORT".to_owned()),
        period_start: Set(day - chrono::Days::new(6)),
        period_end: Set(day),
        edition: Set(owner.edition),
        narrative: Set(format!("本周入户走访{}", owner.marker)),
        figures: Set(json!({ "received": 3, "received_in_all": 9, "unclassified": 1,
            "classes": [{ "code": "ROAD", "name": "道路交通", "received": 1, "received_in_all": 2 }, { "code": null, "name": "未归类", "received": 2, "received_in_all": 7 }],
            "stages": [{ "stage": "RECEIVED", "count": 7 }, { "stage": "CLASSIFIED", "count": 2 }], "moved": 1, "withdrawn": 0,
            "work": { "visits": 2, "visits_in_all": 5, "symposiums": 1, "symposiums_in_all": 1, "coverage": [{ "class": "ORDINARY",
                "households": 200, "reached": 2, "reached_in_all": 5, "at_door": 2, "at_door_in_all": 5 }] } })),
        submitted_by: Set(PostId(own.id.0)),
        submitted_at: Set(now),
        late: Set(true),
        counted_after: Set(Some(now - chrono::TimeDelta::days(7))),
        counted_until: Set(Some(now)),
    }
}

fn table_of(
    app: &App,
    owner: &Owner<'_>,
    own: &submission::Model,
    kind: SummaryKind,
    now: DateTime<Utc>,
) -> summary_table::Model {
    let name = Some(format!("测试账号{}（主要负责人）", owner.marker));
    let signed = kind == SummaryKind::Supplementary;
    summary_table::Model {
        county: own.county.clone(),
        id: SummaryTableId(app.new_key(now)),
        department: owner.department,
        campaign: own.campaign,
        kind,
        number: if signed { 2 } else { 1 },
        edition: owner.edition,
        version: 1,
        status: SummaryStatus::Draft,
        former: None,
        return_reason: None,
        frame: None,
        reviewed_by: name.clone().filter(|_| signed),
        reviewed_at: signed.then_some(now),
        signed_by: None,
        signed_at: None,
        decided_at: None,
        created_at: now,
    }
}

fn line_of(
    app: &App,
    owner: &Owner<'_>,
    table: &summary_table::Model,
    class: &category::Model,
    now: DateTime<Utc>,
) -> summary_line::Model {
    summary_line::Model {
        county: table.county.clone(),
        id: SummaryLineId(app.new_key(now)),
        department: owner.department,
        summary: table.id,
        position: 1,
        category: class.id,
        category_code: class.code.clone(),
        category_name: class.name.clone(),
        text: format!("路灯不亮{}", owner.marker),
        count: 1,
        proposers: 1,
        beneficiaries: Some(30),
        urgency: Urgency::Urgent,
        villages: json!(["某村"]),
        // A draft is a bare list, but for the owner of an accepted table.
        project: (table.reviewed_by.is_some() || owner.signed == SummaryStatus::Accepted).then(|| {
            json!({ "content": format!("更换路灯{}", owner.marker), "cost": 20_000, "funding": "财政", "owner": "某局", "start": "2022-04-01", "finish": "2022-06-30", "beneficiaries": 300 })
        }),
        remark: owner.marker.to_owned(),
        written_by: None,
    }
}

/// As the head's signature leaves it; the bytes need not be sound here, only somebody's.
async fn sign(tx: &Tx, app: &App, owner: &Owner<'_>, table: &summary_table::Model, now: DateTime<Utc>) {
    use summary_table::Column as C;
    let decided = owner.signed != SummaryStatus::Signed;
    let returned = owner.signed == SummaryStatus::Returned;
    let reason = returned.then(|| format!("请补充{}", owner.marker));
    let changes = vec![
        (C::Status, owner.signed.into()),
        (C::ReturnReason, reason.into()),
        (C::SignedBy, Some(format!("测试账号{}（主要负责人）", owner.marker)).into()),
        (C::SignedAt, Some(now).into()),
        (C::DecidedAt, decided.then_some(now).into()),
    ];
    let touched = tx.update::<summary_table::Entity>(Predicate::is(C::Id, table.id), changes).await.unwrap();
    assert_eq!(touched, 1);
    tx.insert(summary_document::ActiveModel {
        county: Set(table.county.clone()),
        summary: Set(table.id),
        department: Set(owner.department),
        canonical: Set(json!({ "text": owner.marker }).to_string()),
        sha256: Set(table.id.0.simple().to_string().repeat(2)),
        kid: Set("0123456789abcdef".to_owned()),
        signature: Set("c2lnbmF0dXJl".to_owned()),
    })
    .await
    .unwrap();
    tx.insert(summary_scan::ActiveModel {
        county: Set(table.county.clone()),
        id: Set(SummaryScanId(app.new_key(now))),
        department: Set(owner.department),
        summary: Set(table.id),
        media_type: Set("application/pdf".to_owned()),
        content: Set(format!("%PDF-1.7 {}", owner.marker).into_bytes()),
        sha256: Set(table.id.0.simple().to_string().repeat(2)),
        attached_by: Set(PostId(table.id.0)),
        attached_at: Set(now),
    })
    .await
    .unwrap();
}

/// A model's columns count as unchanged; for an insert each is set.
fn set<A: ActiveModelTrait>(mut row: A) -> A {
    for column in <<A::Entity as sea_orm::EntityTrait>::Column as sea_orm::Iterable>::iter() {
        let value = row.get(column).into_value().unwrap();
        row.set(column, value);
    }
    row
}
