//! Renewing: one turn gives one pair to whoever asks at the same moment, and a token of an earlier turn ends the session.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;

use super::staff::audited;
use super::*;
use crate::support::on_both_databases;

/// Longer than two tabs of one browser ask at the same moment.
const LATER: TimeDelta = TimeDelta::seconds(31);

fn wait(app: &TestApp, time: TimeDelta) {
    app.app.clock.set(app.app.clock.now() + time);
}

/// The token with some of its bytes replaced: county and session in front stay.
fn with_bytes(token: &str, change: impl Fn(&mut Vec<u8>)) -> String {
    let (front, rest) = token.rsplit_once('.').unwrap();
    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(rest).unwrap();
    change(&mut bytes);
    format!("{front}.{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

on_both_databases! {
    async fn a_token_used_up_ends_its_family(app: TestApp) {
        let staff = Staff::of(&app).await;
        let first = login(&app, &staff.officer).await;
        let second = Pair::of(&refresh(&app, &first.refresh).await);
        let third = Pair::of(&refresh(&app, &second.refresh).await);
        assert_eq!(refusal(&refresh(&app, &first.refresh).await), refused("SESSION_ENDED", ""));
        assert_eq!(refusal(&refresh(&app, &third.refresh).await), refused("SESSION_ENDED", ""));
        for pair in [first, second, third] {
            assert_eq!(seen_as(&app, &pair.access).await, "UNAUTHENTICATED");
        }
        assert_eq!(audited(&app, "SESSION_REUSE").await, 1);
        login(&app, &staff.officer).await;
    }

    async fn an_answer_lost_on_the_way_locks_nobody_out(app: TestApp) {
        let staff = Staff::of(&app).await;
        let first = login(&app, &staff.officer).await;
        let lost = Pair::of(&refresh(&app, &first.refresh).await);
        assert_eq!(seen_as(&app, &first.access).await, "A1", "its access token lives on, and says nothing of the lost one");
        wait(&app, TimeDelta::hours(1));
        let again = Pair::of(&refresh(&app, &first.refresh).await);
        assert_eq!(again.refresh, lost.refresh, "the same turn, the same token");
        assert_eq!(seen_as(&app, &again.access).await, "A1");
        Pair::of(&refresh(&app, &again.refresh).await);
        assert_eq!(audited(&app, "SESSION_REUSE").await, 0);
    }

    async fn a_pair_that_was_used_has_arrived(app: TestApp) {
        let staff = Staff::of(&app).await;
        let first = login(&app, &staff.officer).await;
        let second = Pair::of(&refresh(&app, &first.refresh).await);
        assert_eq!(seen_as(&app, &second.access).await, "A1");
        wait(&app, LATER);
        assert_eq!(refusal(&refresh(&app, &first.refresh).await), refused("SESSION_ENDED", ""));
        assert_eq!(seen_as(&app, &second.access).await, "UNAUTHENTICATED");
        assert_eq!(audited(&app, "SESSION_REUSE").await, 1);
    }

    async fn two_renewals_at_once_get_the_same_pair(app: TestApp) {
        let staff = Staff::of(&app).await;
        let first = login(&app, &staff.officer).await;
        let (one, two) = tokio::join!(refresh(&app, &first.refresh), refresh(&app, &first.refresh));
        assert_eq!(Pair::of(&one).refresh, Pair::of(&two).refresh);
        assert_eq!(audited(&app, "SESSION_REUSE").await, 0);
    }

    async fn two_tabs_go_on_in_every_order(app: TestApp) {
        let staff = Staff::of(&app).await;
        // Whose access token is used after both have renewed, and who renews first after that.
        for (used, second_first) in [(0b00, false), (0b01, false), (0b10, false), (0b11, false), (0b00, true), (0b01, true), (0b10, true), (0b11, true)] {
            let first = login(&app, &staff.officer).await;
            let mut tabs = [Pair::of(&refresh(&app, &first.refresh).await), Pair::of(&refresh(&app, &first.refresh).await)];
            for (tab, pair) in tabs.iter().enumerate() {
                if used >> tab & 1 == 1 {
                    assert_eq!(seen_as(&app, &pair.access).await, "A1");
                }
            }
            for _ in 0..2 {
                wait(&app, TimeDelta::minutes(9));
                if second_first {
                    tabs.reverse();
                }
                for pair in &mut tabs {
                    *pair = Pair::of(&refresh(&app, &pair.refresh).await);
                    assert_eq!(seen_as(&app, &pair.access).await, "A1", "{used:b} {second_first}");
                }
            }
        }
        assert_eq!(audited(&app, "SESSION_REUSE").await, 0);
    }

    async fn a_tab_that_asks_after_the_other_has_used_its_pair_goes_on(app: TestApp) {
        let staff = Staff::of(&app).await;
        let first = login(&app, &staff.officer).await;
        let one = Pair::of(&refresh(&app, &first.refresh).await);
        assert_eq!(seen_as(&app, &one.access).await, "A1");
        let two = Pair::of(&refresh(&app, &first.refresh).await);
        assert_eq!((&two.refresh, &*seen_as(&app, &two.access).await), (&one.refresh, "A1"));
        assert_eq!(audited(&app, "SESSION_REUSE").await, 0);
    }

    async fn a_sessions_id_is_not_enough_to_end_it(app: TestApp) {
        let staff = Staff::of(&app).await;
        let first = login(&app, &staff.officer).await;
        let second = Pair::of(&refresh(&app, &first.refresh).await);
        let third = Pair::of(&refresh(&app, &second.refresh).await);
        let made_up = [
            // Arbitrary bytes; the secret of another; an earlier turn, and a later one, with the tag of this one.
            with_bytes(&third.refresh, |bytes| bytes.fill(7)),
            with_bytes(&third.refresh, |bytes| bytes[..32].fill(7)),
            with_bytes(&third.refresh, |bytes| bytes[35] = 0),
            with_bytes(&third.refresh, |bytes| bytes[35] = 9),
            with_bytes(&third.refresh, |bytes| bytes[51] ^= 1),
        ];
        for token in &made_up {
            assert_eq!(refusal(&refresh(&app, token).await), refused("SESSION_ENDED", ""), "{token}");
            let text = "mutation($t: String!) { sessionLogout(input: { refreshToken: $t }) { userErrors { code field } } }";
            let answer = app.graphql(None, text, json!({ "t": token })).await.1;
            assert_eq!(refusal(&answer["data"]["sessionLogout"]), refused("SESSION_ENDED", ""));
        }
        assert_eq!(audited(&app, "SESSION_REUSE").await, 0);
        assert_eq!(seen_as(&app, &third.access).await, "A1");
        Pair::of(&refresh(&app, &third.refresh).await);
        // The token of a former turn is another matter, however old it is.
        assert_eq!(refusal(&refresh(&app, &first.refresh).await), refused("SESSION_ENDED", ""));
        assert_eq!(seen_as(&app, &third.access).await, "UNAUTHENTICATED");
        assert_eq!(audited(&app, "SESSION_REUSE").await, 1);
    }
}
