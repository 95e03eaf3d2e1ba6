//! Which channel a plan's codes name.

use entity::{campaign, channel};

use crate::db::{Fault, Predicate, Tx};
use crate::refusal::{Message, meant, message};

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

/// That the county has no campaign of this code, with the one that may be meant.
pub async fn unknown_campaign(tx: &Tx, code: &str) -> Result<Message, Fault> {
    let known = tx.from::<campaign::Entity>().all().await?;
    Ok(absent_campaign(code, &known))
}

/// That the campaign, or the county, has no channel of these codes, with what may be meant.
pub async fn unknown_channel(tx: &Tx, campaign: &str, code: &str) -> Result<Message, Fault> {
    let known = tx.from::<campaign::Entity>().all().await?;
    let Some(row) = known.iter().find(|row| row.code == campaign) else {
        return Ok(absent_campaign(campaign, &known));
    };
    let own = Predicate::is(channel::Column::Campaign, row.id);
    let channels = tx.from::<channel::Entity>().filter(own).all().await?;
    let codes = channels.iter().map(|channel| channel.code.as_str());
    let absent = message!(
        "该县的活动 {campaign} 没有渠道 {code}",
        "no channel {code} in the campaign {campaign} of this county"
    );
    Ok(absent.and(&meant(code, codes)).and(&check_the_plan()))
}

fn absent_campaign(code: &str, known: &[campaign::Model]) -> Message {
    let codes = known.iter().map(|row| row.code.as_str());
    let absent = message!("该县没有活动 {code}", "this county has no campaign {code}");
    absent.and(&meant(code, codes)).and(&check_the_plan())
}

fn check_the_plan() -> Message {
    message!(
        "；请核对代码，或先执行 minsheng plan apply",
        "; check the code, or run `minsheng plan apply` first"
    )
}
