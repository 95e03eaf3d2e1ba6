//! What the world holds of acknowledged documents and publicity: rows of a department.

use entity::enums::PaperKind;
use entity::id::{AcknowledgementId, CampaignId, DepartmentId, PublicityId};
use entity::{acknowledgement, former_version, publicity};
use minsheng::app::App;
use minsheng::clock::day_of;
use minsheng::db::Tx;
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;

/// One row of each table. `mark` gives a fresh marker for the table and key of a row.
pub(crate) async fn add(
    tx: &Tx,
    app: &App,
    campaign: CampaignId,
    department: DepartmentId,
    mark: &mut dyn FnMut(&'static str, uuid::Uuid) -> String,
) {
    let (now, county) = (app.clock.now(), tx.viewer().county().clone());
    let row = acknowledgement::Model {
        county: county.clone(),
        id: AcknowledgementId(app.new_key(now)),
        department,
        campaign,
        post: None,
        acknowledged_at: now,
    };
    tx.insert(row.into_active_model().reset_all()).await.unwrap();
    let id = PublicityId(app.new_key(now));
    let marker = mark("publicity", id.0);
    let row = publicity::Model {
        county,
        id,
        department,
        campaign,
        published_on: day_of(now),
        medium: "电视台".to_owned(),
        title: format!("征集活动启动{marker}"),
        reference: "新闻联播第 12 期".to_owned(),
        recorded_at: now,
        withdrawn_at: None,
        version: 2,
    };
    tx.insert(row.into_active_model().reset_all()).await.unwrap();
    let row = former_version::Model {
        county: tx.viewer().county().clone(),
        kind: PaperKind::Publicity,
        paper: id.0,
        part: String::new(),
        version: 1,
        department,
        project: None,
        concerned: None,
        stood: json!([{ "name": "title", "value": "征集活动起动" }]),
        reason: "错别字".to_owned(),
        replaced_by: None,
        replaced_at: now,
    };
    tx.insert(row.into_active_model().reset_all()).await.unwrap();
}
