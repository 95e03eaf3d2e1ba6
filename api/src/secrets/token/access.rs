//! Access tokens: signed with EdDSA and nothing else, valid for some minutes, checked against a given `now`.
//!
//! A token says who came in and when, never what the caller may do: rights are read from the account and its post at
//! each request, and `epoch` must still be the account's, so that disabling or moving someone works at once.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use lru::LruCache;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::keys::KeyRing;

/// How long an access token lives, unless told otherwise.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// How far the clocks of two of our servers may be apart; a shorter token is believed no longer than twice its life.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(20);

/// Ours have about 500 bytes; longer ones are refused before anything is decoded.
const LONGEST: usize = 2_048;

/// How many tokens are known at once, the least used forgotten first: some 400 bytes each.
const KNOWN: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4_095);

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// The account (账号).
    pub account: Uuid,
    /// The session (会话) that one logout ends.
    pub session: Uuid,
    /// GB/T 2260 code of the county.
    pub county: String,
    /// The post (岗位) that was chosen at login or by switching.
    pub post: Uuid,
    /// The account's version when the token was issued; another one in the table means that it no longer holds.
    pub epoch: i32,
    /// Which refresh token was handed out with it: [`super::RefreshToken::pair`]. Its use tells that the pair arrived.
    pub pair: String,
}

/// Issues and verifies access tokens of one deployment.
#[derive(Debug)]
pub struct AccessTokens {
    ring: KeyRing,
    issuer: String,
    audience: String,
    life: TimeDelta,
    validation: Validation,
    /// What tokens of which the signature was found to fit say, by their hash; their time is looked at each time.
    known: Mutex<LruCache<[u8; 32], Arc<Wire>>>,
}

/// Why a token could not be issued: a fault of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Signing failed.
    #[error("TOKEN_NOT_SIGNED: the access token could not be signed")]
    NotSigned,
}

/// Why a token does not let its bearer in. Outside all are `UNAUTHENTICATED`; the code is for logs and counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Not a token of ours in form: parts, base64, JSON, claims, or too long.
    #[error("TOKEN_MALFORMED: not an access token")]
    Malformed,
    /// Signed by another algorithm than EdDSA, or by none.
    #[error("TOKEN_ALGORITHM: only EdDSA is taken")]
    Algorithm,
    /// No `kid`, or one that is not in the ring.
    #[error("TOKEN_UNKNOWN_KEY: signed by a key that is not ours")]
    UnknownKey,
    /// The signature does not fit.
    #[error("TOKEN_SIGNATURE: the signature does not fit")]
    Signature,
    /// Another `iss` or `aud`.
    #[error("TOKEN_PARTY: issued by or for somebody else")]
    Party,
    /// Its time is over: refresh.
    #[error("TOKEN_EXPIRED: expired")]
    Expired,
    /// Its time has not come.
    #[error("TOKEN_NOT_YET_VALID: not valid yet")]
    NotYetValid,
}

