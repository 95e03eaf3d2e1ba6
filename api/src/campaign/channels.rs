//! Which channel a plan's codes name.

use entity::{campaign, channel};

use crate::db::{Fault, Predicate, Tx};

/// The channel of a code in the campaign of a code; for the command line.
pub async fn channel_of_codes(
    tx: &Tx,
    campaign: &str,
    channel: &str,
) -> Result<Option<channel::Model>, Fault> {
    let named = Predicate::is(campaign::Column::Code, campaign);
    let Some(campaign) = tx.from::<campaign::Entity>().filter(named).one().await? else {
        return Ok(None);
    };
    let named = Predicate::is(channel::Column::Code, channel)
        .and(Predicate::is(channel::Column::Campaign, campaign.id));
    tx.from::<channel::Entity>().filter(named).one().await
}
