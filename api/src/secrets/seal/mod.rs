//! Identities (身份信息) at rest and on screen: sealed in the table, found by a blind index, masked in the view.

pub mod digest;
mod envelope;
mod lookup;
mod mask;
mod master;
mod sealer;
mod telephone;

pub use envelope::Envelope;
pub use lookup::{KeptKeys, Link, LookupKeys, Lookups, Mark, mark};
pub use mask::{mask_in_text, mask_name, mask_names, mask_of_person, mask_phone, names_in};
pub use master::MasterKey;
pub use sealer::{SealFault, Sealer};
pub use telephone::{Telephone, TelephoneRefusal, whole_number};
