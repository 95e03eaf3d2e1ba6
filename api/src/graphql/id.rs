//! Global ids: opaque, typed, and never a database key.
//!
//! A key is a UUIDv7, which tells when its row was made; outside it is encrypted as one AES block under a key of the
//! installation. A forged id decrypts to a key that nobody has, which is the same answer as a hidden one.

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// What an id is the id of. The number is part of the id and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A campaign.
    Campaign = 1,
    /// An intake stream.
    Stream = 2,
    /// A department.
    Department = 3,
    /// A channel.
    Channel = 4,
    /// A class.
    Category = 5,
    /// A village or community.
    Village = 6,
    /// A suggestion.
    Submission = 7,
    /// A line of the handling record.
    Record = 8,
    /// A post.
    Post = 9,
    /// An account.
    Account = 10,
    /// A line of the audit trail.
    AuditEntry = 11,
    /// An import.
    ImportBatch = 12,
    /// A portal credential.
    PortalClient = 13,
    /// The caller, by post.
    Viewer = 14,
    /// A request about an account.
    AccountRequest = 15,
    /// A visit.
    Visit = 40,
    /// A symposium.
    Symposium = 41,
    /// A person of a constituency.
    Constituent = 42,
    /// A roster of responsible persons.
    Roster = 43,
    /// A department's own plan.
    UnitPlan = 44,
    /// A piece of work.
    Task = 45,
    /// A weekly report.
    WeeklyReport = 31,
    /// A summary table.
    SummaryTable = 32,
    /// A line of a summary table.
    SummaryLine = 33,
    /// A project.
    Project = 50,
    /// A meeting.
    Meeting = 51,
    /// An explanation.
    Explanation = 52,
    /// An inspection.
    Inspection = 53,
    /// A circular.
    Circular = 54,
    /// That the founding document was received.
    Acknowledgement = 60,
    /// A piece of publicity.
    Publicity = 61,
}

impl Kind {
    const ALL: [Self; 31] = [
        Self::Campaign,
        Self::Stream,
        Self::Department,
        Self::Channel,
        Self::Category,
        Self::Village,
        Self::Submission,
        Self::Record,
        Self::Post,
        Self::Account,
        Self::AuditEntry,
        Self::ImportBatch,
        Self::PortalClient,
        Self::Viewer,
        Self::AccountRequest,
        Self::Visit,
        Self::Symposium,
        Self::Constituent,
        Self::Roster,
        Self::UnitPlan,
        Self::Task,
        Self::WeeklyReport,
        Self::SummaryTable,
        Self::SummaryLine,
        Self::Project,
        Self::Meeting,
        Self::Explanation,
        Self::Inspection,
        Self::Circular,
        Self::Acknowledgement,
        Self::Publicity,
    ];
}

/// Turns keys into global ids and back.
#[derive(Clone)]
pub struct IdCipher(Aes128);

impl IdCipher {
    /// With a key of the installation; ids are stable as long as it is.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&key[..16]);
        Self(Aes128::new(&half.into()))
    }

    /// The global id of a key.
    #[must_use]
    pub fn encode(&self, kind: Kind, key: impl Into<Uuid>) -> ID {
        let mut bytes = [0; 17];
        bytes[0] = kind as u8;
        bytes[1..].copy_from_slice(&self.encrypt(key.into()));
        ID(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What a global id stands for; nothing for text that is no id.
    #[must_use]
    pub fn decode(&self, id: &str) -> Option<(Kind, Uuid)> {
        let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
        let (tag, block) = bytes.split_first()?;
        let kind = Kind::ALL.into_iter().find(|kind| *kind as u8 == *tag)?;
        Some((kind, self.decrypt(block.try_into().ok()?)))
    }

    /// The key behind an id of one kind; nothing for every other.
    #[must_use]
    pub fn key<T: From<Uuid>>(&self, kind: Kind, id: &ID) -> Option<T> {
        self.decode(&id.0)
            .filter(|(found, _)| *found == kind)
            .map(|(_, key)| key.into())
    }

    pub(super) fn encrypt(&self, key: Uuid) -> [u8; 16] {
        let mut block = (*key.as_bytes()).into();
        self.0.encrypt_block(&mut block);
        block.into()
    }

    pub(super) fn decrypt(&self, block: [u8; 16]) -> Uuid {
        let mut block = block.into();
        self.0.decrypt_block(&mut block);
        Uuid::from_bytes(block.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_as_its_kind_and_nothing_else() {
        let cipher = IdCipher::new([7; 32]);
        let key = Uuid::from_u128(42);
        let id = cipher.encode(Kind::Stream, key);
        assert_eq!(cipher.key::<Uuid>(Kind::Stream, &id), Some(key));
        assert_eq!(cipher.key::<Uuid>(Kind::Submission, &id), None);
        assert_eq!(cipher.decode("nonsense"), None);
        assert!(!id.0.contains("AAAAAAAAAAA"), "the key shows through");
        assert_ne!(id, IdCipher::new([8; 32]).encode(Kind::Stream, key));
    }
}
