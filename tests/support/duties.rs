//! Visits, symposiums, rosters of constituencies, responsible persons and unit plans of departments from which somebody asks,
//! and of those of which nobody does.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::enums::{Position, UnitPlanState, VisitKind};
use entity::id::{ConstituentId, DepartmentId, RosterId, RosterLineId, SymposiumId, UnitPlanId, VisitId};
use entity::{
    campaign, constituent, department, roster, roster_line, stream, symposium, unit_plan, village, visit,
};
use minsheng::app::App;
use minsheng::clock::day_of;
use minsheng::db::{Direction, Predicate, Tx};
use sea_orm::IntoActiveModel as _;
use serde_json::json;

use super::personas::HUOQIU;

/// Visitor and village, in the order of their ordinals.
fn visits(county: &str) -> [(&'static str, &'static str); 4] {
    if county == HUOQIU {
        [("T_CHENGGUAN", "V0101"), ("HOUSING", "V0101"), ("T_ZHOUJI", "ZHOUJI"), ("COMMITTEE_V0101", "V0101")]
    } else {
        [("STS_TOWN", "V0101"), ("HOUSING", "V0101"), ("LH_TOWN", "V0201"), ("COMMITTEE_V0101", "V0101")]
    }
}

/// What stands in one county's tables, as the office's own hand would write it.
pub(crate) struct Duties<'a> {
    pub(crate) app: &'a App,
    pub(crate) tx: &'a Tx,
    pub(crate) county: &'a str,
    pub(crate) ordinal: &'a mut u32,
    pub(crate) markers: &'a mut BTreeMap<String, (&'static str, String)>,
}

