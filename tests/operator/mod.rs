//! What the operator is told at the command line: what was tried, what was found, what to do, in one language.

mod doctor;
mod starting;

use std::process::{Command, Output};

use serde_json::json;

use crate::support::personas::SHUANGLUAN;
use crate::support::{Backend, TestApp, TestDatabase, binary, code, key, on_both_databases};

/// What a command ends with whose master key is not the database's.
const FOREIGN_KEY: i32 = 4;

/// Exit code and everything that was said.
fn ended(output: Output) -> (Option<i32>, String) {
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

/// Runs a command that ends by itself, or that should refuse to go on.
fn said(command: &mut Command) -> (Option<i32>, String) {
    ended(binary::refusing(command))
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

on_both_databases! {
    async fn a_master_key_that_is_not_the_database_s_ends_every_command_with_a_code_of_its_own(app: TestApp) {
        let app = app.with_both_counties().await;
        let TestApp { database, .. } = app;
        let right = said(&mut binary::minsheng(&database, &["tally", "verify"]));
        assert_eq!(right.0, Some(0), "{}", right.1);
        for arguments in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["user", "requests", "--county", SHUANGLUAN],
            &["client", "list", "--county", SHUANGLUAN],
            &["tally", "verify"],
            &["audit", "verify"],
            &["keys", "status"],
            &["verify", "--database"],
            &["plan", "check", "--stored"],
        ] {
            let mut command = binary::minsheng(&database, arguments);
            let (code, english) = said(command.env("MINSHENG_MASTER_KEY", key(53)));
            assert_eq!(code, Some(FOREIGN_KEY), "{arguments:?}: {english}");
            assert!(english.contains("still needs the master key") && english.contains("backup"), "{english}");
            assert!(!is_chinese(&english), "{english}");
            let (code, chinese) = said(command.env("MINSHENG_LANG", "zh"));
            assert_eq!(code, Some(FOREIGN_KEY), "{arguments:?}: {chinese}");
            assert!(chinese.contains("仍需主密钥") && !chinese.contains("still needs"), "{chinese}");
        }
        // Nothing of it was written down: the right key goes on.
        let right = said(&mut binary::minsheng(&database, &["tally", "verify"]));
        assert_eq!(right.0, Some(0), "{}", right.1);
    }

    async fn a_code_that_nobody_has_is_told_with_the_one_that_is_meant(app: TestApp) {
        let database = app.with_both_counties().await.database;
        for (arguments, meant) in [
            (&["tally", "verify", "--county", "130804"][..], "did you mean 130803?"),
            (&["user", "add", "a-01", "--county", SHUANGLUAN, "--department", "STS_TWN", "--name", "甲"], "did you mean STS_TOWN?"),
            (&["client", "add", "--county", SHUANGLUAN, "--campaign", "MXGC-202", "--channel", "WECHAT", "--name", "甲"], "did you mean MXGC-2020?"),
            (&["client", "add", "--county", SHUANGLUAN, "--campaign", "MXGC-2020", "--channel", "WECHATT", "--name", "甲"], "did you mean WECHAT?"),
            (&["plan", "conformance", "--county", SHUANGLUAN, "--campaign", "MXCG-2020"], "did you mean MXGC-2020?"),
        ] {
            let (code, told) = said(&mut binary::minsheng(&database, arguments));
            assert!(code == Some(1) && told.contains(meant), "{arguments:?}: {told}");
        }
        let (_, told) = said(&mut binary::minsheng(&database, &["tally", "verify", "--county", "999999"]));
        assert!(!told.contains("did you mean") && told.contains("there are: 130803, 341522"), "{told}");
    }

    async fn a_day_or_an_instant_that_is_none_names_the_argument_that_it_stands_in(app: TestApp) {
        let app = app.with_both_counties().await;
        let visit = "mutation ($input: VisitRecordInput!) { visitRecord(input: $input) { userErrors { code } } }";
        let input = json!({ "campaignId": "x", "villageId": "x", "household": 1, "visitedOn": "2019-02-30", "clientRef": "door-00001" });
        let literal = "{ campaigns { coverage(asOf: \"yesterday\") { total { reached } } } }";
        let listed = "query ($f: SubmissionFilter) { submissions(filter: $f) { totalCount } }";
        let filter = json!({ "f": { "receivedFrom": "2019-11-15T17:00:00" } });
        for (query, variables, path) in [
            (visit, json!({ "input": input }), "input.visitedOn"),
            (literal, json!({}), "asOf"),
            (listed, filter, "filter.receivedFrom"),
        ] {
            let (_, answer) = app.graphql(None, query, variables).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
            let told = answer["errors"][0]["message"].as_str().unwrap();
            assert!(told.starts_with(&format!("{path}：应为")), "{told}");
            assert!(answer.get("data").is_none(), "nothing is executed: {answer}");
        }
        let misspelt = "{ submissions(orderBy: { direction: ASCENDING, field: RECIEVED_AT }) { totalCount } }";
        let (_, answer) = app.graphql(None, misspelt, json!({})).await;
        assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED", "{answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with("orderBy."), "{answer}");
    }
}

#[tokio::test]
async fn the_language_is_that_of_the_argument_then_of_the_locale() {
    let database = TestDatabase::create(Backend::Sqlite).await;
    let told = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = binary::minsheng(&database, arguments);
        command.env_remove("MINSHENG_LANG").envs(variables.iter().copied());
        said(&mut command).1
    };
    let ask = ["tally", "verify", "--county", "130803"];
    assert!(is_chinese(&told(&ask, &[])));
    assert!(is_chinese(&told(&ask, &[("LANG", "C.UTF-8")])));
    assert!(!is_chinese(&told(&ask, &[("LANG", "en_US.UTF-8")])));
    assert!(is_chinese(&told(&[&["--lang", "zh"], &ask[..]].concat(), &[("LANG", "en_US.UTF-8")])));
    // What is wrong with the arguments themselves too.
    let wrong = ["tally", "verify", "--county", "1308", "--lang", "en"];
    let told = told(&wrong, &[]);
    assert!(told.contains("six digits") && !is_chinese(&told), "{told}");
}
