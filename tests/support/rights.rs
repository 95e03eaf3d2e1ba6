//! What each profile may see and change, by the table of the mission: stated here a second time, on purpose, and without
//! a glance at the code that is tested.

use entity::enums::{Position, RightsProfile};

use super::truth::{Row, Truth, flag, text};
use super::world::Who;

/// Whether somebody sees all suggestions of the county.
pub(crate) fn sees_county(who: &Who) -> bool {
    use RightsProfile as P;
    matches!(who.profile, Some(P::CampaignOffice | P::Supervision | P::Analysis | P::Leadership))
}

/// Whether somebody manages every account of the county.
pub(crate) fn manages_county(who: &Who) -> bool {
    who.profile == Some(RightsProfile::Administrator)
}

/// Whether somebody manages the accounts of the own department.
pub(crate) fn manages_department(who: &Who) -> bool {
    who.position == Position::Head && !who.department.is_empty()
}

/// Whether somebody collects: works on the own stream and may see who is behind a suggestion.
pub(crate) fn collects(who: &Who) -> bool {
    matches!(who.profile, Some(RightsProfile::Collector | RightsProfile::ChannelOwner))
}

/// Whether somebody writes papers: about the campaign or about other departments.
fn files(who: &Who) -> bool {
    use RightsProfile as P;
    matches!(who.profile, Some(P::Supervision | P::Analysis | P::Discipline | P::Publication))
}

/// Whether somebody may see a row of a table.
#[expect(clippy::match_same_arms, reason = "one arm per capability, to be read as a table")]
pub(crate) fn sees(truth: &Truth, who: &Who, table: &str, row: &Row) -> bool {
    let county = text(row, if table == "county" { "code" } else { "county" });
    let own = |column: &str| !who.department.is_empty() && text(row, column) == who.department;
    let shared = |column: &str| {
        let mut sharers = truth.sharers(text(row, column));
        sees_county(who) || sharers.any(|department| department == who.department)
    };
    let managed = manages_county(who) || (manages_department(who) && own("department"));
    let auditor = who.profile == Some(RightsProfile::Auditor);
    if who.county.is_empty() || county != who.county {
        return false;
    }
    match table {
        // A portal reads what its citizens need in order to write.
        "campaign" | "department" | "channel" | "category" | "account_index" | "receipt_index"
        | "village_register" | "campaign_closing" | "circular"
            if is_portal(who) =>
        {
            shown_to_portal(truth, who, table, row)
        }
        // Directories; the index tables answer nothing but whose a name or a code is, within the county.
        "county" | "campaign" | "department" | "channel" | "category" | "village" | "account_index"
        | "receipt_index" => true,
        // What a department hands in is its own and the county's.
        "stream" | "share" | "counter" | "import_batch" | "tally" | "tally_delta" | "weekly_report"
        | "summary_table" | "summary_line" | "summary_source" | "summary_document" | "summary_scan" => {
            sees_county(who) || own("department")
        }
        "submission" => shared("id"),
        "person" | "record" | "former_text" | "invalidation" | "submission_text" => shared("submission"),
        "account" => managed || text(row, "id") == who.actor,
        "post" | "account_request" => managed || text(row, "account") == who.actor,
        "session" => manages_county(who) || text(row, "account") == who.actor,
        "idempotency" => manages_county(who) || text(row, "actor") == who.actor,
        "portal_client" => manages_county(who) || text(row, "id") == who.actor,
        "audit_entry" | "audit_seal" | "audit_head" => auditor,
        "job_lease" => manages_county(who) || text(row, "holder") == who.actor,
        // Which keys are in use, sealed.
        "key_version" => auditor,
        "village_register" => true,
        // A visit is its visitor's, and the township's and committee's in whose village it was.
        "visit" | "symposium" => sees_county(who) || own("department") || own("township") || own("committee"),
        "household_reach" => sees_county(who) || own("department") || own("committee"),
        "constituent" | "roster" | "roster_line" | "unit_plan" | "duty_task" => {
            sees_county(who) || own("department")
        }
        // The office's notes; a department has no part in them but its views and its own sources.
        "merger" | "meeting" | "project_source" | "project_view" => sees_county(who) || own("department"),
        "project" => sees_county(who) || views(truth, who, text(row, "id")),
        "agenda_item" | "milestone" | "progress" | "vote" | "evaluation" => {
            sees_county(who) || views(truth, who, text(row, "project"))
        }
        "explanation"
        | "explanation_cover"
        | "explanation_version"
        | "rectification"
        | "circular_receipt" => sees_county(who) || own("department"),
        // With the project that it is about, and by whoever replaced it.
        "former_version" => {
            sees_county(who)
                || own("department")
                || own("concerned")
                || views(truth, who, text(row, "project"))
        }
        "campaign_closing" => true,
        "acknowledgement" | "publicity" => sees_county(who) || own("department"),
        "inspection" | "finding" => sees_county(who) || own("department") || own("inspected"),
        "circular" => sees_county(who) || own("department") || text(row, "status") == "ISSUED",
        other => panic!("say who sees the table {other}"),
    }
}

