//! The number on a citizen's receipt: it tells nobody how many others wrote, and staff find the case by it.

use std::collections::BTreeSet;

use entity::enums::Position;
use entity::submission;
use minsheng::db::migrate::migrate;
use serde_json::{Value, json};

use crate::permissions::portal;
use crate::support::backend::run;
use crate::support::personas::HUOQIU;
use crate::support::{TestApp, code, on_both_databases, postgres};

const SUBMIT: &str = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) {
    receipt { code number } userErrors { code message } } }";
const FIND: &str = "query ($number: String!) { submissionByReceiptNumber(number: $number) { id number receiptNumber title } }";

/// What a citizen without an account is told.
async fn submit(app: &TestApp, n: usize) -> Value {
    let to = json!({ "county": HUOQIU, "campaign": "MSQT-2022", "channel": "WEBSITE" });
    let input = json!({ "to": to, "title": format!("第{n:02}件"), "content": "已有半月。", "name": "村民甲",
        "phone": "19900000001", "idempotencyKey": format!("receipt-{n:04}") });
    let answer = app.graphql(None, SUBMIT, json!({ "input": input })).await.1;
    let made = answer["data"]["submissionSubmit"]["receipt"].clone();
    assert!(made["number"].is_string(), "{answer}");
    made
}

async fn find(app: &TestApp, token: Option<&str>, number: &str) -> Value {
    app.graphql(token, FIND, json!({ "number": number })).await.1
}

on_both_databases! {
    async fn numbers_of_receipts_one_after_the_other_tell_neither_order_nor_volume(app: TestApp) {
        let app = app.with_both_counties().await;
        let mut numbers = Vec::new();
        for n in 0..24 {
            let receipt = submit(&app, n).await;
            let number = receipt["number"].as_str().unwrap().to_owned();
            // As the code shows it later on, too.
            let query = "query ($code: String!) { receipt(code: $code) { number } }";
            let seen = app.graphql(None, query, json!({ "code": receipt["code"] })).await.1;
            assert_eq!(seen["data"]["receipt"]["number"], json!(number), "{seen}");
            let digits = number.replace('-', "");
            assert!(digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
            numbers.push(digits.parse::<i64>().unwrap());
        }
        let different: BTreeSet<i64> = numbers.iter().copied().collect();
        assert_eq!(different.len(), numbers.len());
        let steps: Vec<i64> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
        // Neither counted up nor down, nor by a fixed step, nor close together.
        assert!(steps.iter().any(|step| *step > 0) && steps.iter().any(|step| *step < 0), "{numbers:?}");
        let strides: BTreeSet<i64> = steps.iter().copied().collect();
        assert!(strides.len() > 20, "{steps:?}");
        assert!(steps.iter().filter(|step| step.abs() < 1_000_000).count() < 2, "{steps:?}");
        // Case numbers count up among staff, and stand in no receipt.
        app.assert_numbers_have_no_gaps(HUOQIU).await;
    }

    async fn who_answers_the_telephone_finds_the_case_by_the_number_that_the_citizen_names(app: TestApp) {
        let app = app.with_both_counties().await;
        let number = submit(&app, 1).await["number"].as_str().unwrap().to_owned();
        let leaders = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let found = find(&app, Some(&leaders.token), &number).await;
        let row = &found["data"]["submissionByReceiptNumber"];
        assert_eq!((&row["title"], &row["receiptNumber"]), (&json!("第01件"), &json!(number)), "{found}");
        assert_ne!(row["number"], row["receiptNumber"]);
        // Whom the channel map gives what comes in by the website.
        let clerk = app.persona(HUOQIU, "DATA_RESOURCES", Position::Officer).await;
        for typed in [number.clone(), number.replace('-', ""), number.replace('-', " ")] {
            let found = find(&app, Some(&clerk.token), &typed).await;
            assert_eq!(found["data"]["submissionByReceiptNumber"]["id"], row["id"], "{typed}: {found}");
        }
        // Nobody else's, and nobody who is not known.
        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let citizen = portal(&app).await;
        for token in [&other.token, &citizen] {
            let hidden = find(&app, Some(token), &number).await;
            assert_eq!(hidden, find(&app, Some(token), "999999999999").await);
            assert_eq!(hidden["data"]["submissionByReceiptNumber"], Value::Null, "{hidden}");
        }
        assert_eq!(code(&find(&app, None, &number).await), "UNAUTHENTICATED");
        let nonsense = find(&app, Some(&leaders.token), "A1-2022-00001").await;
        assert_eq!(nonsense["data"]["submissionByReceiptNumber"], Value::Null);
    }

    async fn no_two_cases_of_a_county_have_one_number(app: TestApp) {
        use submission::{Column, Entity};
        let app = app.with_both_counties().await;
        let _ = (submit(&app, 1).await, submit(&app, 2).await);
        let rows = app.submissions(HUOQIU).await;
        let operator = minsheng::scope::system::operator(crate::support::records::code(HUOQIU));
        let tx = app.app.db.begin_write(&operator).await.unwrap();
        let second = minsheng::db::Predicate::is(Column::Id, rows[1].id);
        let changes = vec![(Column::ReceiptNumber, rows[0].receipt_number.clone().into())];
        let refused = tx.update::<Entity>(second, changes).await;
        assert!(matches!(refused, Err(minsheng::db::Fault::Taken)), "{refused:?}");
    }

    async fn cases_of_a_former_release_get_their_numbers_when_it_is_migrated(app: TestApp) {
        let app = app.with_both_counties().await;
        for n in 0..30 {
            submit(&app, n).await;
        }
        // As the former release left it.
        for statement in [
            "DROP INDEX submission_by_county_receipt_number",
            "ALTER TABLE submission DROP COLUMN receipt_number",
            "ALTER TABLE portal_client DROP COLUMN expires_at",
            "ALTER TABLE portal_client DROP COLUMN former_hash",
            "ALTER TABLE portal_client DROP COLUMN former_until",
            "DELETE FROM seaql_migrations WHERE version = 'm14_portals'",
        ] {
            run(&app.database.unscoped_url(), statement).await;
        }
        let owner = app.database.name().map_or_else(|| app.database.url(), postgres::owner_url);
        migrate(&owner).await.unwrap();
        let upgraded = app.another().await;
        // The wall around the table stands again.
        upgraded.db.check_serving_role().await.unwrap();
        let operator = minsheng::scope::system::operator(crate::support::records::code(HUOQIU));
        let tx = upgraded.db.begin_read(&operator).await.unwrap();
        let rows = tx.from::<submission::Entity>().all().await.unwrap();
        let numbers: BTreeSet<&str> = rows.iter().map(|row| row.receipt_number.as_str()).collect();
        assert_eq!((rows.len(), numbers.len()), (30, 30));
        let sound = |number: &&str| number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit());
        assert!(numbers.iter().all(sound), "{numbers:?}");
    }
}
