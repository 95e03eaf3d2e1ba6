//! The Shuangluan campaign, played whole by one script: from the notice of 2019-10-15 to the standing committee, the
//! explanations and the closing, through GraphQL on the injected clock.
//!
//! Who does what when stands in the acts; what comes of it stands in the table of [`ending`]. On purpose late or missing:
//! Luanhe's roster comes a day late and the culture bureau's never, Taxi street leaves out the report of 1 November and
//! Nanshan street hands that of 8 November in a day late, six departments collect nothing and sign no table, and of 48
//! villages and communities four reach their rate.

mod carrying;
mod closing;
mod coverage;
mod decisions;
mod ending;
mod field;
mod meetings;
mod opening;
mod reports;
mod rosters;
mod stage;
mod supervising;
mod tables;

use stage::Play;

use crate::support::TestApp;
use crate::support::on_both_databases;

/// Those that own a stream, in the plan's order: each owes a roster, a report every Friday and a signed table.
const OWING: [&str; 30] = [
    "STS_TOWN",
    "LH_TOWN",
    "DM_TOWN",
    "PQZ_TOWN",
    "CZZ_TOWNSHIP",
    "XD_TOWNSHIP",
    "YBS_STREET",
    "GC_STREET",
    "XS_STREET",
    "BH_STREET",
    "TX_STREET",
    "NS_STREET",
    "NPC_OFFICE",
    "CPPCC_OFFICE",
    "ORGANIZATION",
    "UNITED_FRONT",
    "INDUSTRY_COMMERCE",
    "HOUSING",
    "TRANSPORT",
    "EDUCATION_SPORTS",
    "HEALTH",
    "CIVIL_AFFAIRS",
    "HUMAN_RESOURCES",
    "AGRICULTURE",
    "URBAN_MANAGEMENT",
    "ENVIRONMENT",
    "CULTURE_TOURISM",
    "PUBLICITY",
    "TV_STATION",
    "GOVERNMENT_AFFAIRS",
];

/// Those that collect nothing in the month.
const SILENT: [&str; 6] =
    ["CIVIL_AFFAIRS", "HUMAN_RESOURCES", "AGRICULTURE", "URBAN_MANAGEMENT", "ENVIRONMENT", "CULTURE_TOURISM"];

/// Those that collect something.
fn collecting() -> impl Iterator<Item = &'static str> {
    OWING.into_iter().filter(|code| !SILENT.contains(code))
}

on_both_databases! {
    async fn the_campaign_runs_from_the_notice_to_its_closing_as_the_notice_says(app: TestApp) {
        let play = Play::begin(app).await;
        opening::play(&play).await;
        rosters::play(&play).await;
        reports::friday(&play, "2019-10-18").await;
        field::first_wave(&play).await;
        reports::friday(&play, "2019-10-25").await;
        supervising::inspection(&play).await;
        ending::publicity(&play).await;
        reports::friday(&play, "2019-11-01").await;
        supervising::circular(&play).await;
        reports::friday(&play, "2019-11-08").await;
        field::second_wave(&play).await;
        tables::signing(&play).await;
        reports::friday(&play, "2019-11-15").await;
        coverage::at_the_end(&play).await;
        tables::late_arrival(&play).await;
        tables::returning(&play).await;
        tables::supplement(&play).await;
        decisions::play(&play).await;
        meetings::play(&play).await;
        closing::play(&play).await;
        carrying::play(&play).await;
        ending::conformance(&play).await;
    }
}
