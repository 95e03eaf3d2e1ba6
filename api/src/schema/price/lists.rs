//! How many rows the lists of the schema have that are no pages.

/// Rows of a list of objects that is not listed below.
pub(super) const USUAL_LIST: usize = 20;

/// How long the lists get that are no connections: as in a county of forty departments, or the most that there can be.
pub(super) const LISTS: &[(&str, &str, usize)] = &[
    ("Account", "posts", 5),
    ("Agenda", "items", 100),
    ("Campaign", "channels", 30),
    ("Campaign", "forms", 30),
    ("Campaign", "streams", 30),
    ("ImportBatch", "failures", 200),
    ("IntakeStream", "fields", 5),
    ("Overview", "rows", 100),
    ("OverviewRow", "keys", 2),
    ("Query", "campaigns", 4),
    ("PersonFindPayload", "submissions", 50),
    ("Query", "queueCounts", 10),
    ("Query", "streams", 30),
    ("Query", "submissionFind", 2),
    ("StreamForm", "fields", 5),
    ("SubmissionEdge", "highlights", 2),
    ("SubmissionImportPayload", "failures", 200),
    ("SubmissionImportPayload", "preview", 5),
    ("SubmissionImportPayload", "repeats", 200),
    ("Viewer", "posts", 5),
    ("Circular", "figures", 30),
    ("Circular", "receipts", 30),
    ("Finding", "rectifications", 3),
    ("Inspection", "findings", 10),
    ("Project", "agendaItems", 3),
    ("Project", "evaluations", 3),
    ("Project", "milestones", 10),
    ("__Schema", "types", 150),
    ("__Schema", "directives", 10),
    ("__Directive", "args", 2),
    ("__Type", "fields", 6),
    ("__Type", "interfaces", 1),
    ("__Type", "possibleTypes", 1),
    ("__Type", "enumValues", 6),
    ("__Type", "inputFields", 6),
    ("__Field", "args", 2),
    ("Coverage", "classes", 2),
    ("Coverage", "townships", 15),
    ("TownshipCoverage", "classes", 2),
    ("TownshipCoverage", "villages", 8),
    ("Visit", "submissions", 2),
    ("SubmissionsClassifyPayload", "outcomes", 100),
    ("SubmissionsWithdrawPayload", "outcomes", 100),
    ("SubmissionRowOutcome", "userErrors", 2),
    ("VisitBatchRecordPayload", "outcomes", 200),
    ("VisitRowOutcome", "userErrors", 2),
    ("ConstituencyCoverage", "streams", 10),
    ("StreamConstituencies", "constituencies", 3),
    ("Query", "weeklyReportStatus", 40),
    ("Query", "summaryTableStatus", 40),
    ("WeeklyFigures", "classes", 11),
    ("WeeklyFigures", "stages", 5),
    ("SummaryTable", "obstacles", 4),
    ("Query", "rosterStatus", 60),
    ("Query", "rosters", 10),
    ("Roster", "lines", 5),
    ("Campaign", "conformance", 45),
    ("PublicCampaign", "channels", 5),
    ("PublicCampaign", "fields", 12),
    ("PublicCampaign", "forms", 30),
    ("PublicCampaign", "kinds", 5),
    ("PublicCampaign", "notices", 2),
    ("PublicCampaign", "stages", 11),
    ("PublicCampaign", "townships", 30),
    ("Query", "weeklyReportPreview", 2),
    ("CalendarYear", "specialDays", 40),
    ("Explanation", "formerVersions", 3),
    ("Query", "dispositionCounts", 7),
    ("Submission", "formerTexts", 2),
    ("Submission", "invalidations", 2),
    ("FormerText", "extra", 5),
    ("SubmissionsAssignPayload", "outcomes", 100),
];

/// The lists of introspection, which no schema prints.
pub(super) const INTROSPECTION: &str = "
    type __Schema { types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type directives: [__Directive!]! }
    type __Type { fields: [__Field!] interfaces: [__Type!] possibleTypes: [__Type!] enumValues: [__EnumValue!]
        inputFields: [__InputValue!] ofType: __Type }
    type __Field { args: [__InputValue!]! type: __Type! }
    type __InputValue { type: __Type! }
    type __EnumValue { name: String! }
    type __Directive { args: [__InputValue!]! }
";
