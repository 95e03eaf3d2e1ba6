//! Checking the chain (核验): along its seals, its signed heads and the heads that somebody kept elsewhere.

use chrono::{DateTime, Utc};
use entity::{audit_entry, audit_head, audit_seal};

use super::head::{self, KeptHead};
use super::rules::{Break, BreakReason, Head};
use super::store;
use crate::db::{Fault, Tx};
use crate::secrets::token::KnowsKeys;

/// What the chain of a county is held against.
pub struct Against<'a> {
    /// The keys that sign heads, former ones too.
    pub keys: &'a dyn KnowsKeys,
    /// Heads that were kept elsewhere.
    pub kept: &'a [KeptHead],
    /// Lines from before this instant should have been sealed.
    pub sealed_before: DateTime<Utc>,
}

/// How the chain of a county stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Seals that there are.
    pub sealed: u64,
    /// Lines that no seal holds yet; more than a few seconds' worth means that nobody seals.
    pub unsealed_tail: u64,
    /// How many of them should have been sealed long ago.
    pub overdue: u64,
    /// The last place that holds, with its signature if it was signed. Noted down elsewhere, it also proves that nothing
    /// was cut off the end.
    pub last: KeptHead,
    /// The first place with a signed head: up to there the chain was signed as it was found, as after an upgrade.
    pub first_signed: Option<i64>,
    /// The first place that does not hold.
    pub first_break: Option<Break>,
}

/// Walks along the chain, a batch in memory at a time, up to the first place that does not hold.
pub(super) async fn verify(tx: &Tx, against: &Against<'_>) -> Result<Verified, Fault> {
    let mut walk = Walk { against, head: Head::start(), signed: None };
    let first_break = match walk.along(tx).await? {
        None => walk.at_the_end(tx).await?,
        found => found,
    };
    let signed = walk.signed.as_ref().filter(|row| row.seq == walk.head.seq);
    let signature = signed.map(head::signature_of);
    Ok(Verified {
        sealed: store::seals(tx).await?,
        unsealed_tail: store::waiting_for_seal(tx).await?,
        overdue: store::overdue(tx, against.sealed_before).await?,
        last: KeptHead { head: walk.head, signature },
        first_signed: store::first_head(tx).await?.map(|row| row.seq),
        first_break,
    })
}

struct Walk<'a> {
    against: &'a Against<'a>,
    /// The last place that holds.
    head: Head,
    /// The last signed head that holds.
    signed: Option<audit_head::Model>,
}

impl Walk<'_> {
    async fn along(&mut self, tx: &Tx) -> Result<Option<Break>, Fault> {
        loop {
            let seals = store::seals_behind(tx, &self.head).await?;
            if seals.is_empty() {
                return Ok(None);
            }
            let lines = store::lines_of(tx, &seals).await?;
            let mut heads = store::heads_at(tx, &seals).await?;
            for seal in &seals {
                let signed = heads.remove(&seal.seq);
                if let Err(found) = self.step(seal, lines.get(&seal.entry), signed) {
                    return Ok(Some(found));
                }
            }
        }
    }

    fn step(
        &mut self,
        seal: &audit_seal::Model,
        line: Option<&audit_entry::Model>,
        signed: Option<audit_head::Model>,
    ) -> Result<(), Break> {
        let next = self.head.follow(seal, line)?;
        let broken = |reason| Break { seq: next.seq, reason };
        if let Some(row) = &signed {
            head::holds(row, &next, self.against.keys).map_err(broken)?;
        }
        let mut kept = self.against.kept.iter();
        if kept.any(|kept| kept.head.seq == next.seq && kept.head.hash != next.hash) {
            return Err(broken(BreakReason::NotAsKept));
        }
        self.head = next;
        self.signed = signed.or(self.signed.take());
        Ok(())
    }

    /// What can be wrong behind the last seal: it was not the last once, or nobody signed it.
    async fn at_the_end(&self, tx: &Tx) -> Result<Option<Break>, Fault> {
        let last = store::last_head(tx).await?;
        let known = self.against.kept.iter().map(|kept| kept.head.seq);
        let later = known.chain(last.map(|row| row.seq)).max();
        let signed_to = self.signed.as_ref().map_or(0, |row| row.seq);
        let (seq, reason) = if later.is_some_and(|seq| seq > self.head.seq) {
            (self.head.seq + 1, BreakReason::Shortened)
        } else if signed_to < self.head.seq {
            (signed_to + 1, BreakReason::Unsigned)
        } else {
            return Ok(None);
        };
        Ok(Some(Break { seq, reason }))
    }
}
