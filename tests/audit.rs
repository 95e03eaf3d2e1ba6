//! The audit trail: what is done leaves a line, and no line changes, moves or goes unseen.

use entity::audit_entry;
use entity::enums::{AuditAction, Position};
use minsheng::audit::head::KeptHead;
use minsheng::audit::rules::{Break, BreakReason, Head};
use minsheng::audit::{self, Horizon, Verified};
use minsheng::db::Fault;
use minsheng::scope::system;
use serde_json::json;
use uuid::Uuid;

use crate::support::backend::run;
use crate::support::binary;
use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::records::{RECORD, code};
use crate::support::{TestApp, TestDatabase, on_both_databases, postgres};

/// Enters so many suggestions, each of which leaves a line.
async fn enter(app: &TestApp, how_many: usize) {
    let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
    let channel = app.channel_id(&clerk, "HOUSEHOLD_VISIT").await;
    for _ in 0..how_many {
        let input = json!({
            "idempotencyKey": app.app.new_key(app.app.clock.now()),
            "channelId": channel, "title": "村口路灯不亮", "content": "已有半月。",
        });
        let entered = app.data(&clerk, RECORD, json!({ "input": input })).await;
        assert_eq!(entered["submissionRecord"]["userErrors"], json!([]));
    }
}

async fn seal(app: &TestApp) -> Result<u64, Fault> {
    audit::seal(&app.app, &code(HUOQIU), Horizon::Everything).await
}

async fn verify(app: &TestApp) -> Verified {
    verify_with(app, &[]).await
}

async fn verify_with(app: &TestApp, kept: &[KeptHead]) -> Verified {
    audit::verify(&app.app, &code(HUOQIU), kept).await.unwrap()
}

/// The statements of somebody who owns the database and knows how hashes are made: the first line gets another actor, and
/// every seal the hash that fits.
async fn written_anew(app: &TestApp) -> (String, Head) {
    let mut lines = lines_in_order(app).await;
    "system:nobody".clone_into(&mut lines[0].actor);
    let first = literal(app, lines[0].id.0);
    let mut statements = vec![format!("UPDATE audit_entry SET actor = 'system:nobody' WHERE id = {first}")];
    let mut head = Head::start();
    for line in &lines {
        head = head.with(line);
        let Head { seq, hash } = &head;
        statements
            .push(format!("UPDATE audit_seal SET hash = '{hash}' WHERE county = '{HUOQIU}' AND seq = {seq}"));
    }
    (statements.join("; "), head)
}

fn found(verified: &Verified) -> Option<(i64, BreakReason)> {
    let first = verified.first_break.as_ref()?;
    Some((first.seq, first.reason.clone()))
}

/// Statements past both walls, as somebody with the disk in hand would run them.
async fn tamper(app: &TestApp, statements: &str) {
    match &app.database {
        TestDatabase::Sqlite(_) => {
            let url = app.database.url();
            run(&url, &format!("PRAGMA foreign_keys = OFF; {statements}")).await;
        }
        TestDatabase::Postgres(name) => {
            let url = postgres::superuser_url(name);
            let past = "SET session_replication_role = replica";
            run(&url, &format!("{past}; {statements}")).await;
        }
    }
}

/// A key as each database writes it.
fn literal(app: &TestApp, id: Uuid) -> String {
    match app.database {
        TestDatabase::Sqlite(_) => format!("x'{}'", id.simple()),
        TestDatabase::Postgres(_) => format!("'{id}'"),
    }
}

async fn lines_in_order(app: &TestApp) -> Vec<audit_entry::Model> {
    let mut lines = app.trail(HUOQIU).await;
    lines.sort_by_key(|line| line.id);
    lines
}

