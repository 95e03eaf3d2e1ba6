//! Who of a department works on a suggestion: given, taken, given back, handed over when somebody leaves, and nobody else's
//! business.

use entity::enums::Position;
use minsheng::ids::Kind;
use serde_json::{Value, json};

use crate::decision::{call, done, entered};
use crate::exports::table;
use crate::queries::fill_with;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::truth::{Raw, text};
use crate::support::{TestApp, code, on_both_databases};

const OUTCOMES: &str =
    "taken refused outcomes { submission { version assignee isMine } userErrors { code field } }";
const SEEN: &str = "query ($id: ID!) { node(id: $id) { ... on Submission { version assignee isMine stage
    permissions { canAssign } records(last: 1) { action note by fromStage toStage } } } }";
const COUNT: &str =
    "query ($filter: SubmissionFilter) { submissions(filter: $filter) { totalCount nodes { id } }
    overview(filter: $filter) { total { received } } }";
const AGENDA: &str = "{ viewer { agenda { items { kind title count action object { kind id } } } } }";
/// What every account of these tests is called.
const NAME: &str = "测试账号";

/// The head of a department, two who work there, and a case that nobody has.
struct Office {
    app: TestApp,
    head: Persona,
    deputy: Persona,
    officer: Persona,
    case: Value,
}

impl Office {
    async fn of(app: TestApp) -> Self {
        let app = app.with_both_counties().await;
        let head = app.persona(HUOQIU, "T_HEKOU", Position::Head).await;
        let deputy = app.persona(HUOQIU, "T_HEKOU", Position::Deputy).await;
        let officer = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let case = entered(&app, &officer, "first").await;
        Self { app, head, deputy, officer, case }
    }

    /// The account of somebody of the department, as its head knows it.
    async fn account(&self, who: &Persona) -> Value {
        account(&self.app, &self.head, who).await
    }

    /// Gives the case at a version to somebody, or to nobody: `OK` or the code.
    async fn gives(&self, by: &Persona, version: i32, to: &Value) -> String {
        gives(&self.app, by, (&self.case, version), to).await
    }

    async fn seen(&self, who: &Persona) -> Value {
        self.app.data(who, SEEN, json!({ "id": self.case })).await["node"].clone()
    }
}

async fn account(app: &TestApp, manager: &Persona, who: &Persona) -> Value {
    let data = app.data(manager, "{ accounts(first: 100) { nodes { id login } } }", json!({})).await;
    let accounts = data["accounts"]["nodes"].as_array().unwrap();
    accounts.iter().find(|account| account["login"] == who.login.as_str()).unwrap()["id"].clone()
}

async fn assign(app: &TestApp, by: &Persona, rows: Value) -> Value {
    call(app, by, "submissionsAssign", OUTCOMES, json!({ "rows": rows })).await
}

async fn gives(app: &TestApp, by: &Persona, (case, version): (&Value, i32), to: &Value) -> String {
    let payload =
        assign(app, by, json!([{ "submissionId": case, "expectedVersion": version, "accountId": to }])).await;
    payload["outcomes"][0]["userErrors"][0]["code"].as_str().unwrap_or("OK").to_owned()
}

/// The ids under a filter; count and figures must agree with them.
async fn found(app: &TestApp, who: &Persona, filter: Value) -> Vec<Value> {
    let data = app.data(who, COUNT, json!({ "filter": filter })).await;
    let nodes = data["submissions"]["nodes"].as_array().unwrap();
    let ids: Vec<Value> = nodes.iter().map(|node| node["id"].clone()).collect();
    assert_eq!(data["submissions"]["totalCount"], ids.len(), "{filter}");
    assert_eq!(data["overview"]["total"]["received"], ids.len(), "{filter}");
    ids
}

/// What waits to be handed over, as somebody's agenda lists it.
async fn left_behind(app: &TestApp, who: &Persona) -> Vec<Value> {
    let data = app.data(who, AGENDA, json!({})).await;
    let items = data["viewer"]["agenda"]["items"].as_array().unwrap().clone();
    items.into_iter().filter(|item| item["kind"] == "TO_REASSIGN").collect()
}