/// On the wire; the names are those of RFC 7519, `sid` that of OpenID Connect.
#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    county: String,
    post: Uuid,
    epoch: i32,
    pair: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl AccessTokens {
    /// For a deployment that calls itself `issuer` and whose API is `audience`.
    #[must_use]
    pub fn new(ring: KeyRing, issuer: String, audience: String) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[&audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "nbf", "sub"]);
        // The library would ask the system's clock; `in_time` asks the caller's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            ring,
            issuer,
            audience,
            life: ACCESS_LIFETIME,
            validation,
            known: Mutex::new(LruCache::new(KNOWN)),
        }
    }

    /// The same with tokens that live so long.
    #[must_use]
    pub fn lasting(self, life: TimeDelta) -> Self {
        Self { life, ..self }
    }

    /// How long a token lives.
    #[must_use]
    pub const fn life(&self) -> TimeDelta {
        self.life
    }

    fn leeway(&self) -> TimeDelta {
        LEEWAY.min(self.life)
    }

    /// The keys, for `/.well-known/jwks.json`.
    #[must_use]
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// A token that holds from `now` for [`Self::life`].
    ///
    /// # Errors
    /// [`TokenFault::NotSigned`], which a ring that could be made does not cause.
    pub fn issue(&self, claims: &AccessClaims, now: DateTime<Utc>) -> Result<String, TokenFault> {
        let (key, kid) = self.ring.signer();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(kid.to_owned());
        encode(&header, &self.wire(claims, now), key).map_err(|_| TokenFault::NotSigned)
    }

    /// Who a token speaks for at `now`. The caller still has to compare `epoch` and the session with the tables.
    ///
    /// # Errors
    /// [`TokenRefusal`], the first reason found.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenRefusal> {
        self.verify_until(token, now).map(|(claims, _)| claims)
    }

    /// The same, and from when on the token lets nobody in any more.
    ///
    /// # Errors
    /// [`TokenRefusal`], the first reason found.
    pub fn verify_until(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(AccessClaims, DateTime<Utc>), TokenRefusal> {
        let wire = self.signed(token)?;
        in_time(&wire, now, self.leeway())?;
        let end = DateTime::from_timestamp(wire.exp, 0).ok_or(TokenRefusal::Malformed)?;
        Ok((AccessClaims::from(&*wire), end + self.leeway()))
    }

    /// What a token says whose signature fits.
    fn signed(&self, token: &str) -> Result<Arc<Wire>, TokenRefusal> {
        if token.len() > LONGEST {
            return Err(TokenRefusal::Malformed);
        }
        let hash: [u8; 32] = Sha256::digest(token).into();
        if let Some(wire) = self.known().get(&hash) {
            return Ok(Arc::clone(wire));
        }
        let wire = Arc::new(self.decoded(token)?);
        self.known().put(hash, Arc::clone(&wire));
        Ok(wire)
    }

    fn known(&self) -> MutexGuard<'_, LruCache<[u8; 32], Arc<Wire>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decoded(&self, token: &str) -> Result<Wire, TokenRefusal> {
        let header = decode_header(token).map_err(|error| refusal(error.kind()))?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenRefusal::Algorithm);
        }
        // RFC 7515: extensions marked critical must be understood; we know none.
        if header.crit.is_some() {
            return Err(TokenRefusal::Malformed);
        }
        let key = header.kid.as_deref().and_then(|kid| self.ring.verifier(kid));
        let key = key.ok_or(TokenRefusal::UnknownKey)?;
        decode::<Wire>(token, key, &self.validation)
            .map(|decoded| decoded.claims)
            .map_err(|error| refusal(error.kind()))
    }

    fn wire(&self, claims: &AccessClaims, now: DateTime<Utc>) -> Wire {
        let AccessClaims { account, session, county, post, epoch, pair } = claims;
        Wire {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: *account,
            sid: *session,
            county: county.clone(),
            post: *post,
            epoch: *epoch,
            pair: pair.clone(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + self.life).timestamp(),
        }
    }
}

impl From<&Wire> for AccessClaims {
    fn from(wire: &Wire) -> Self {
        Self {
            account: wire.sub,
            session: wire.sid,
            county: wire.county.clone(),
            post: wire.post,
            epoch: wire.epoch,
            pair: wire.pair.clone(),
        }
    }
}

fn in_time(wire: &Wire, now: DateTime<Utc>, leeway: TimeDelta) -> Result<(), TokenRefusal> {
    let (now, leeway) = (now.timestamp(), leeway.num_seconds());
    if now >= wire.exp.saturating_add(leeway) {
        return Err(TokenRefusal::Expired);
    }
    if wire.nbf.max(wire.iat) > now.saturating_add(leeway) {
        return Err(TokenRefusal::NotYetValid);
    }
    Ok(())
}