on_both_databases! {
    async fn what_is_done_is_sealed_once_and_the_tail_is_told(app: TestApp) {
        let app = app.with_both_counties().await;
        enter(&app, 3).await;
        let lines = app.trail(HUOQIU).await.len() as u64;
        let before = verify(&app).await;
        assert_eq!((before.sealed, before.unsealed_tail, before.last.head.seq), (0, lines, 0));
        assert_eq!(seal(&app).await.unwrap(), lines);
        assert_eq!(seal(&app).await.unwrap(), 0);
        let after = verify(&app).await;
        assert_eq!((after.sealed, after.unsealed_tail, after.first_break), (lines, 0, None));
        enter(&app, 1).await;
        assert!(verify(&app).await.unsealed_tail >= 1);
        let recent = Horizon::Recent(app.app.clock.now());
        assert!(audit::seal(&app.app, &code(HUOQIU), recent).await.unwrap() >= 1);
        app.assert_trail_holds(HUOQIU).await;
        app.assert_trail_holds(SHUANGLUAN).await;
    }

    async fn more_lines_than_a_batch_are_sealed_and_checked(app: TestApp) {
        let app = app.with_both_counties().await;
        let tx = app.app.db.begin_write(&system::operator(code(HUOQIU))).await.unwrap();
        let now = app.app.clock.now();
        let line = |n: i32| entity::audit_entry::ActiveModel {
            county: sea_orm::ActiveValue::Set(code(HUOQIU)),
            id: sea_orm::ActiveValue::Set(app.app.new_key(now).into()),
            at: sea_orm::ActiveValue::Set(now),
            actor: sea_orm::ActiveValue::Set("system:operator".to_owned()),
            profile: sea_orm::ActiveValue::Set(None),
            department: sea_orm::ActiveValue::Set(None),
            post: sea_orm::ActiveValue::Set(None),
            position: sea_orm::ActiveValue::Set(None),
            action: sea_orm::ActiveValue::Set(AuditAction::Forbidden),
            subject: sea_orm::ActiveValue::Set("county:341522".to_owned()),
            detail: sea_orm::ActiveValue::Set(json!({ "n": n, "a": null })),
        };
        tx.insert_many((0..2_100).map(line).collect()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(seal(&app).await.unwrap() >= 2_100);
        app.assert_trail_holds(HUOQIU).await;
    }

    async fn two_sealers_at_once_make_one_chain(app: TestApp) {
        let app = app.with_both_counties().await;
        for _ in 0..5 {
            enter(&app, 4).await;
            let outcomes = tokio::join!(seal(&app), seal(&app), seal(&app));
            for outcome in [outcomes.0, outcomes.1, outcomes.2] {
                assert!(matches!(outcome, Ok(_) | Err(Fault::Taken)), "{outcome:?}");
            }
        }
        app.assert_trail_holds(HUOQIU).await;
    }

    async fn a_changed_a_moved_and_a_removed_line_and_a_removed_seal_are_each_found(app: TestApp) {
        let app = app.with_both_counties().await;
        enter(&app, 8).await;
        seal(&app).await.unwrap();
        let lines = lines_in_order(&app).await;
        let found = async |seq, reason| {
            assert_eq!(verify(&app).await.first_break, Some(Break { seq, reason }));
        };
        let line = |seq: usize| (literal(&app, lines[seq - 1].id.0), lines[seq - 1].id);

        let (six, six_id) = line(6);
        tamper(&app, &format!("UPDATE audit_entry SET subject = subject || '.' WHERE id = {six}")).await;
        found(6, BreakReason::Altered(six_id)).await;

        tamper(&app, "UPDATE audit_seal SET seq = -1 WHERE seq = 4 AND county = '341522'; \
                      UPDATE audit_seal SET seq = 4 WHERE seq = 5 AND county = '341522'; \
                      UPDATE audit_seal SET seq = 5 WHERE seq = -1 AND county = '341522'").await;
        found(4, BreakReason::Altered(line(5).1)).await;

        let (three, three_id) = line(3);
        tamper(&app, &format!("DELETE FROM audit_entry WHERE id = {three}")).await;
        found(3, BreakReason::LineMissing(three_id)).await;

        tamper(&app, "DELETE FROM audit_seal WHERE seq = 2 AND county = '341522'").await;
        found(2, BreakReason::SealMissing).await;
        app.assert_trail_holds(SHUANGLUAN).await;
    }

    async fn a_chain_that_was_written_anew_is_found_by_its_signatures(app: TestApp) {
        let app = app.with_both_counties().await;
        enter(&app, 3).await;
        seal(&app).await.unwrap();
        let end = verify(&app).await.last;
        assert!(end.signature.is_some());
        let (sql, forged) = written_anew(&app).await;
        assert_eq!(end.head.seq, forged.seq);
        tamper(&app, &sql).await;
        assert_eq!(found(&verify(&app).await), Some((forged.seq, BreakReason::Recomputed)));

        // Nothing more is sealed or signed over it.
        enter(&app, 1).await;
        assert!(matches!(seal(&app).await, Err(Fault::Broken(_))));

        // The heads follow: their signatures don't.
        tamper(&app, &format!("UPDATE audit_head SET hash = '{}' WHERE county = '{HUOQIU}'", forged.hash)).await;
        assert_eq!(found(&verify(&app).await), Some((forged.seq, BreakReason::HeadForged)));
        assert!(matches!(seal(&app).await, Err(Fault::Broken(_))));

        // A key of somebody's own is none of ours.
        tamper(&app, &format!("UPDATE audit_head SET kid = 'other' WHERE county = '{HUOQIU}'")).await;
        assert_eq!(found(&verify(&app).await), Some((forged.seq, BreakReason::HeadOfUnknownKey("other".to_owned()))));

        // Without heads the chain is unsigned from its beginning; and whoever kept the end finds it in any case.
        tamper(&app, &format!("DELETE FROM audit_head WHERE county = '{HUOQIU}'")).await;
        assert_eq!(found(&verify(&app).await), Some((1, BreakReason::Unsigned)));
        assert_eq!(found(&verify_with(&app, &[end]).await), Some((forged.seq, BreakReason::NotAsKept)));
    }

    async fn a_chain_that_lost_its_end_is_found_by_the_head_that_was_kept(app: TestApp) {
        let app = app.with_both_counties().await;
        enter(&app, 2).await;
        seal(&app).await.unwrap();
        let former = verify(&app).await.last;
        enter(&app, 2).await;
        seal(&app).await.unwrap();
        let kept = verify_with(&app, std::slice::from_ref(&former)).await;
        assert_eq!(found(&kept), None);
        let kept = kept.last;
        let line = lines_in_order(&app).await.pop().unwrap();
        let behind = format!("county = '{HUOQIU}' AND seq > {}", former.head.seq);
        tamper(&app, &format!(
            "CREATE TABLE gone AS SELECT entry FROM audit_seal WHERE {behind}; DELETE FROM audit_seal WHERE {behind}; \
             DELETE FROM audit_entry WHERE id IN (SELECT entry FROM gone); DROP TABLE gone"
        )).await;
        assert_eq!(found(&verify(&app).await), Some((former.head.seq + 1, BreakReason::Shortened)), "a head is left over");
        tamper(&app, &format!("DELETE FROM audit_head WHERE {behind}")).await;
        assert!(!lines_in_order(&app).await.iter().any(|left| left.id == line.id));
        assert_eq!(found(&verify(&app).await), None, "nothing in the database tells");
        assert_eq!(found(&verify_with(&app, &[former]).await), None);
        let gone = verify_with(&app, std::slice::from_ref(&kept)).await;
        assert_eq!(found(&gone), Some((gone.last.head.seq + 1, BreakReason::Shortened)));

        let head = kept.to_string();
        let told = binary::run(&app.database, &["audit", "verify", "--county", HUOQIU, "--head", &head]);
        let said = String::from_utf8(told.stderr).unwrap();
        assert!(told.status.code() == Some(1) && said.contains("its end was cut off"), "{said}");
        let miscopied = head.replacen(&kept.head.hash[..4], "0000", 1);
        let told = binary::run(&app.database, &["audit", "verify", "--county", HUOQIU, "--head", &miscopied]);
        let said = String::from_utf8(told.stderr).unwrap();
        assert!(told.status.code() == Some(1) && said.contains("check the copy"), "{said}");
    }

    async fn a_chain_of_a_release_that_did_not_sign_is_taken_over_with_a_line(app: TestApp) {
        let app = app.with_both_counties().await;
        enter(&app, 2).await;
        seal(&app).await.unwrap();
        let former = verify(&app).await.last.head;
        tamper(&app, &format!("DELETE FROM audit_head WHERE county = '{HUOQIU}'")).await;
        assert_eq!(found(&verify(&app).await), Some((1, BreakReason::Unsigned)));
        enter(&app, 1).await;
        seal(&app).await.unwrap();
        let verified = verify(&app).await;
        assert_eq!(found(&verified), None);
        assert!(verified.first_signed > Some(former.seq));
        let lines = lines_in_order(&app).await;
        let adopted: Vec<_> = lines.iter().filter(|line| line.action == AuditAction::AuditAdopt).collect();
        assert_eq!(adopted.len(), 1);
        assert_eq!(adopted[0].detail, json!({ "seq": former.seq, "hash": former.hash }));
    }

    async fn lines_that_nobody_seals_are_told_after_ten_minutes(app: TestApp) {
        let app = app.with_both_counties().await;
        enter(&app, 2).await;
        assert_eq!(verify(&app).await.overdue, 0);
        app.app.clock.set(app.app.clock.now() + chrono::TimeDelta::minutes(11));
        let late = verify(&app).await;
        assert_eq!(late.overdue, late.unsealed_tail);
        assert!(late.overdue >= 2);
        // The program's clock is years later.
        let told = binary::run(&app.database, &["audit", "verify", "--county", HUOQIU]);
        let said = String::from_utf8(told.stderr).unwrap();
        assert!(told.status.code() == Some(1) && said.contains("older than 10 minutes"), "{said}");
        seal(&app).await.unwrap();
        assert_eq!(verify(&app).await.overdue, 0);
    }

    async fn a_line_noted_for_another_county_is_not_written(app: TestApp) {
        let app = app.with_both_counties().await;
        let now = app.app.clock.now();
        let line = |county: &str| {
            let by = system::operator(code(county));
            let line = minsheng::db::Trail {
                id: app.app.new_key(now), at: now, action: AuditAction::Forbidden,
                subject: "operation:Query.accounts".to_owned(), detail: json!({}),
            };
            (by, line)
        };
        let tx = app.app.db.begin_write(&system::operator(code(HUOQIU))).await.unwrap();
        assert!(matches!(tx.audit_of(vec![line(HUOQIU), line(SHUANGLUAN)]).await, Err(Fault::Broken(_))));
        tx.audit_of(vec![line(HUOQIU)]).await.unwrap();
        tx.commit().await.unwrap();
        let noted = |lines: Vec<audit_entry::Model>| lines.iter().filter(|line| line.action == AuditAction::Forbidden).count();
        assert_eq!((noted(app.trail(HUOQIU).await), noted(app.trail(SHUANGLUAN).await)), (1, 0));
    }

    async fn the_command_line_tells_a_whole_chain_from_a_broken_one(app: TestApp) {
        let app = app.with_both_counties().await;
        enter(&app, 2).await;
        for county in [HUOQIU, SHUANGLUAN] {
            audit::seal(&app.app, &code(county), Horizon::Everything).await.unwrap();
        }
        let whole = binary::run(&app.database, &["audit", "verify"]);
        let said = String::from_utf8(whole.stdout).unwrap();
        assert!(whole.status.success() && said.contains("341522: holds") && said.contains("130803"), "{said}");
        let first = literal(&app, lines_in_order(&app).await[0].id.0);
        tamper(&app, &format!("UPDATE audit_entry SET actor = 'system:nobody' WHERE id = {first}")).await;
        let broken = binary::run(&app.database, &["audit", "verify", "--county", HUOQIU]);
        let said = String::from_utf8(broken.stderr).unwrap();
        assert_eq!(broken.status.code(), Some(1));
        assert!(said.contains("place 1") && said.contains("tell the auditors"), "{said}");
        let other = binary::run(&app.database, &["audit", "verify", "--county", SHUANGLUAN]);
        assert!(other.status.success());
        let nowhere = binary::run(&app.database, &["audit", "verify", "--county", "999999"]);
        assert_eq!(nowhere.status.code(), Some(1));
    }
}
