//! What a caller shows to be let in: short-lived signed access tokens (访问令牌), refresh tokens (刷新令牌) and the
//! credentials of portals (门户凭据).

mod access;
mod client;
mod detached;
mod keys;
mod opaque;
mod refresh;

pub use access::{ACCESS_LIFETIME, AccessClaims, AccessTokens, LEEWAY, TokenFault, TokenRefusal};
pub use client::{ClientCredential, ClientSecret};
pub use detached::{Checked, KnowsKeys, PublicKeys, Signature};
pub use keys::{KeyRing, KeyRingFault};
pub use opaque::NotAToken;
pub use refresh::{RefreshKeys, RefreshToken};
