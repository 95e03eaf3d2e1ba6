//! Passwords (口令): how they are held, judged, made and hashed.

mod generate;
mod hasher;
mod policy;
mod secret;

pub use generate::{generate, generate_half, join_halves};
pub use hasher::{HashCost, HashQueue, PasswordFault, PasswordHasher, Verdict};
pub use policy::{Composition, PasswordPolicy, PasswordRefusal, PolicyFault};
pub use secret::Secret;
