//! Refresh tokens (续期令牌): their bearer gets a new access token and, each time, the token of the next turn (轮次).
//!
//! All tokens of a session carry the same secret, of which the table keeps only the SHA-256. Each carries its turn too, and a
//! tag over both that only the holder of the key can make. So a turn has one token and no other: two tabs that renew at once
//! get the same one. A former token is known by its tag, however old it is, and what somebody made up is not, although
//! session ids stand in the trail and in access tokens.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use entity::id::{County, SessionId};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::opaque::{NotAToken, Opaque};
use crate::secrets::seal::digest::keyed_hash;

/// Bytes of a secret, of a turn and of a tag.
const PARTS: [usize; 3] = [32, 4, 16];

type Tag = [u8; PARTS[2]];

/// A refresh token. County and session stand in front, so that its row is found without a table over all counties.
pub struct RefreshToken {
    county: County,
    session: SessionId,
    secret: Opaque,
    turn: i32,
    tag: Tag,
}

/// What tags are made with, the present key first; the others belong to master keys of former days.
pub struct RefreshKeys(Vec<[u8; 32]>);

impl RefreshKeys {
    /// Over the keys, the present one first.
    #[must_use]
    pub const fn new(keys: Vec<[u8; 32]>) -> Self {
        Self(keys)
    }

    /// The first token of a session, from 32 random bytes.
    #[must_use]
    pub fn first(&self, county: County, session: SessionId, random: [u8; 32]) -> RefreshToken {
        self.tagged(RefreshToken {
            county,
            session,
            secret: Opaque::new(random),
            turn: 0,
            tag: Tag::default(),
        })
    }

    /// The token of another turn of the same session.
    #[must_use]
    pub fn at(&self, token: &RefreshToken, turn: i32) -> RefreshToken {
        self.tagged(RefreshToken {
            county: token.county.clone(),
            session: token.session,
            secret: Opaque::new(*token.secret.bytes()),
            turn,
            tag: Tag::default(),
        })
    }

    /// Reads what a client sends, if it was made here.
    ///
    /// # Errors
    /// [`NotAToken`]; answer it like an unknown token.
    pub fn read(&self, text: &str) -> Result<RefreshToken, NotAToken> {
        let token = RefreshToken::parse(text)?;
        let made_with = |key: &[u8; 32]| bool::from(token.tag_with(key).ct_eq(&token.tag));
        if self.0.iter().any(made_with) { Ok(token) } else { Err(NotAToken) }
    }

    fn tagged(&self, token: RefreshToken) -> RefreshToken {
        let tag = self.0.first().map(|key| token.tag_with(key));
        RefreshToken { tag: tag.unwrap_or_default(), ..token }
    }
}

impl RefreshToken {
    fn parse(text: &str) -> Result<Self, NotAToken> {
        let (county, rest) = text.split_once('.').ok_or(NotAToken)?;
        let (session, rest) = rest.split_once('.').ok_or(NotAToken)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(rest).map_err(|_| NotAToken)?;
        let (secret, rest) = bytes.split_first_chunk::<32>().ok_or(NotAToken)?;
        let (turn, tag) = rest.split_first_chunk::<4>().ok_or(NotAToken)?;
        Ok(Self {
            county: County::parse(county).ok_or(NotAToken)?,
            session: SessionId(Uuid::try_parse(session).map_err(|_| NotAToken)?),
            secret: Opaque::new(*secret),
            turn: i32::from_be_bytes(*turn),
            tag: tag.try_into().map_err(|_| NotAToken)?,
        })
    }

    fn tag_with(&self, key: &[u8; 32]) -> Tag {
        let mut message = self.county.as_str().as_bytes().to_vec();
        message.extend_from_slice(self.session.0.as_bytes());
        message.extend_from_slice(self.secret.bytes());
        message.extend_from_slice(&self.turn.to_be_bytes());
        let mut tag = Tag::default();
        tag.copy_from_slice(&keyed_hash(key, &message)[..PARTS[2]]);
        tag
    }

    /// County of the session, as the bearer says.
    #[must_use]
    pub const fn county(&self) -> &County {
        &self.county
    }

    /// The session, as the bearer says.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// How often the session had been renewed when it was handed out.
    #[must_use]
    pub const fn turn(&self) -> i32 {
        self.turn
    }

    /// The text for its owner, 110 characters.
    #[must_use]
    pub fn reveal(&self) -> String {
        let mut bytes = self.secret.bytes().to_vec();
        bytes.extend_from_slice(&self.turn.to_be_bytes());
        bytes.extend_from_slice(&self.tag);
        let session = self.session.0.simple();
        let rest = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        format!("{}.{session}.{rest}", self.county)
    }

    /// What the table stores: SHA-256 of the secret, 64 hexadecimal letters. A plain hash suffices because 256 random
    /// bits cannot be tried out.
    #[must_use]
    pub fn hash(&self) -> String {
        self.secret.hash()
    }

    /// Whether its secret is that of a stored hash, in constant time.
    #[must_use]
    pub fn matches(&self, stored: &str) -> bool {
        self.secret.matches(stored)
    }

    /// The mark that the access token handed out at a turn carries.
    #[must_use]
    pub fn pair(turn: i32) -> String {
        turn.to_string()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(hidden)")
    }
}

impl fmt::Debug for RefreshKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshKeys(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> RefreshKeys {
        RefreshKeys::new(bytes.iter().map(|byte| [*byte; 32]).collect())
    }

    fn token(byte: u8) -> RefreshToken {
        let county = County::parse("130803").unwrap();
        keys(&[1]).first(county, SessionId(Uuid::from_u128(5)), [byte; 32])
    }

    #[test]
    fn a_refresh_token_survives_the_way_to_the_client_and_back() {
        let token = token(0xA7);
        let back = keys(&[1]).read(&token.reveal()).unwrap();
        assert!(back.matches(&token.hash()));
        assert_eq!(
            (back.county().as_str(), back.session(), back.turn()),
            ("130803", SessionId(Uuid::from_u128(5)), 0)
        );
        assert_eq!((token.reveal().len(), token.hash().len()), (110, 64));
    }

    #[test]
    fn a_turn_has_one_token_and_each_turn_another() {
        let (keys, first) = (keys(&[1]), token(0xA7));
        let second = keys.at(&first, 1);
        assert_eq!(second.reveal(), keys.at(&first, 1).reveal());
        assert_eq!(keys.read(&second.reveal()).unwrap().turn(), 1);
        assert_eq!(second.hash(), first.hash());
        assert_ne!(second.reveal(), first.reveal());
    }

    #[test]
    fn what_was_not_made_here_is_no_token() {
        let text = token(0xFF).reveal();
        let last = if text.ends_with('A') { "Q" } else { "A" };
        for wrong in [
            "",
            "abc",
            &text[1..],
            &format!("{text}="),
            &text.replace('_', "/"),
            &text[7..],
            &text.replacen('.', "", 1),
            // Another county, another session, another secret, another tag: each has the form.
            &text.replacen("130803", "341522", 1),
            &text.replacen("0005.", "0006.", 1),
            &text.replacen("___", "__8", 1),
            &format!("{}{last}", &text[..109]),
        ] {
            assert_eq!(keys(&[1]).read(wrong).err(), Some(NotAToken), "{wrong}");
        }
        assert!(keys(&[2]).read(&text).is_err());
        assert!(keys(&[2, 1]).read(&text).is_ok(), "a former key");
    }

    #[test]
    fn printing_shows_nothing() {
        let token = token(0xA7);
        assert!(!format!("{token:?}").contains(&token.reveal()[40..48]));
    }
}