impl Duties<'_> {
    /// Writes every row.
    pub(crate) async fn write(mut self) {
        let campaign = self.tx.from::<campaign::Entity>().one().await.unwrap().unwrap();
        let villages = self.tx.from::<village::Entity>();
        let villages = villages.order(village::Column::Code, Direction::Ascending);
        let villages = villages.all().await.unwrap();
        for (place, (code, village)) in visits(self.county).into_iter().enumerate() {
            let department = self.department(code).await;
            let of_township = villages.iter().find(|row| row.department == department.id);
            let village = villages.iter().find(|row| row.code == village);
            let village = village.or(of_township).unwrap().clone();
            self.visit(&campaign, &department, &village, i32::try_from(place).unwrap() + 1).await;
        }
        for code in ["NPC_OFFICE", "CPPCC_OFFICE"] {
            self.constituent(&campaign, code).await;
        }
        for (code, _) in visits(self.county).into_iter().take(3) {
            self.constituent(&campaign, code).await;
            let department = self.department(code).await.id;
            self.roster(&campaign, department, code).await;
            self.unit_plan(&campaign, department, code).await;
        }
    }

    fn mark(&mut self, department: &str, table: &'static str, key: uuid::Uuid) -> String {
        *self.ordinal += 1;
        let marker = format!("〔{}/{department}/{:04}〕", self.county, self.ordinal);
        self.markers.insert(marker.clone(), (table, key.simple().to_string()));
        marker
    }

    fn key(&self) -> uuid::Uuid {
        self.app.new_key(self.app.clock.now())
    }

    async fn department(&self, code: &str) -> department::Model {
        let named = Predicate::is(department::Column::Code, code);
        let rows = self.tx.from::<department::Entity>().filter(named);
        rows.one().await.unwrap().unwrap()
    }

    async fn visit(
        &mut self,
        campaign: &campaign::Model,
        department: &department::Model,
        village: &village::Model,
        household: i32,
    ) {
        let (id, held, now) = (self.key(), self.key(), self.app.clock.now());
        let (note, topic) =
            (self.mark(&department.code, "visit", id), self.mark(&department.code, "symposium", held));
        let symposium = symposium::Model {
            county: campaign.county.clone(),
            id: SymposiumId(held),
            department: department.id,
            township: Some(village.department),
            committee: village.committee,
            campaign: campaign.id,
            village: Some(village.id),
            held_on: campaign.opens_on,
            place: "村委会".to_owned(),
            topic: format!("饮水与道路{topic}"),
            attendance: 12,
            households: 1,
            client_ref: format!("world-{household}"),
            entered_by: None,
            created_at: now,
        };
        self.tx.insert(symposium.into_active_model()).await.unwrap();
        let row = visit::Model {
            county: campaign.county.clone(),
            id: VisitId(id),
            department: department.id,
            township: village.department,
            committee: village.committee,
            campaign: campaign.id,
            village: village.id,
            household,
            visited_on: campaign.opens_on,
            kind: VisitKind::Door,
            submissions: json!([]),
            with_opinion: false,
            sensitive: true,
            note: format!("已走访{note}"),
            symposium: Some(SymposiumId(held)),
            client_ref: format!("world-{household}"),
            entered_by: None,
            created_at: now,
            withdrawn_at: None,
            withdrawn_reason: None,
            version: 1,
        };
        self.tx.insert(row.into_active_model()).await.unwrap();
    }

    async fn constituent(&mut self, campaign: &campaign::Model, code: &str) {
        let owner = self.department(code).await.id;
        let of_owner = Predicate::is(stream::Column::Department, owner);
        let rows = self.tx.from::<stream::Entity>().filter(of_owner);
        let rows = rows.order(stream::Column::Rank, Direction::Ascending);
        let Some(stream) = rows.one().await.unwrap() else {
            return;
        };
        let (id, now) = (self.key(), self.app.clock.now());
        let county = campaign.county.as_str();
        let sealer = &self.app.sealer;
        let name = sealer.seal(county, id, "constituent", "代表某", [7; 24]);
        let row = constituent::Model {
            county: campaign.county.clone(),
            id: ConstituentId(id),
            department: owner,
            campaign: stream.campaign,
            stream: stream.id,
            constituency: "代表".to_owned(),
            name_sealed: name.unwrap(),
            person_index: sealer.person_index(county, &format!("ref-{code}")),
            registered_on: day_of(now),
            reached_on: Some(day_of(now)),
            created_at: now,
        };
        self.tx.insert(row.into_active_model()).await.unwrap();
    }

    async fn roster(&mut self, campaign: &campaign::Model, department: DepartmentId, code: &str) {
        let (id, line, now) = (self.key(), self.key(), self.app.clock.now());
        let mark = self.mark(code, "roster", id);
        let county = campaign.county.as_str();
        let contact = self.app.sealer.seal(county, line, "roster", "0314-4040404", [9; 24]);
        let row = roster::Model {
            county: campaign.county.clone(),
            id: RosterId(id),
            department,
            campaign: campaign.id,
            version: 1,
            submitted_at: now,
            submitted_on: day_of(now),
            submitted_by: None,
        };
        self.tx.insert(row.into_active_model()).await.unwrap();
        let row = roster_line::Model {
            county: campaign.county.clone(),
            id: RosterLineId(line),
            department,
            roster: RosterId(id),
            rank: 0,
            position: Position::Head,
            name: "负责同志".to_owned(),
            title: "书记".to_owned(),
            duty: format!("第一责任人{mark}"),
            contact_sealed: Some(contact.unwrap()),
        };
        self.tx.insert(row.into_active_model()).await.unwrap();
    }

    async fn unit_plan(&mut self, campaign: &campaign::Model, department: DepartmentId, code: &str) {
        let (id, now) = (self.key(), self.app.clock.now());
        let mark = self.mark(code, "unit_plan", id);
        let on: NaiveDate = day_of(now);
        let row = unit_plan::Model {
            county: campaign.county.clone(),
            id: UnitPlanId(id),
            department,
            campaign: campaign.id,
            number: 1,
            title: format!("实施方案{mark}"),
            content: "目标、分工、时限。".to_owned(),
            state: UnitPlanState::Submitted,
            submitted_at: now,
            submitted_on: on,
            submitted_by: None,
            reviewed_at: None,
            reason: None,
            version: 1,
        };
        self.tx.insert(row.into_active_model()).await.unwrap();
    }
}