/// Whether somebody is a portal.
fn is_portal(who: &Who) -> bool {
    who.profile == Some(RightsProfile::Portal)
}

/// Whether a row of its county is shown to a portal: of its campaign, its channel, or a township.
fn shown_to_portal(truth: &Truth, who: &Who, table: &str, row: &Row) -> bool {
    let Some(client) = truth.row("portal_client", &who.actor) else {
        return false;
    };
    let bound = |column: &str, to: &str| text(row, column) == text(client, to);
    let mut villages = truth.rows("village").iter();
    match table {
        "campaign" => bound("id", "campaign"),
        "category" => bound("campaign", "campaign"),
        "channel" => bound("id", "channel"),
        "department" => villages.any(|village| text(village, "department") == text(row, "id")),
        _ => false,
    }
}

/// Whether somebody's department has a view of a project.
fn views(truth: &Truth, who: &Who, project: &str) -> bool {
    let mut views = truth.rows("project_view").iter();
    !who.department.is_empty()
        && views.any(|view| text(view, "project") == project && text(view, "department") == who.department)
}

/// Whether somebody may be shown, masked, who is behind a suggestion.
pub(crate) fn sees_person(who: &Who, submission: &Row) -> bool {
    collects(who)
        && text(submission, "county") == who.county
        && text(submission, "department") == who.department
        && !flag(submission, "confidential")
}

/// Whether a row may be the target of somebody's steps.
pub(crate) fn may_target(truth: &Truth, who: &Who, table: &str, row: &Row) -> bool {
    let own = !who.department.is_empty() && text(row, "department") == who.department;
    let here = !who.county.is_empty() && text(row, "county") == who.county;
    match table {
        // The office merges suggestions, and moves one to another stream.
        "submission" | "stream" if who.profile == Some(RightsProfile::CampaignOffice) => here,
        "submission" => here && own && collects(who),
        "stream" | "visit" | "constituent" => here && own,
        // A head grants posts of its own department; every form names departments of the county.
        "department" => {
            // The office names who carries a project out, supervision whom it inspects, whoever reads the county whose
            // figures it carries out.
            use RightsProfile as P;
            let names =
                matches!(who.profile, Some(P::CampaignOffice | P::Supervision | P::Analysis | P::Leadership));
            here && (names || manages_county(who) || text(row, "id") == who.department)
        }
        "account" | "post" => here && (manages_county(who) || (manages_department(who) && own)),
        // The department writes its tables, the office decides on them, and whoever sees one may carry it out.
        _ => sees(truth, who, table, row),
    }
}

