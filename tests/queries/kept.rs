//! What is kept between statements and requests: names, plans of statements, changes that wait; and what a request costs.

use entity::enums::{AuditAction, Position};
use entity::id::County;
use entity::{audit_entry, submission};
use minsheng::db::{Fault, Predicate, STATED, Trail, Tx};
use minsheng::ids::Kind;
use minsheng::scope::system;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{fill, fold, ids, trips};
use crate::support::personas::HUOQIU;
use crate::support::truth::Raw;
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    async fn every_hot_operation_keeps_to_its_round_trips(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        fold(&app).await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let node = ids(&app, &clerk, "{ submissions(first: 1) { nodes { id } } }", &["submissions", "nodes"]).await.remove(0);
        let queue = "{ submissions(first: 20) { nodes { id number title stage department { name } records(last: 3) { action at } } pageInfo { endCursor } } }";
        let one = format!("{{ node(id: \"{node}\") {{ ... on Submission {{ title content stage version }} }} }}");
        let page = "{ submissions(first: 20, filter: { stages: [CLASSIFIED], kinds: [PRAISE] }) { totalCount nodes { id title } } }";
        let search = "{ submissions(first: 20, filter: { text: \"路灯\" }) { totalCount nodes { id title } } }";
        let overview = "{ overview { total { received } rows(by: [DEPARTMENT, CATEGORY]) { keys { label } figures { received open } } } }";
        // PostgreSQL begins, makes the settings and asks for the session in one message, SQLite in two.
        let opening = if app.app.db.backend() == sea_orm::DbBackend::Postgres { 1 } else { 2 };
        for (who, name, query, statements) in [
            (&clerk, "queue", queue, 3), (&clerk, "one", one.as_str(), 1), (&clerk, "page", page, 3),
            (&clerk, "search", search, 2), (&leader, "overview", overview, 6),
        ] {
            let spent = trips(&app, who, query).await;
            assert!(spent <= opening + statements, "{name}: {spent} round trips");
        }
    }

    async fn what_is_renamed_is_read_at_once(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let query = "{ submissions(first: 20, filter: { isClassified: true }) { nodes { category { name } channel { name } department { name } campaign { name } } } }";
        let names = async || {
            let data = app.data(&leader, query, json!({})).await;
            let nodes = data["submissions"]["nodes"].as_array().unwrap().clone();
            let named = nodes.iter().flat_map(|node| ["category", "channel", "department", "campaign"].map(|of| node[of]["name"].clone()));
            named.filter(|name| !name.is_null()).map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let before = names().await;
        assert_eq!(names().await, before);
        assert!(before.len() > 20, "{before:?}");
        let raw = Raw::open(&app.database.unscoped_url()).await;
        for table in ["category", "channel", "department", "campaign"] {
            let renamed = format!("UPDATE {table} SET name = name || '（新）' WHERE county = '{HUOQIU}'");
            assert!(raw.run(&renamed).await.unwrap() > 0);
        }
        let renamed: Vec<String> = before.iter().map(|name| format!("{name}（新）")).collect();
        assert_eq!(names().await, renamed);
    }

    async fn what_waits_is_there_for_the_next_statement_and_goes_with_the_commit(app: TestApp) {
        let app = app.with_both_counties().await;
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        let now = app.app.clock.now();
        let line = || Trail {
            id: app.app.new_key(now),
            at: now,
            action: AuditAction::PlanApplied,
            subject: "waiting".to_owned(),
            detail: json!({}),
        };
        let written = async |tx: &Tx| {
            let these = Predicate::is(audit_entry::Column::Subject, "waiting");
            tx.from::<audit_entry::Entity>().filter(these).count().await.unwrap()
        };
        let begun = app.app.db.begin_write(&operator).await.unwrap();
        begun.audit(line()).await.unwrap();
        begun.audit(line()).await.unwrap();
        assert_eq!(written(&begun).await, 2);
        begun.audit(line()).await.unwrap();
        let (everything, changes) = (Predicate::everything(), vec![(submission::Column::Title, "".into())]);
        let told = begun.update_later::<submission::Entity>(everything, changes).await;
        assert!(matches!(told, Err(Fault::Broken(_))), "a change that others are told of does not wait: {told:?}");
        drop(begun);
        let kept = app.app.db.begin_write(&operator).await.unwrap();
        kept.audit(line()).await.unwrap();
        kept.commit().await.unwrap();
        let read = app.app.db.begin_read(&operator).await.unwrap();
        assert_eq!(written(&read).await, 1);
    }

    async fn an_index_over_some_rows_is_known_to_the_kept_plans(app: TestApp) {
        let raw = Raw::open(&app.database.unscoped_url()).await;
        // One that is unique is there to keep rows apart, not to be read by.
        let partial = if raw.is_postgres() {
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid \
             WHERE indpred IS NOT NULL AND NOT indisunique AND relnamespace = 'public'::regnamespace"
        } else {
            "SELECT lower(substr(sql, instr(sql, ' WHERE ') + 7)) FROM sqlite_schema \
             WHERE type = 'index' AND sql LIKE '% WHERE %' AND sql NOT LIKE 'CREATE UNIQUE %'"
        };
        let conditions = raw.texts(partial).await;
        assert!(conditions.len() > 2, "{conditions:?}");
        // Where a column has a value, its index over the rows that have one is found whatever the value is.
        let any_value = |condition: &str| condition.to_lowercase().contains("is not null");
        let known = |condition: &&String| any_value(condition) || STATED.iter().any(|column| condition.contains(column));
        assert!(conditions.iter().all(|condition| known(&condition)), "{conditions:?}");
    }

    async fn what_is_removed_is_gone_at_once(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let raw = Raw::open(&app.database.unscoped_url()).await;
        let key = Uuid::from_u128(7);
        let literal = if raw.is_postgres() { format!("'{key}'") } else { format!("X'{}'", key.simple()) };
        let added = format!(
            "INSERT INTO category (county, id, campaign, code, name, other, rank) \
             SELECT county, {literal}, campaign, 'GONE', name, other, 99 FROM category WHERE county = '{HUOQIU}' ORDER BY id LIMIT 1"
        );
        assert_eq!(raw.run(&added).await.unwrap(), 1);
        let id = app.app.ids.encode(Kind::Category, key);
        let query = format!("{{ node(id: \"{}\") {{ ... on Category {{ code }} }} }}", id.as_str());
        for _ in 0..2 {
            assert_eq!(app.data(&clerk, &query, json!({})).await["node"]["code"], "GONE");
        }
        raw.run("DELETE FROM category WHERE code = 'GONE'").await.unwrap();
        assert_eq!(app.data(&clerk, &query, json!({})).await["node"], Value::Null);
    }
}
