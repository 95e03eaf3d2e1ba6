//! Who is asking, and how far that one reaches (权限范围): what a transaction is opened for.

pub mod profiles;
pub mod system;
pub mod viewer;
