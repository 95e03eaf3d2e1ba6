//! Visits and symposiums found again, and how many there were.

use chrono::{Days, NaiveDate};
use entity::enums::VisitKind;
use entity::id::{CampaignId, DepartmentId, VillageId, VisitId};
use entity::{symposium, visit};
use sea_orm::Value;

use crate::db::{Fault, Predicate, Tx};

/// Narrows a list of visits; what is left out does not.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Campaigns.
    pub campaigns: Option<Vec<CampaignId>>,
    /// Villages.
    pub villages: Option<Vec<VillageId>>,
    /// Visiting departments.
    pub departments: Option<Vec<DepartmentId>>,
    /// Ways.
    pub kinds: Option<Vec<VisitKind>>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day, itself included.
    pub to: Option<NaiveDate>,
    /// Withdrawn ones, or those that count.
    pub withdrawn: Option<bool>,
}

impl Filter {
    /// As a condition on visits.
    #[must_use]
    pub fn predicate(&self) -> Predicate<visit::Column> {
        use visit::Column as C;
        let mut all = Vec::new();
        let among = |column: C, keys: Option<Vec<Value>>| keys.map(|keys| Predicate::In(column, keys));
        all.extend(among(C::Campaign, values(self.campaigns.as_ref())));
        all.extend(among(C::Village, values(self.villages.as_ref())));
        all.extend(among(C::Department, values(self.departments.as_ref())));
        all.extend(among(C::Kind, values(self.kinds.as_ref())));
        all.extend(self.from.map(|day| Predicate::AtLeast(C::VisitedOn, day.into())));
        all.extend(self.to.map(|day| {
            let after = day.checked_add_days(Days::new(1)).unwrap_or(day);
            Predicate::Below(C::VisitedOn, after.into())
        }));
        all.extend(self.withdrawn.map(|withdrawn| {
            if withdrawn { Predicate::Present(C::WithdrawnAt) } else { Predicate::Empty(C::WithdrawnAt) }
        }));
        Predicate::All(all)
    }
}

fn values<T: Copy + Into<Value>>(keys: Option<&Vec<T>>) -> Option<Vec<Value>> {
    keys.map(|keys| keys.iter().map(|key| (*key).into()).collect())
}

/// One visit, if the viewer sees it.
pub async fn visit_of(tx: &Tx, id: VisitId) -> Result<Option<visit::Model>, Fault> {
    let this = Predicate::is(visit::Column::Id, id);
    tx.from::<visit::Entity>().filter(this).one().await
}

/// What one department did, as a clause asks (S12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The department.
    pub department: DepartmentId,
    /// How many.
    pub count: i64,
}

/// Visits of each department up to a day, without those withdrawn (S12).
pub async fn visit_tally(tx: &Tx, campaign: CampaignId, as_of: NaiveDate) -> Result<Vec<Tally>, Fault> {
    let filter = Filter {
        campaigns: Some(vec![campaign]),
        to: Some(as_of),
        withdrawn: Some(false),
        ..Filter::default()
    };
    let rows = tx.from::<visit::Entity>().filter(filter.predicate());
    let groups = rows.count_by(&[visit::Column::Department], None).await?;
    groups.iter().map(tally).collect()
}

/// Symposiums of each department up to a day (S12).
pub async fn symposium_tally(tx: &Tx, campaign: CampaignId, as_of: NaiveDate) -> Result<Vec<Tally>, Fault> {
    let after = as_of.checked_add_days(Days::new(1)).unwrap_or(as_of);
    let of_campaign = Predicate::is(symposium::Column::Campaign, campaign);
    let until = of_campaign.and(Predicate::Below(symposium::Column::HeldOn, after.into()));
    let rows = tx.from::<symposium::Entity>().filter(until);
    let groups = rows.count_by(&[symposium::Column::Department], None).await?;
    groups.iter().map(tally).collect()
}

fn tally(group: &crate::db::Group) -> Result<Tally, Fault> {
    Ok(Tally { department: group.key(0)?, count: group.figure()? })
}
