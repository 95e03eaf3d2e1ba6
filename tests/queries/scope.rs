//! Reading in the viewer's own scope, whoever was expected, and rows that stay whose they are.

use std::collections::BTreeSet;

use entity::enums::Position;
use entity::id::{County, SessionId};
use entity::{account, channel, department, post, session, share, stream, submission};
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::db::{Fault, Intent, Predicate, Tx};
use minsheng::scope::system;
use minsheng::scope::viewer::{Credential, Viewer};

use super::{ROWS, fill};
use crate::permissions::portal;
use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    async fn whose_a_row_is_never_changes_not_even_for_the_operator(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        let tx = app.app.db.begin_write(&operator).await.unwrap();
        let owner = tx.from::<stream::Entity>().one().await.unwrap().unwrap().department;
        for (column, value) in [
            (submission::Column::Department, owner.into()), (submission::Column::County, sea_orm::Value::from("130803")),
        ] {
            let changed = tx.update::<submission::Entity>(Predicate::everything(), vec![(column, value)]).await;
            assert!(matches!(changed, Err(Fault::Broken(_))), "{column:?}");
        }
        let title = vec![(submission::Column::Title, sea_orm::Value::from("改"))];
        assert_eq!(tx.update::<submission::Entity>(Predicate::everything(), title).await.unwrap(), ROWS as u64);
    }

    async fn who_comes_in_reads_in_his_own_scope_whoever_was_expected(app: TestApp) {
        let app = app.with_both_counties().await;
        fill(&app).await;
        let now = app.app.clock.now();
        let mut viewers = Vec::new();
        for department in ["T_CHENGGUAN", "T_HEKOU"] {
            let who = app.persona(HUOQIU, department, Position::Officer).await;
            viewers.push(viewer_of_bearer(&app.app, &who.token, now).await.unwrap());
        }
        let (own, other) = (&viewers[0], &viewers[1]);
        let Credential::Post { session, .. } = own.credential() else {
            panic!("a person has a session");
        };
        let shares = async |tx: Tx| {
            assert_eq!(tx.viewer(), own);
            let rows = tx.from::<share::Entity>().all().await.unwrap();
            let mut ids: Vec<_> = rows.into_iter().map(|row| (row.department, row.submission)).collect();
            ids.sort();
            ids
        };
        let usual = shares(app.app.db.begin_read(own).await.unwrap()).await;
        assert!(!usual.is_empty() && usual.iter().all(|(department, _)| *department == own.department()));
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        for expected in [None, Some(own), Some(other)] {
            // A connection that was not asked before, and then one that was.
            for _ in 0..2 {
                let (found, entered) = app.app.db.enter(&operator, *session, expected, Intent::Read).await.unwrap();
                assert_eq!(found.unwrap().3.id, own.department());
                assert_eq!(shares(entered.unwrap().continue_as(own).await.unwrap()).await, usual, "{expected:?}");
            }
        }
        let nobody = app.app.db.enter(&operator, SessionId(app.app.new_key(now)), Some(own), Intent::Read).await.unwrap();
        assert!(nobody.0.is_none());
    }

    async fn a_portal_is_given_nothing_that_is_kept_for_others(app: TestApp) {
        let app = app.with_both_counties().await;
        let now = app.app.clock.now();
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let leader = viewer_of_bearer(&app.app, &leader.token, now).await.unwrap();
        let portal = viewer_of_bearer(&app.app, &portal(&app).await, now).await.unwrap();
        let Credential::Post { session, .. } = leader.credential() else {
            panic!("a person has a session");
        };
        let operator = system::operator(County::parse(HUOQIU).unwrap());
        let channels = app.app.db.begin_read(&operator).await.unwrap().from::<channel::Entity>().all().await.unwrap();
        let seen = async |viewer: &Viewer| {
            let (_, entered) = app.app.db.enter(&operator, *session, None, Intent::Read).await.unwrap();
            let tx = entered.unwrap().continue_as(viewer).await.unwrap();
            let keys = channels.iter().map(|row| row.id.0);
            tx.by_key::<channel::Entity>(channel::Column::Id, keys, |row| row.id.0).await.unwrap().len()
        };
        for _ in 0..2 {
            assert_eq!(seen(&leader).await, channels.len());
            assert_eq!(seen(&portal).await, 1);
        }
    }

    async fn rows_that_name_each_other_are_each_in_the_viewers_scope(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        for (county, department) in [(HUOQIU, "T_HEKOU"), (SHUANGLUAN, "STS_TOWN")] {
            app.persona(county, department, Position::Officer).await;
        }
        let viewer = viewer_of_bearer(&app.app, &town.token, app.app.clock.now()).await.unwrap();
        let logins = async |viewer: &Viewer| {
            let tx = app.app.db.begin_read(viewer).await.unwrap();
            let rows = tx.with_named::<session::Entity, account::Entity, post::Entity, department::Entity>(
                Predicate::everything(),
                (session::Column::Account, account::Column::Id),
                (session::Column::Post, post::Column::Id),
                (post::Column::Department, department::Column::Id),
            );
            let rows = rows.await.unwrap().into_iter();
            rows.map(|(session, account, post, department)| {
                assert_eq!((session.account, session.post, post.department), (account.id, post.id, department.id));
                (account.login, department.code)
            }).collect::<BTreeSet<_>>()
        };
        let own = (town.login.clone(), "T_CHENGGUAN".to_owned());
        assert_eq!(logins(&viewer).await, BTreeSet::from([own]));
        let codes = async |county: &str| {
            let operator = system::operator(County::parse(county).unwrap());
            logins(&operator).await.into_iter().map(|(_, code)| code).collect::<Vec<_>>()
        };
        assert_eq!(codes(HUOQIU).await.iter().collect::<BTreeSet<_>>().len(), 2);
        assert_eq!(codes(SHUANGLUAN).await, ["STS_TOWN"]);
    }
}
