//! Signed heads (审计链签名): the end of the chain, signed each time that lines are sealed. Whoever owns the database can
//! write lines and hashes anew, but signs nothing; and a head that is kept elsewhere also finds a chain that was cut.

use std::fmt;
use std::str::FromStr;

use entity::audit_head;
use entity::id::County;

use super::rules::{BreakReason, Head};
use crate::refusal::{Message, message};
use crate::secrets::token::{Checked, KnowsKeys, Signature};

/// A head as it is printed and kept elsewhere: `SEQ:HASH`, with its signature `SEQ:HASH:KEY.SIGNATURE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptHead {
    /// The place in the chain.
    pub head: Head,
    /// Who signed it, where that was kept too.
    pub signature: Option<Signature>,
}

/// What is signed: the format first, so that nothing else that these keys sign reads alike.
#[must_use]
pub fn message(county: &County, head: &Head) -> String {
    format!("minsheng-audit-head/1\n{county}\n{}\n{}\n", head.seq, head.hash)
}

/// The signature of a stored head.
#[must_use]
pub fn signature_of(row: &audit_head::Model) -> Signature {
    Signature { kid: row.kid.clone(), value: row.signature.clone() }
}

/// Whether the chain, which comes to `head` at this place, is what was signed there.
pub(super) fn holds(row: &audit_head::Model, head: &Head, keys: &dyn KnowsKeys) -> Result<(), BreakReason> {
    let signed = Head { seq: row.seq, hash: row.hash.clone() };
    match keys.check(message(&row.county, &signed).as_bytes(), &signature_of(row)) {
        Checked::Forged => Err(BreakReason::HeadForged),
        Checked::UnknownKey => Err(BreakReason::HeadOfUnknownKey(row.kid.clone())),
        Checked::Genuine if signed == *head => Ok(()),
        Checked::Genuine => Err(BreakReason::Recomputed),
    }
}

impl fmt::Display for KeptHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.head.seq, self.head.hash)?;
        match &self.signature {
            Some(Signature { kid, value }) => write!(f, ":{kid}.{value}"),
            None => Ok(()),
        }
    }
}

impl FromStr for KeptHead {
    type Err = Message;

    fn from_str(text: &str) -> Result<Self, Message> {
        let wrong = || {
            message!(
                "应为 audit verify 打印的 SEQ:HASH 或 SEQ:HASH:SIGNATURE",
                "SEQ:HASH or SEQ:HASH:SIGNATURE is needed, as `minsheng audit verify` prints it"
            )
        };
        let mut parts = text.trim().splitn(3, ':');
        let seq = parts.next().and_then(|seq| seq.parse().ok());
        let seq: i64 = seq.filter(|seq| *seq >= 0).ok_or_else(wrong)?;
        let hash = parts.next().unwrap_or_default();
        if hash.len() != 64 || !hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(wrong());
        }
        let signature = match parts.next() {
            None => None,
            Some(signature) => {
                let (kid, value) = signature.split_once('.').ok_or_else(wrong)?;
                Some(Signature { kid: kid.to_owned(), value: value.to_owned() })
            }
        };
        let hash = hash.to_owned();
        Ok(Self { head: Head { seq, hash }, signature })
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    use super::*;
    use crate::secrets::entropy::random;
    use crate::secrets::token::KeyRing;

    fn ring() -> KeyRing {
        KeyRing::from_seeds(&BASE64_STANDARD.encode(random::<32>()), &[]).unwrap()
    }

    fn head(seq: i64) -> Head {
        Head { seq, hash: format!("{seq:064x}") }
    }

    fn row(ring: &KeyRing, head: &Head) -> audit_head::Model {
        let county = County::parse("999999").unwrap();
        let Signature { kid, value } = ring.sign(message(&county, head).as_bytes()).unwrap();
        audit_head::Model { county, seq: head.seq, hash: head.hash.clone(), kid, signature: value }
    }

    #[test]
    fn a_signed_head_holds_for_its_own_chain_place_county_and_key_alone() {
        let (ours, other) = (ring(), ring());
        let signed = row(&ours, &head(7));
        assert_eq!(holds(&signed, &head(7), &ours), Ok(()));
        let recomputed = Head { hash: format!("{:064x}", 8), ..head(7) };
        assert_eq!(holds(&signed, &recomputed, &ours), Err(BreakReason::Recomputed));
        let followed = audit_head::Model { hash: recomputed.hash.clone(), ..signed.clone() };
        assert_eq!(holds(&followed, &recomputed, &ours), Err(BreakReason::HeadForged));
        let moved = audit_head::Model { county: County::parse("999998").unwrap(), ..signed.clone() };
        assert_eq!(holds(&moved, &head(7), &ours), Err(BreakReason::HeadForged));
        let kid = signed.kid.clone();
        assert_eq!(holds(&signed, &head(7), &other), Err(BreakReason::HeadOfUnknownKey(kid)));
    }

    #[test]
    fn a_kept_head_is_read_as_it_is_printed_and_nothing_else() {
        let kept = KeptHead { head: head(12), signature: ring().sign(b"x") };
        assert_eq!(kept.to_string().parse(), Ok(kept.clone()));
        let plain = KeptHead { signature: None, ..kept };
        assert_eq!(plain.to_string().parse(), Ok(plain));
        for wrong in ["", "12", "-1:00", "12:00", &format!("x:{:064}", 0), &format!("1:{:064}:x", 0)] {
            assert!(wrong.parse::<KeptHead>().is_err(), "{wrong}");
        }
    }
}
