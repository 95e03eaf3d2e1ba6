//! What stands in a county after a test: its suggestions and records without gaps, its rollups, its audit trail.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::County;
use entity::{audit_entry, record, submission};
use minsheng::app::notes::Which;
use minsheng::audit::{self, Horizon};
use minsheng::db::Tx;
use minsheng::rollups;
use minsheng::scope::system;

use super::TestApp;

/// Enters a suggestion; asks for what a test compares.
pub(crate) const RECORD: &str =
    "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) {
    submission { id number version stage } userErrors { code field } } }";

impl TestApp {
    /// A read over all of a county.
    pub(crate) async fn county_read(&self, county: &str) -> Tx {
        let operator = system::operator(code(county));
        self.app.db.begin_read(&operator).await.unwrap()
    }

    /// Every suggestion of a county.
    pub(crate) async fn submissions(&self, county: &str) -> Vec<submission::Model> {
        let tx = self.county_read(county).await;
        tx.from::<submission::Entity>().all().await.unwrap()
    }

    /// Every line of a county's audit trail, those that waited to be written too.
    pub(crate) async fn trail(&self, county: &str) -> Vec<audit_entry::Model> {
        audit::write_notes(&self.app, Which::All).await.unwrap();
        let tx = self.county_read(county).await;
        tx.from::<audit_entry::Entity>().all().await.unwrap()
    }

    /// Case numbers run from 1 in each stream and year, record numbers in each department; none missing, none twice.
    pub(crate) async fn assert_numbers_have_no_gaps(&self, county: &str) {
        let mut cases: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in self.submissions(county).await {
            let (series, number) = row.number.rsplit_once('-').unwrap();
            cases.entry(series.to_owned()).or_default().push(number.parse().unwrap());
        }
        let tx = self.county_read(county).await;
        let mut ledgers: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in tx.from::<record::Entity>().all().await.unwrap() {
            ledgers.entry(format!("record of {}", row.department.0)).or_default().push(row.number);
        }
        for (series, numbers) in cases.iter().chain(&ledgers) {
            let last = i64::try_from(numbers.len()).unwrap();
            let different: BTreeSet<i64> = numbers.iter().copied().collect();
            assert_eq!(different, (1..=last).collect(), "{series}: {numbers:?}");
        }
    }

    /// The rollups and what is not folded yet are what a recount finds.
    pub(crate) async fn assert_tally_is_right(&self, county: &str) {
        let check = rollups::check(&self.app, &code(county)).await.unwrap();
        assert_eq!(check.wrong_cells, 0, "{county}: {check:?}");
    }

    /// Once everything is sealed, the chain holds and has every line.
    pub(crate) async fn assert_trail_holds(&self, county: &str) {
        let lines = u64::try_from(self.trail(county).await.len()).unwrap();
        audit::seal(&self.app, &code(county), Horizon::Everything).await.unwrap();
        let verified = audit::verify(&self.app, &code(county), &[]).await.unwrap();
        assert_eq!(verified.first_break, None, "{county}: {verified:?}");
        assert_eq!(verified.unsealed_tail, 0, "{county}: {verified:?}");
        assert_eq!(verified.sealed, lines, "{county}: {verified:?}");
    }
}

/// A county's code.
pub(crate) fn code(county: &str) -> County {
    County::parse(county).unwrap()
}
