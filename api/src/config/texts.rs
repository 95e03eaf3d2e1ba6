//! Settings as texts, and how each kind of them is read.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;

use super::address::listening;
use super::error::{ConfigError, malformed};
use crate::audience::Audience;
use crate::http::{Documents, Network};
use crate::limits::rates::{Rate, RatePlan};
use crate::limits::request::Limits;
use crate::limits::throttle::{Patience, ThrottlePlan};
use crate::logging::LogFormat;
use crate::refusal::{Message, meant, message};
use crate::sensitive::Sensitive;

/// Settings by key, not yet understood.
pub(super) struct Texts(pub(super) BTreeMap<String, String>);

impl Texts {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|text| text.trim())
    }

    pub(super) fn sensitive(&self, key: &str) -> Option<Sensitive> {
        self.get(key).map(Sensitive::new)
    }

    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        self.get(key).unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
    }

    pub(super) fn parse<T: FromStr>(
        &self,
        key: &str,
        wanted: &Message,
        default: T,
    ) -> Result<T, ConfigError> {
        let Some(text) = self.get(key) else {
            return Ok(default);
        };
        text.parse().map_err(|_| malformed(key, is_not(text, wanted)))
    }

    pub(super) fn address(&self, key: &str, default: SocketAddr) -> Result<SocketAddr, ConfigError> {
        let read = |text| listening(text).map_err(|reason| malformed(key, reason));
        self.get(key).map_or(Ok(default), read)
    }

    pub(super) fn number<T>(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<T>,
        default: T,
    ) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let (least, most) = (range.start(), range.end());
        let wanted = message!("{least} 至 {most} 的整数", "a number from {least} to {most}");
        let number = self.parse(key, &wanted, default)?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err(malformed(key, is_not(&number.to_string(), &wanted)))
        }
    }

    pub(super) fn seconds(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
        default: Duration,
    ) -> Result<Duration, ConfigError> {
        self.number(key, range, default.as_secs()).map(Duration::from_secs)
    }

    pub(super) fn networks(&self, key: &str) -> Result<Vec<Network>, ConfigError> {
        let read = |part: &str| {
            let wanted = message!("地址或网段，例如 10.0.0.0/8", "an address or a network like 10.0.0.0/8");
            part.parse().map_err(|()| malformed(key, is_not(part, &wanted)))
        };
        self.list(key).map(read).collect()
    }

    pub(super) fn limits(&self) -> Result<Limits, ConfigError> {
        let usual = Limits::USUAL;
        Ok(Limits {
            document_bytes: self.number("document_bytes", 1_024..=262_144, usual.document_bytes)?,
            tokens: self.number("document_tokens", 100..=50_000, usual.tokens)?,
            nesting: self.number("document_nesting", 10..=100, usual.nesting)?,
            depth: self.number("query_depth", 4..=50, usual.depth)?,
            fields: self.number("query_fields", 50..=20_000, usual.fields)?,
            aliases: self.number("query_aliases", 0..=1_000, usual.aliases)?,
            price: self.number("query_price", 100..=1_000_000, usual.price)?,
            answer_bytes: self.number("answer_bytes", 65_536..=1_073_741_824, usual.answer_bytes)?,
        })
    }

    pub(super) fn throttle(&self) -> Result<ThrottlePlan, ConfigError> {
        let usual = ThrottlePlan::default();
        let patience = |tries, wait, usual: Patience| {
            let longest = usual.longest_wait.num_seconds();
            Ok::<_, ConfigError>(Patience {
                free: self.number(tries, 1..=10_000, usual.free)?,
                longest_wait: TimeDelta::seconds(self.number(wait, 1..=86_400, longest)?),
                ..usual
            })
        };
        Ok(ThrottlePlan {
            account: patience("account_tries", "account_wait_seconds", usual.account)?,
            strangers: patience("stranger_tries", "account_wait_seconds", usual.strangers)?,
            address: patience("address_tries", "address_wait_seconds", usual.address)?,
            receipt: patience("receipt_tries", "receipt_wait_seconds", usual.receipt)?,
            capacity: usual.capacity,
        })
    }

    pub(super) fn rates(&self) -> Result<RatePlan, ConfigError> {
        let usual = RatePlan::default();
        let rate = |key, usual: Rate| {
            let wanted = message!(
                "速率，例如 30/10：一次 30 个，之后每分钟 10 个，各为 1 至 1000000",
                "a rate such as 30/10: 30 at once, then 10 a minute, each from 1 to 1000000"
            );
            self.parse(key, &wanted, usual)
        };
        Ok(RatePlan {
            writes_of_address: rate("writes_of_address", usual.writes_of_address)?,
            writes_of_account: rate("writes_of_account", usual.writes_of_account)?,
            writes_of_portal: rate("writes_of_portal", usual.writes_of_portal)?,
            submissions_of_address: rate("submissions_of_address", usual.submissions_of_address)?,
            submissions_of_county: rate("submissions_of_county", usual.submissions_of_county)?,
        })
    }

    pub(super) fn audience(&self, key: &str) -> Result<Option<Audience>, ConfigError> {
        let read = |text: &str| {
            let wanted = message!("everyone、signed_in 或 nobody", "everyone, signed_in or nobody")
                .and(&meant(text, ["everyone", "signed_in", "nobody"]));
            text.parse().map_err(|()| malformed(key, is_not(text, &wanted)))
        };
        self.get(key).map(read).transpose()
    }

    pub(super) fn origins(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        let read = |part: &str| {
            let host = ["https://", "http://"].iter().find_map(|scheme| part.strip_prefix(scheme));
            let plain =
                host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', '?', '#', '@', ' ']));
            if plain {
                Ok(part.to_lowercase())
            } else {
                let wanted = message!(
                    "网页来源，例如 https://portal.example：协议、主机、可加端口，不带路径",
                    "an origin such as https://portal.example: scheme, host and maybe port, no path"
                );
                Err(malformed(key, is_not(part, &wanted)))
            }
        };
        self.list(key).map(read).collect()
    }

    pub(super) fn documents(&self, manifest: &str, free_text: &str) -> Result<Documents, ConfigError> {
        let path = self.get(manifest);
        let usual = if path.is_some() { Audience::SignedIn } else { Audience::Everyone };
        let free_text = self.audience(free_text)?.unwrap_or(usual);
        let Some(path) = path else {
            return Ok(Documents::without_manifest(free_text));
        };
        Documents::read(Path::new(path), free_text)
            .map_err(|reason| malformed(manifest, message!("{path}：无法使用：{reason}", "{path}: {reason}")))
    }

    pub(super) fn log_format(&self, key: &str) -> Result<LogFormat, ConfigError> {
        match self.get(key) {
            None | Some("text") => Ok(LogFormat::Text),
            Some("json") => Ok(LogFormat::Json),
            Some(other) => {
                let wanted = message!("text 或 json", "text or json").and(&meant(other, ["text", "json"]));
                Err(malformed(key, is_not(other, &wanted)))
            }
        }
    }
}

fn is_not(text: &str, Message { zh, en }: &Message) -> Message {
    message!("{text:?} 不是{zh}", "{text:?} is not {en}")
}