on_both_databases! {
    async fn the_head_gives_and_everybody_else_takes_what_nobody_has_and_gives_it_back(app: TestApp) {
        let office = Office::of(app).await;
        let (officer, deputy, nobody) = (office.account(&office.officer).await, office.account(&office.deputy).await, Value::Null);
        let buttons = async || {
            let mut lit = Vec::new();
            for who in [&office.head, &office.deputy, &office.officer] {
                lit.push(office.seen(who).await["permissions"]["canAssign"] == true);
            }
            lit
        };
        assert_eq!(buttons().await, [true, true, true]);
        assert_eq!(office.gives(&office.officer, 1, &nobody).await, "DUPLICATE", "nobody has it");
        assert_eq!(office.gives(&office.officer, 1, &deputy).await, "NOT_FOUND", "only the head names others");
        assert_eq!(office.gives(&office.officer, 1, &officer).await, "OK");
        let seen = office.seen(&office.officer).await;
        assert_eq!((&seen["version"], &seen["assignee"], &seen["isMine"], &seen["stage"]), (&json!(2), &json!(NAME), &json!(true), &json!("RECEIVED")));
        let line = &seen["records"][0];
        assert_eq!((&line["action"], &line["note"], &line["fromStage"], &line["toStage"]), (&json!("ASSIGNED"), &Value::Null, &json!("RECEIVED"), &json!("RECEIVED")));
        assert!(line["by"].as_str().unwrap().contains(NAME), "{line}");
        let beside = office.seen(&office.deputy).await;
        assert_eq!((&beside["assignee"], &beside["isMine"]), (&json!(NAME), &json!(false)));
        assert_eq!(buttons().await, [true, false, true]);
        for to in [&deputy, &nobody] {
            assert_eq!(office.gives(&office.deputy, 2, to).await, "NOT_ENTITLED", "another has it");
        }
        assert_eq!(office.gives(&office.head, 1, &deputy).await, "STALE_VERSION");
        assert_eq!(office.gives(&office.head, 2, &officer).await, "DUPLICATE");
        assert_eq!(office.gives(&office.head, 2, &deputy).await, "OK");
        assert_eq!(office.gives(&office.officer, 3, &nobody).await, "NOT_ENTITLED", "it is the officer's no more");
        assert_eq!(office.gives(&office.deputy, 3, &nobody).await, "OK");
        let seen = office.seen(&office.deputy).await;
        assert_eq!((&seen["version"], &seen["assignee"], &seen["isMine"], &seen["records"][0]["action"]), (&json!(4), &json!(""), &json!(false), &json!("UNASSIGNED")));
        office.app.assert_tally_is_right(HUOQIU).await;
    }

    async fn of_two_who_take_at_once_one_is_told(app: TestApp) {
        let office = Office::of(app).await;
        let (officer, deputy) = (office.account(&office.officer).await, office.account(&office.deputy).await);
        let (one, other) = tokio::join!(office.gives(&office.officer, 1, &officer), office.gives(&office.deputy, 1, &deputy));
        let mut ends = [one, other];
        ends.sort();
        assert_eq!(ends, ["OK", "STALE_VERSION"]);
        assert_eq!(office.seen(&office.head).await["version"], 2);
    }

    async fn work_is_given_to_whoever_holds_a_post_here_now_and_of_what_has_not_ended(app: TestApp) {
        let office = Office::of(app).await;
        let app = &office.app;
        let neighbour = app.persona(HUOQIU, "T_ZHOUJI", Position::Head).await;
        let foreign = entered(app, &neighbour, "foreign").await;
        let (officer, deputy, other) = (office.account(&office.officer).await, office.account(&office.deputy).await, account(app, &neighbour, &neighbour).await);
        for to in [&other, &office.case, &json!("nonsense")] {
            assert_eq!(office.gives(&office.head, 1, to).await, "NOT_FOUND", "{to}");
        }
        assert_eq!(gives(app, &office.head, (&foreign, 1), &officer).await, "NOT_FOUND");
        assert_eq!(office.gives(&office.head, 1, &deputy).await, "OK");
        let admin = app.persona(HUOQIU, "ADMINISTRATOR", Position::Officer).await;
        done(app, &admin, "accountDisable", "account { id }", json!({ "accountId": officer })).await;
        assert_eq!(office.gives(&office.head, 2, &officer).await, "NOT_FOUND", "the account is disabled");
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        for field in ["submissionsAssign", "submissionsReassign"] {
            let input = if field == "submissionsAssign" { json!({ "rows": [] }) } else { json!({ "fromAccountId": deputy, "reason": "轮岗" }) };
            let query = format!("mutation ($input: S{}Input!) {{ {field}(input: $input) {{ __typename }} }}", &field[1..]);
            for who in [&leader, &admin] {
                let (_, answer) = app.graphql(Some(&who.token), &query, json!({ "input": input })).await;
                assert_eq!(code(&answer), "FORBIDDEN", "{field}");
            }
        }
        let withdraw = json!({ "submissionId": office.case, "expectedVersion": 2, "reason": "重复登记" });
        done(app, &office.head, "submissionWithdraw", "submission { id }", withdraw).await;
        assert_eq!(office.gives(&office.head, 3, &Value::Null).await, "WRONG_STAGE");
        assert_eq!(office.seen(&office.head).await["permissions"]["canAssign"], false);
    }

    async fn each_row_of_a_batch_is_assigned_or_refused_by_itself(app: TestApp) {
        let office = Office::of(app).await;
        let app = &office.app;
        let neighbour = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let (second, foreign) = (entered(app, &office.officer, "second").await, entered(app, &neighbour, "foreign").await);
        let (officer, deputy) = (office.account(&office.officer).await, office.account(&office.deputy).await);
        let row = |case: &Value, version: i32, to: &Value| json!({ "submissionId": case, "expectedVersion": version, "accountId": to, "reason": "分片包干" });
        let long = json!({ "submissionId": second, "expectedVersion": 1, "accountId": officer, "reason": "长".repeat(501) });
        let rows = json!([row(&second, 1, &officer), row(&foreign, 1, &officer), row(&office.case, 7, &officer), row(&office.case, 1, &json!("nonsense")), long,
            row(&office.case, 1, &deputy)]);
        let payload = assign(app, &office.head, rows).await;
        let ends: Vec<&str> = payload["outcomes"].as_array().unwrap().iter().map(|row| row["userErrors"][0]["code"].as_str().unwrap_or("OK")).collect();
        assert_eq!(ends, ["OK", "NOT_FOUND", "STALE_VERSION", "NOT_FOUND", "INVALID", "OK"], "{payload}");
        assert_eq!((&payload["taken"], &payload["refused"]), (&json!(2), &json!(4)));
        assert_eq!(payload["outcomes"][3]["userErrors"][0]["field"], json!(["input", "rows", "3", "accountId"]));
        assert_eq!(payload["outcomes"][0]["submission"], json!({ "version": 2, "assignee": NAME, "isMine": false }));
        assert_eq!(payload["outcomes"][1]["submission"], Value::Null);
        for rows in [json!([]), json!(vec![row(&second, 2, &deputy); 101])] {
            let refused = assign(app, &office.head, rows).await;
            assert_eq!((&refused["userErrors"][0]["code"], &refused["taken"]), (&json!("INVALID"), &json!(0)));
        }
        assert_eq!(found(app, &neighbour, json!({ "isAssigned": false })).await, [foreign], "the neighbour's case was let alone");
    }

    async fn a_queue_is_cut_by_who_works_on_it(app: TestApp) {
        let office = Office::of(app).await;
        let app = &office.app;
        let second = entered(app, &office.officer, "second").await;
        let third = entered(app, &office.officer, "third").await;
        let (officer, deputy) = (office.account(&office.officer).await, office.account(&office.deputy).await);
        for (case, to) in [(&office.case, &officer), (&second, &deputy)] {
            assert_eq!(gives(app, &office.head, (case, 1), to).await, "OK");
        }
        let first = &office.case;
        let sorted = |mut ids: Vec<Value>| {
            ids.sort_by_key(ToString::to_string);
            ids
        };
        for (who, filter, expected) in [
            (&office.officer, json!({ "isMine": true }), vec![first]),
            (&office.officer, json!({ "isMine": false }), vec![&second, &third]),
            (&office.deputy, json!({ "isMine": true }), vec![&second]),
            (&office.head, json!({ "isMine": true }), vec![]),
            (&office.head, json!({ "isAssigned": true }), vec![first, &second]),
            (&office.head, json!({ "isAssigned": false }), vec![&third]),
            (&office.head, json!({ "assigneeIds": [officer] }), vec![first]),
            (&office.head, json!({ "assigneeIds": [officer, deputy] }), vec![first, &second]),
            (&office.head, json!({ "assigneeIds": [officer], "isAssigned": false }), vec![]),
            (&office.head, json!({ "assigneeIds": [] }), vec![]),
            (&office.head, json!({ "assigneeIds": [officer], "queue": "TO_CLASSIFY", "stages": ["RECEIVED"] }), vec![first]),
        ] {
            let expected = sorted(expected.into_iter().cloned().collect());
            assert_eq!(sorted(found(app, who, filter.clone()).await), expected, "{filter}");
            // The file has a line of headings, and the same rows.
            assert_eq!(table(app, who, &filter).await.len(), expected.len() + 1, "{filter}");
        }
    }

    async fn how_a_department_divides_its_work_is_its_own(app: TestApp) {
        let app = app.with_both_counties().await;
        let committee = app.persona(HUOQIU, "COMMITTEE_V0101", Position::Officer).await;
        let head = app.persona(HUOQIU, "T_CHENGGUAN", Position::Head).await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let case = entered(&app, &committee, "for-the-township").await;
        let to = account(&app, &head, &clerk).await;
        let rows = json!([{ "submissionId": case, "expectedVersion": 1, "accountId": to, "reason": "熟悉该村情况" }]);
        assert_eq!(assign(&app, &head, rows).await["taken"], 1);
        assert_eq!(found(&app, &head, json!({ "isAssigned": true })).await, std::slice::from_ref(&case));
        let filters = [json!({ "isAssigned": true }), json!({ "isAssigned": false }), json!({ "assigneeIds": [to] }), json!({ "isMine": true })];
        for department in ["LEADING_GROUP", "CAMPAIGN_OFFICE", "SUPERVISION_OFFICE"] {
            let who = app.persona(HUOQIU, department, Position::Officer).await;
            for filter in &filters {
                assert_eq!(found(&app, &who, filter.clone()).await, Vec::<Value>::new(), "{department}: {filter}");
            }
            let seen = app.data(&who, SEEN, json!({ "id": case })).await["node"].clone();
            assert_eq!((&seen["assignee"], &seen["isMine"], &seen["records"][0]["note"]), (&json!(""), &json!(false), &Value::Null), "{department}");
        }
        // Whoever entered it sees it by a share of its own, by which nobody works.
        let seen = app.data(&committee, SEEN, json!({ "id": case })).await["node"].clone();
        assert_eq!((&seen["version"], &seen["assignee"], &seen["isMine"]), (&json!(2), &json!(""), &json!(false)));
        assert!(!seen["records"][0]["by"].as_str().unwrap().contains(NAME), "{seen}");
        assert_eq!(found(&app, &committee, json!({ "isAssigned": true })).await, Vec::<Value>::new());
        assert_eq!(found(&app, &committee, json!({ "isAssigned": false })).await, std::slice::from_ref(&case));
        assert_eq!(found(&app, &committee, json!({ "assigneeIds": [to] })).await, Vec::<Value>::new());
        // Neither the record nor another share holds it.
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let key = app.app.ids.decode(to.as_str().unwrap()).unwrap().1.simple().to_string();
        let holders: Vec<String> = raw.rows("share").await.iter().filter(|share| text(share, "assignee") == key).map(|share| text(share, "department").to_owned()).collect();
        assert_eq!(holders, [head.department_id.0.simple().to_string()]);
        let lines = raw.rows("record").await;
        let line = lines.iter().find(|line| text(line, "action") == "ASSIGNED").unwrap();
        let line = serde_json::to_string(line).unwrap();
        assert!(!line.contains(&key) && !line.contains("熟悉"), "{line}");
        raw.close().await;
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let trail = app.data(&auditor, "{ auditEntries(filter: { actions: [SUBMISSION_ASSIGN] }) { nodes { detail } } }", json!({})).await;
        let detail: Value = serde_json::from_str(trail["auditEntries"]["nodes"][0]["detail"].as_str().unwrap()).unwrap();
        assert_eq!((&detail["from"], &detail["reason"]), (&Value::Null, &json!("熟悉该村情况")));
        assert_eq!(detail["to"].as_str().unwrap().replace('-', ""), key);
    }

    async fn what_a_leaver_had_waits_for_the_head_and_is_handed_over_at_once(app: TestApp) {
        let office = Office::of(app).await;
        let app = &office.app;
        let (officer, deputy) = (office.account(&office.officer).await, office.account(&office.deputy).await);
        let (second, ended) = (entered(app, &office.officer, "second").await, entered(app, &office.officer, "ended").await);
        for case in [&office.case, &second, &ended] {
            assert_eq!(gives(app, &office.officer, (case, 1), &officer).await, "OK");
        }
        let withdraw = json!({ "submissionId": ended, "expectedVersion": 2, "reason": "重复登记" });
        done(app, &office.officer, "submissionWithdraw", "submission { id }", withdraw).await;
        assert_eq!(left_behind(app, &office.head).await, Vec::<Value>::new(), "whoever is there leaves nothing behind");
        done(app, &office.head, "accountDisable", "account { id }", json!({ "accountId": officer })).await;
        let left = left_behind(app, &office.head).await;
        assert_eq!((left.len(), &left[0]["count"], &left[0]["action"]), (1, &json!(2), &json!("submissionsReassign")), "{left:?}");
        assert_eq!(left[0]["object"], json!({ "kind": "Account", "id": officer }));
        assert!(left[0]["title"].as_str().unwrap().contains(NAME), "{left:?}");
        assert_eq!(left_behind(app, &office.deputy).await, Vec::<Value>::new(), "it is the head's to do");
        assert_eq!(office.seen(&office.deputy).await["assignee"], NAME, "who had it is still told");

        let neighbour = app.persona(HUOQIU, "T_ZHOUJI", Position::Head).await;
        let own = account(app, &neighbour, &neighbour).await;
        let selection = "moved remaining";
        let reassign = async |by: &Persona, from: &Value, to: &Value, reason: &str| {
            let input = json!({ "fromAccountId": from, "toAccountId": to, "reason": reason });
            let payload = call(app, by, "submissionsReassign", selection, input).await;
            let code = payload["userErrors"][0]["code"].as_str().unwrap_or("OK").to_owned();
            (code, payload["moved"].as_u64().unwrap(), payload["remaining"].as_u64().unwrap())
        };
        let refused = |code: &str| (code.to_owned(), 0, 0);
        assert_eq!(reassign(&neighbour, &officer, &own, "轮岗").await, refused("NOT_FOUND"));
        assert_eq!(reassign(&office.head, &own, &deputy, "轮岗").await, refused("NOT_FOUND"));
        assert_eq!(reassign(&office.head, &officer, &own, "轮岗").await, refused("NOT_FOUND"));
        assert_eq!(reassign(&office.head, &officer, &officer, "轮岗").await, refused("NOT_FOUND"), "the account is disabled");
        assert_eq!(reassign(&office.head, &deputy, &deputy, "轮岗").await, refused("INVALID"));
        assert_eq!(reassign(&office.head, &officer, &deputy, " ").await, refused("INVALID"));
        let query = "mutation ($input: SubmissionsReassignInput!) { submissionsReassign(input: $input) { moved } }";
        let (_, answer) = app.graphql(Some(&office.deputy.token), query, json!({ "input": { "fromAccountId": officer, "reason": "轮岗" } })).await;
        assert_eq!(code(&answer), "FORBIDDEN", "it is the head's to do");
        assert_eq!(found(app, &office.deputy, json!({ "isMine": true })).await, Vec::<Value>::new(), "nothing was moved");

        assert_eq!(reassign(&office.head, &officer, &deputy, "调离").await, ("OK".to_owned(), 2, 0));
        assert_eq!(left_behind(app, &office.head).await, Vec::<Value>::new());
        assert_eq!(found(app, &office.deputy, json!({ "isMine": true })).await.len(), 2);
        let seen = office.seen(&office.deputy).await;
        assert_eq!((&seen["version"], &seen["isMine"], &seen["records"][0]["action"]), (&json!(3), &json!(true), &json!("ASSIGNED")));
        assert_eq!(reassign(&office.head, &officer, &deputy, "调离").await, ("OK".to_owned(), 0, 0), "sent twice, it moves nothing more");
        assert_eq!(reassign(&office.head, &deputy, &Value::Null, "待分派").await, ("OK".to_owned(), 2, 0));
        assert_eq!(found(app, &office.head, json!({ "isAssigned": false })).await.len(), 2);
        assert_eq!(found(app, &office.head, json!({ "assigneeIds": [officer] })).await, [ended], "what has ended stays with whoever did it");
        office.app.assert_tally_is_right(HUOQIU).await;
        office.app.assert_trail_holds(HUOQIU).await;
    }

    async fn a_post_that_ends_leaves_its_cases_to_the_head(app: TestApp) {
        let office = Office::of(app).await;
        let app = &office.app;
        let (officer, deputy) = (office.account(&office.officer).await, office.account(&office.deputy).await);
        assert_eq!(office.gives(&office.head, 1, &officer).await, "OK");
        let query = "{ accounts(first: 100) { nodes { id posts { id } } } }";
        let accounts = app.data(&office.head, query, json!({})).await["accounts"]["nodes"].clone();
        let post = accounts.as_array().unwrap().iter().find(|account| account["id"] == officer).unwrap()["posts"][0]["id"].clone();
        done(app, &office.head, "postRevoke", "account { id }", json!({ "postId": post })).await;
        // In another department meanwhile, whose head learns nothing of it.
        let admin = app.persona(HUOQIU, "ADMINISTRATOR", Position::Officer).await;
        let neighbour = app.persona(HUOQIU, "T_ZHOUJI", Position::Head).await;
        let there = app.app.ids.encode(Kind::Department, neighbour.department_id).0;
        done(app, &admin, "postGrant", "account { id }", json!({ "accountId": officer, "departmentId": there, "position": "OFFICER" })).await;
        assert_eq!(left_behind(app, &neighbour).await, Vec::<Value>::new());
        let left = left_behind(app, &office.head).await;
        assert_eq!((left.len(), &left[0]["count"]), (1, &json!(1)));
        let told = office.seen(&office.head).await["assignee"].as_str().unwrap().to_owned();
        assert!(!told.is_empty() && told != NAME, "it is another department's account by now: {told}");
        let moved = app.login(&office.officer.login, crate::support::personas::PASSWORD).await;
        let there = Persona { token: moved, ..office.officer.clone() };
        assert_eq!(found(app, &there, json!({ "isMine": true })).await, Vec::<Value>::new());
        let input = json!({ "fromAccountId": left[0]["object"]["id"], "toAccountId": deputy, "reason": "调离" });
        assert_eq!(done(app, &office.head, "submissionsReassign", "moved remaining", input).await["moved"], 1);
        assert_eq!(office.seen(&office.deputy).await["isMine"], true);
    }

    async fn many_are_handed_over_five_hundred_at_a_time(app: TestApp) {
        let app = app.with_both_counties().await;
        // Six streams have as many each.
        fill_with(&app, 6 * 502).await;
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let (shares, departments) = (raw.rows("share").await, raw.rows("department").await);
        let department = text(&shares[0], "department");
        let many = shares.iter().filter(|share| text(share, "department") == department).count() as u64;
        assert!(many > 500, "{many}");
        let row = departments.iter().find(|row| text(row, "id") == department).unwrap();
        let head = app.persona(HUOQIU, text(row, "code"), Position::Head).await;
        let clerk = app.persona(HUOQIU, text(row, "code"), Position::Officer).await;
        let all = format!("UPDATE share SET assignee = (SELECT id FROM account WHERE login = '{}') WHERE county = '{HUOQIU}' AND department = \
            (SELECT id FROM department WHERE county = '{HUOQIU}' AND code = '{}')", clerk.login, text(row, "code"));
        assert_eq!(raw.run(&all).await, Ok(many));
        raw.close().await;
        let input = json!({ "fromAccountId": account(&app, &head, &clerk).await, "reason": "调离" });
        let mut left = many;
        loop {
            let moved = left.min(500);
            left -= moved;
            let payload = done(&app, &head, "submissionsReassign", "moved remaining", input.clone()).await;
            assert_eq!((&payload["moved"], &payload["remaining"]), (&json!(moved), &json!(left)));
            if moved == 0 {
                break;
            }
        }
        app.assert_tally_is_right(HUOQIU).await;
    }
}