/// Whether somebody's transaction may change a row at all; which operation may, the rights table says beside.
#[expect(clippy::match_same_arms, reason = "one arm per capability, to be read as a table")]
pub(crate) fn changes(truth: &Truth, who: &Who, table: &str, row: &Row) -> bool {
    let here =
        !who.county.is_empty() && text(row, if table == "county" { "code" } else { "county" }) == who.county;
    let own = |column: &str| !who.department.is_empty() && text(row, column) == who.department;
    let office = who.profile == Some(RightsProfile::CampaignOffice);
    let works_on = |column: &str| {
        let shares = truth.rows("share").iter();
        let mut mine = shares.filter(|share| {
            text(share, "submission") == text(row, column) && text(share, "department") == who.department
        });
        office || (collects(who) && mine.any(|share| text(share, "capability") != "READ"))
    };
    here && match table {
        // Plan content is the office's.
        "county" | "campaign" | "department" | "channel" | "category" | "village" | "stream" => office,
        "submission" => works_on("id"),
        "person" | "record" | "invalidation" => works_on("submission"),
        // What stood there before is touched by an erasure alone.
        "former_text" => {
            let mut persons = truth.rows("person").iter();
            let erased = |person: &Row| {
                text(person, "submission") == text(row, "submission") && !text(person, "erased_at").is_empty()
            };
            works_on("submission") && persons.any(erased)
        }
        // The office answers what departments hand in; rules and triggers say how little of it still changes.
        "share" | "counter" | "import_batch" | "tally" | "tally_delta" | "weekly_report"
        | "summary_table" | "summary_line" | "summary_source" | "summary_document" | "summary_scan" => {
            office || (collects(who) && own("department"))
        }
        // Oneself changes one's password, but grants oneself no post.
        "account" | "session" | "portal_client" | "idempotency" | "job_lease" => sees(truth, who, table, row),
        "post" | "account_request" => manages_county(who) || (manages_department(who) && own("department")),
        // Whose a name or a code is, is said once.
        "account_index" | "receipt_index" => false,
        "audit_entry" | "audit_seal" | "audit_head" | "key_version" => false,
        "village_register" => office,
        // A village account changes what it visited in its own village.
        "visit" | "symposium" => {
            let village = who.profile == Some(RightsProfile::Village) && own("committee");
            office || (own("department") && (collects(who) || village))
        }
        "household_reach" => false,
        "constituent" | "roster" | "roster_line" | "unit_plan" | "duty_task" => {
            office || (collects(who) && own("department"))
        }
        "merger" | "meeting" | "project_source" | "project_view" | "project" | "agenda_item"
        | "campaign_closing" => office,
        "milestone" | "progress" | "vote" | "evaluation" => {
            let seen = views(truth, who, text(row, "project"));
            office || (collects(who) && own("department") && seen)
        }
        "explanation"
        | "explanation_cover"
        | "explanation_version"
        | "rectification"
        | "circular_receipt" => office || (collects(who) && own("department")),
        // It stays as it was kept.
        "former_version" => false,
        // Whoever is addressed says so, and whoever reports on the campaign writes it down.
        "acknowledgement" | "publicity" => office || ((collects(who) || files(who)) && own("department")),
        "inspection" | "finding" | "circular" => {
            let inspects = who.profile == Some(RightsProfile::Supervision);
            office || (inspects && own("department"))
        }
        other => panic!("say who changes the table {other}"),
    }
}

/// Whether somebody may add a row as it stands.
pub(crate) fn adds(truth: &Truth, who: &Who, table: &str, row: &Row) -> bool {
    let here =
        !who.county.is_empty() && text(row, if table == "county" { "code" } else { "county" }) == who.county;
    let own = |column: &str| !who.department.is_empty() && text(row, column) == who.department;
    let office = who.profile == Some(RightsProfile::CampaignOffice);
    here && match table {
        // Triggers alone write the first two; a trail is everybody's to add to, its chain the operator's alone.
        "tally_delta" | "household_reach" | "audit_seal" | "audit_head" => false,
        "audit_entry" | "account_index" | "receipt_index" => true,
        "stream" => office,
        "submission" => office || (collects(who) && own("department")),
        // Nobody lets others see a suggestion, or sees another's, by adding a share.
        "share" => {
            let collected = text(row, "capability") == "COLLECT" && own("owner");
            office || (collects(who) && own("department") && collected)
        }
        "submission_text" | "former_text" => changes(truth, who, "record", row),
        // Whoever writes papers writes its own; which of them may inspect, the operations say.
        "inspection" | "finding" | "circular" => office || (files(who) && own("department")),
        "former_version" => {
            let about = text(row, "project").is_empty() || views(truth, who, text(row, "project"));
            office || ((collects(who) || files(who)) && own("department") && about)
        }
        "account" | "post" => manages_county(who) || (manages_department(who) && own("department")),
        "visit" | "symposium" => registered(truth, row) && changes(truth, who, table, row),
        // Who may change a row may add it.
        _ => changes(truth, who, table, row),
    }
}

/// Whether township and committee of a row are those of its village.
fn registered(truth: &Truth, row: &Row) -> bool {
    let of_row = ["village", "township", "committee"].map(|column| text(row, column));
    let mut villages = truth
        .rows("village")
        .iter()
        .map(|village| ["id", "department", "committee"].map(|column| text(village, column)));
    of_row == [""; 3] || villages.any(|village| village == of_row)
}
