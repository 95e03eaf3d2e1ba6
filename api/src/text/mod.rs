//! Text as people read it: what of it is compared (`fold`), and what of it is stored (`visible`). Pure; knows nothing of
//! the rest of the program.
//!
//! Texts that are copied from chats, web pages and PDF files carry characters that nobody sees, and the same word is written
//! in traditional or simplified characters, in full width or half, with or without blanks. Whoever compares texts of people
//! asks [`folded`] or [`reference()`], never the text as it stands.

mod characters;
mod fold;
mod simplified;
mod visible;

pub use characters::{is_blank, is_invisible};
pub use fold::{Folded, folded, reference};
pub use visible::{beginning, line, passage, shows_nothing};
