//! The suggestions that tables are made of, in as few columns as figures need.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::enums::{Capability, Stage, Urgency};
use entity::id::{CampaignId, CategoryId, DepartmentId, SubmissionId, VillageId};
use entity::{person, share, submission, village};

use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::reporting::summary::line::Source;
use crate::reporting::summary::rules::counts;

/// Keys of one statement at most: both databases bound the number of parameters.
const CHUNK: usize = 1_000;

/// A suggestion that a department collected, as its table has to account for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) category: Option<CategoryId>,
    pub(super) stage: Stage,
    pub(super) received_on: NaiveDate,
}

impl Held {
    /// Whether a table has to hold it: classified, and neither withdrawn nor inadmissible.
    pub(super) const fn is_due(&self) -> bool {
        counts(self.stage) && self.category.is_some()
    }
}

/// Everything that a department collected in a campaign.
pub(super) async fn held(
    tx: &Tx,
    campaign: CampaignId,
    department: DepartmentId,
) -> Result<BTreeMap<SubmissionId, Held>, Fault> {
    use share::Column as C;
    let these = Predicate::All(vec![
        Predicate::is(C::Department, department),
        Predicate::is(C::Campaign, campaign),
        Predicate::is(C::Capability, Capability::Collect),
    ]);
    let columns = [C::Submission, C::Category, C::Stage, C::ReceivedOn];
    let rows = tx.from::<share::Entity>().filter(these);
    let mut found = BTreeMap::new();
    for row in rows.count_by(&columns, None).await? {
        let held = Held {
            category: row.key(1)?,
            stage: parsed(Stage::parse, &row.key::<String>(2)?)?,
            received_on: row.key(3)?,
        };
        found.insert(row.key(0)?, held);
    }
    Ok(found)
}

/// What lines are made of: case numbers, and what goes into the figures.
pub(super) async fn sources(
    tx: &Tx,
    app: &App,
    ids: &[SubmissionId],
) -> Result<BTreeMap<SubmissionId, (String, Source)>, Fault> {
    use submission::Column as C;
    let villages = villages(tx).await?;
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let mut phones = phones(tx, app, chunk).await?;
        let columns = [C::Id, C::Number, C::Beneficiaries, C::Urgency, C::Village];
        let rows = tx.from::<submission::Entity>();
        let rows = rows.filter(Predicate::among(C::Id, chunk.iter().copied()));
        for row in rows.count_by(&columns, None).await? {
            let id: SubmissionId = row.key(0)?;
            let village: Option<VillageId> = row.key(4)?;
            let source = Source {
                phone: phones.remove(&id).flatten(),
                beneficiaries: row.key(2)?,
                urgency: parsed(Urgency::parse, &row.key::<String>(3)?)?,
                village: village.and_then(|id| villages.get(&id).cloned()),
            };
            found.insert(id, (row.key(1)?, source));
        }
    }
    Ok(found)
}

/// Telephones of those behind some suggestions, as keyed hashes of one key: equal for equal telephones.
async fn phones(
    tx: &Tx,
    app: &App,
    ids: &[SubmissionId],
) -> Result<HashMap<SubmissionId, Option<String>>, Fault> {
    use person::Column as C;
    let rows = tx.from::<person::Entity>();
    let rows = rows.filter(Predicate::among(C::Submission, ids.iter().copied()));
    let columns = [C::Submission, C::PhoneIndex, C::PhoneSealed];
    let rows = rows.count_by(&columns, None).await?;
    let county = tx.viewer().county().as_str();
    let comparable = |(index, sealed): (String, String)| app.sealer.comparable(county, &sealed, &index);
    rows.iter()
        .map(|row| {
            let index: Option<String> = row.key(1)?;
            Ok((row.key(0)?, index.zip(row.key(2)?).map(comparable)))
        })
        .collect()
}

async fn villages(tx: &Tx) -> Result<HashMap<VillageId, (String, String)>, Fault> {
    let rows = tx.from::<village::Entity>().all().await?;
    let named = rows.into_iter().map(|row| (row.id, (row.code, row.name)));
    Ok(named.collect())
}

fn parsed<T>(parse: impl Fn(&str) -> Option<T>, text: &str) -> Result<T, Fault> {
    parse(text).ok_or_else(|| Fault::Broken(format!("{text} is no value of its column")))
}