fn refusal(kind: &ErrorKind) -> TokenRefusal {
    match kind {
        ErrorKind::InvalidSignature => TokenRefusal::Signature,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => TokenRefusal::Party,
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => TokenRefusal::Algorithm,
        _ => TokenRefusal::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
    use jsonwebtoken::EncodingKey;
    use serde_json::{Value, json};

    use super::*;
    use crate::secrets::entropy::random;

    fn seed() -> String {
        BASE64_STANDARD.encode(random::<32>())
    }

    fn tokens_of(current: &str, previous: &[String]) -> AccessTokens {
        let ring = KeyRing::from_seeds(current, previous).unwrap();
        AccessTokens::new(ring, "minsheng".into(), "minsheng-api".into())
    }

    fn claims() -> AccessClaims {
        AccessClaims {
            account: Uuid::from_u128(1),
            session: Uuid::from_u128(2),
            county: "130803".into(),
            post: Uuid::from_u128(3),
            epoch: 7,
            pair: "0123456789abcdef".into(),
        }
    }

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_573_790_400, 0).unwrap()
    }

    /// Signs whatever it is given with the ring's own key, as a careless issuer would.
    fn forged(tokens: &AccessTokens, change: impl FnOnce(&mut Header, &mut Value)) -> String {
        let mut payload = serde_json::to_value(tokens.wire(&claims(), noon())).unwrap();
        let (key, kid) = tokens.ring.signer();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(kid.to_owned());
        change(&mut header, &mut payload);
        encode(&header, &payload, key).unwrap()
    }

    #[test]
    fn a_token_says_who_it_speaks_for_until_it_expires() {
        let tokens = tokens_of(&seed(), &[]);
        let token = tokens.issue(&claims(), noon()).unwrap();
        assert!(token.len() < LONGEST / 2, "{}", token.len());
        let at = |seconds: i64| tokens.verify(&token, noon() + TimeDelta::seconds(seconds));
        assert_eq!(at(0), Ok(claims()));
        assert_eq!(at(600 + 19), Ok(claims()));
        assert_eq!(at(600 + 20), Err(TokenRefusal::Expired));
        assert_eq!(at(-20), Ok(claims()));
        assert_eq!(at(-21), Err(TokenRefusal::NotYetValid));
        assert!(LEEWAY <= TimeDelta::seconds(30));
    }

    #[test]
    fn a_token_of_one_second_is_over_after_two() {
        let tokens = tokens_of(&seed(), &[]).lasting(TimeDelta::seconds(1));
        let token = tokens.issue(&claims(), noon()).unwrap();
        let at = |seconds: i64| tokens.verify(&token, noon() + TimeDelta::seconds(seconds));
        assert_eq!(at(1), Ok(claims()));
        assert_eq!(at(2), Err(TokenRefusal::Expired));
        let (_, end) = tokens.verify_until(&token, noon()).unwrap();
        assert_eq!(end, noon() + TimeDelta::seconds(2));
    }

    #[test]
    fn a_retired_key_still_verifies_and_a_removed_one_does_not() {
        let (old, new) = (seed(), seed());
        let token = tokens_of(&old, &[]).issue(&claims(), noon()).unwrap();
        assert_eq!(tokens_of(&new, &[old]).verify(&token, noon()), Ok(claims()));
        assert_eq!(tokens_of(&new, &[]).verify(&token, noon()), Err(TokenRefusal::UnknownKey));
    }

    #[test]
    fn no_algorithm_and_the_public_key_as_hmac_secret_are_refused() {
        let tokens = tokens_of(&seed(), &[]);
        let payload = serde_json::to_value(tokens.wire(&claims(), noon())).unwrap();
        let kid = tokens.ring.signer().1.to_owned();

        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let none = format!("{}.{}.", part(&json!({ "alg": "none", "kid": kid })), part(&payload));
        assert_eq!(tokens.verify(&none, noon()), Err(TokenRefusal::Malformed));

        let x = tokens.ring.jwks()["keys"][0]["x"].as_str().unwrap().to_owned();
        let public = BASE64_URL_SAFE_NO_PAD.decode(x).unwrap();
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(kid);
        let confused = encode(&header, &payload, &EncodingKey::from_secret(&public)).unwrap();
        assert_eq!(tokens.verify(&confused, noon()), Err(TokenRefusal::Algorithm));
    }

    #[test]
    fn other_parties_keys_and_extensions_are_refused() {
        let tokens = tokens_of(&seed(), &[]);
        let verdict = |change: fn(&mut Header, &mut Value)| tokens.verify(&forged(&tokens, change), noon());
        assert_eq!(verdict(|_, _| ()), Ok(claims()));
        assert_eq!(verdict(|_, body| body["iss"] = json!("other")), Err(TokenRefusal::Party));
        assert_eq!(verdict(|_, body| body["aud"] = json!("other")), Err(TokenRefusal::Party));
        assert_eq!(verdict(|head, _| head.kid = Some("other".into())), Err(TokenRefusal::UnknownKey));
        assert_eq!(verdict(|head, _| head.kid = None), Err(TokenRefusal::UnknownKey));
        assert_eq!(verdict(|head, _| head.crit = Some(vec!["b64".into()])), Err(TokenRefusal::Malformed));
    }

    #[test]
    fn every_claim_is_required() {
        let tokens = tokens_of(&seed(), &[]);
        for name in ["iss", "aud", "sub", "sid", "county", "post", "epoch", "pair", "iat", "nbf", "exp"] {
            let token = forged(&tokens, |_, body| {
                body.as_object_mut().unwrap().remove(name);
            });
            assert_eq!(tokens.verify(&token, noon()), Err(TokenRefusal::Malformed), "{name}");
        }
    }

    #[test]
    fn a_token_changed_anywhere_is_refused() {
        let tokens = tokens_of(&seed(), &[]);
        let token = tokens.issue(&claims(), noon()).unwrap();
        assert_eq!(tokens.verify(&token, noon()), Ok(claims()), "known from now on");
        let parts: Vec<&str> = token.split('.').collect();
        let payload =
            serde_json::to_value(tokens.wire(&AccessClaims { epoch: 8, ..claims() }, noon())).unwrap();
        let swapped = BASE64_URL_SAFE_NO_PAD.encode(payload.to_string());
        let tampered = format!("{}.{swapped}.{}", parts[0], parts[2]);
        assert_eq!(tokens.verify(&tampered, noon()), Err(TokenRefusal::Signature));
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // The last character of a part can carry unused bits, which the decoder refuses as well.
            assert!(tokens.verify(&changed, noon()).is_err(), "position {index}");
        }
        for garbage in ["", "a", "a.b", "a.b.c", "....", &"x".repeat(5_000)] {
            assert_eq!(tokens.verify(garbage, noon()), Err(TokenRefusal::Malformed), "{garbage}");
        }
    }
}
