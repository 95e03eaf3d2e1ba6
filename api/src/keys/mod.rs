//! The life of the master key (主密钥): which keys a database knows, what each is still needed for, and how one goes.
//!
//! A master key seals identities and makes the look-up keys of ids, cursors, receipt codes and blind indexes (see
//! [`crate::secrets::seal`]). For every county the table `key_version` says which master keys came into use, in which order,
//! and holds the look-up keys of each, sealed.
//!
//! - *At the start* of a server or a command, [`take_up`] holds the configured keys against that table. A sealed entry that
//!   opens is the check value of its master key: secrets that don't fit the data are refused, with what to do about it. A
//!   new key in front of the list is registered; from then on it seals, and every former one still opens.
//! - *`minsheng keys reseal`* seals the identities of a county anew, a batch in each transaction. A text says itself which key
//!   sealed it, so the work needs no list of what is done: killed, it goes on where the texts are still old. At the end the
//!   former look-up keys are sealed with the present master key, and the former master keys are retired for the county.
//! - A master key that is retired in every county may leave the settings. Its ids, cursors and receipt codes go on, by the
//!   look-up keys that were kept.
//!
//! Why the look-up keys are kept rather than everything hashed anew: receipt codes are on paper, ids and cursors in other
//! people's bookmarks, and all of them follow from the key that made them. To hash a stored receipt code under another key
//! would protect nothing, since whoever has the old key makes the code itself. What is made from today on is out of reach of a
//! former key, and so are the blind indexes once resealed: each is hashed on with the present key.

mod reseal;
mod rules;
mod status;
mod store;
mod tables;

pub use reseal::{Resealed, reseal};
pub use rules::Unfit;
pub use status::{CountyKeys, KeyState, rows, status, unverifiable};
pub use store::{check, take_up};

use crate::db::Fault;

/// Why keys could not be taken up or texts not sealed anew.
#[derive(Debug)]
pub enum KeyFault {
    /// The keys don't fit the database; the text says what to do.
    Unfit(Unfit),
    /// The database failed.
    Fault(Fault),
}

impl From<Fault> for KeyFault {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Unfit> for KeyFault {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}
