//! The settings (配置): from a TOML file and the environment, which wins. An unknown key is refused, for a misspelt
//! setting would otherwise be silently the default; secrets can't be printed.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::db::PoolSize;
use crate::http::{Audience, Documents, HttpSettings, Limits, Network};

const PREFIX: &str = "MINSHENG_";

/// Every setting, its key in a file, and what it is for; in the environment it is `MINSHENG_` and the key in capitals.
pub const SETTINGS: &[(&str, &str)] = &[
    (
        "database_url",
        "database that is served: postgres://… or sqlite://FILE?mode=rwc",
    ),
    (
        "owner_url",
        "the same PostgreSQL database as its owner; for `minsheng migrate` alone. SQLite has no owner: set MINSHENG_DATABASE_URL",
    ),
    (
        "master_key",
        "32 random bytes in base64, the present key first, former ones after commas",
    ),
    (
        "signing_key",
        "seed of the token keys: 32 random bytes in base64, the present one first",
    ),
    ("issuer", "`iss` of access tokens; default minsheng"),
    ("listen", "address and port; default 127.0.0.1:8080"),
    (
        "pool_connections",
        "most database connections at once; default 16",
    ),
    (
        "pool_wait_seconds",
        "longest wait for a free one; default 5",
    ),
    (
        "trusted_proxies",
        "addresses or networks whose X-Forwarded-For is believed, e.g. 10.0.0.0/8,::1; default none",
    ),
    (
        "sockets",
        "most WebSockets and streams of events at once; default 2000",
    ),
    (
        "sockets_of_account",
        "most of them of one account; default 100",
    ),
    (
        "request_timeout_seconds",
        "deadline of one GraphQL request; default 20",
    ),
    ("body_limit_bytes", "largest request body; default 262144"),
    ("document_bytes", "longest GraphQL document; default 16384"),
    ("document_tokens", "most tokens of one; default 4000"),
    (
        "document_nesting",
        "deepest nesting of its braces, brackets and parentheses; default 50",
    ),
    ("query_depth", "deepest selection; default 12"),
    (
        "query_fields",
        "most fields after fragments are expanded; default 2000",
    ),
    (
        "query_aliases",
        "most aliases after fragments are expanded; default 30",
    ),
    (
        "query_price",
        "most that a request may cost: fields times the rows of the lists that they stand in; default 10000",
    ),
    (
        "header_timeout_seconds",
        "longest time for a request's header, and for an idle connection; default 10",
    ),
    (
        "body_timeout_seconds",
        "longest time for a request's body; default 10",
    ),
    (
        "write_timeout_seconds",
        "longest time that a client may leave its answer unread; default 30",
    ),
    (
        "connections",
        "most client connections at once; default 4096",
    ),
    (
        "connections_per_address",
        "most from one address that is no trusted proxy; default 1024",
    ),
    (
        "allowed_origins",
        "other origins whose pages may call, e.g. https://portal.example,https://work.example; default none",
    ),
    (
        "metrics_networks",
        "addresses or networks that may collect /metrics; default this machine alone",
    ),
    (
        "trusted_documents",
        "manifest of trusted documents, as the client preset of GraphQL Code Generator writes it with sha256",
    ),
    (
        "free_text",
        "who may send documents that are not in it: everyone, signed_in or nobody; default everyone without a manifest, signed_in with one",
    ),
    (
        "introspection",
        "whom the schema tells about itself: everyone, signed_in or nobody; default signed_in",
    ),
    (
        "log",
        "what is logged, e.g. info or minsheng=debug; default info",
    ),
    ("log_format", "text or json; default text"),
];

/// Variables of the same prefix that are no settings: the command line's and the tests' own.
const OTHER_VARIABLES: &[&str] = &["MINSHENG_CONFIG", "MINSHENG_WRITE_SCHEMA"];
const TEST_PREFIX: &str = "MINSHENG_TEST_";

/// A text that nothing prints: an address with a password, or a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(String);

impl Sensitive {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who connects or derives keys.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive(hidden)")
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

/// All settings of a server, checked in form. What a command can't do without it asks for by name.
#[derive(Clone, Debug)]
pub struct Config {
    database_url: Option<Sensitive>,
    owner_url: Option<Sensitive>,
    /// Master keys, the present one first; may be empty until a command needs one.
    pub master_keys: Vec<Sensitive>,
    /// Seeds of the signing keys, the present one first.
    pub signing_keys: Vec<Sensitive>,
    /// `iss` of access tokens.
    pub issuer: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Database connections.
    pub pool: PoolSize,
    /// Limits of the door.
    pub http: HttpSettings,
    /// Filter of the log.
    pub log: String,
    /// Look of the log.
    pub log_format: LogFormat,
}

/// Why the settings can't be used; names the setting and what to do. Never repeats a value that may be secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A key that is no setting.
    #[error(
        "{place}: {name} is not a setting of minsheng; correct or remove it. Settings: {known}"
    )]
    Unknown {
        /// File or environment.
        place: String,
        /// The key as written.
        name: String,
        /// All of them.
        known: String,
    },
    /// A setting without which the command can't run.
    #[error("{name} is not set. Set it to: {purpose}")]
    Missing {
        /// The variable.
        name: String,
        /// What it is for.
        purpose: &'static str,
    },
    /// A value of the wrong form.
    #[error("{name}: {reason}")]
    Malformed {
        /// The variable.
        name: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// The file can't be read.
    #[error("{0}")]
    File(String),
}

impl Config {
    /// Reads the file, if one is named, and the process's environment over it.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = file.map(read_file).transpose()?.unwrap_or_default();
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name
                .into_string()
                .ok()
                .filter(|name| name.starts_with(PREFIX))?;
            Some((name, value.into_string().unwrap_or_default()))
        });
        Self::from_texts(file, environment)
    }

    /// From a file's settings, and variables over them.
    pub fn from_texts(
        file: BTreeMap<String, String>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut texts = file;
        for (name, value) in environment {
            if OTHER_VARIABLES.contains(&name.as_str()) || name.starts_with(TEST_PREFIX) {
                continue;
            }
            let key = known_key(
                "the environment",
                &name,
                name.strip_prefix(PREFIX).unwrap_or(&name),
            )?;
            texts.insert(key, value);
        }
        // A variable that a deployment leaves empty counts as not set.
        texts.retain(|_, value| !value.trim().is_empty());
        Self::of(&Texts(texts))
    }

    fn of(texts: &Texts) -> Result<Self, ConfigError> {
        let pool = PoolSize::default();
        Ok(Self {
            database_url: texts.sensitive("database_url"),
            owner_url: texts.sensitive("owner_url"),
            master_keys: texts.list("master_key").map(Sensitive::new).collect(),
            signing_keys: texts.list("signing_key").map(Sensitive::new).collect(),
            issuer: texts.get("issuer").unwrap_or("minsheng").to_owned(),
            listen: texts.parse(
                "listen",
                "an address and a port such as 0.0.0.0:8080",
                default_listen(),
            )?,
            pool: PoolSize {
                connections: texts.number("pool_connections", 1..=1000, pool.connections)?,
                wait: texts.seconds("pool_wait_seconds", 1..=60, pool.wait)?,
            },
            http: Self::http(texts)?,
            log: texts.get("log").unwrap_or("info").to_owned(),
            log_format: texts.log_format("log_format")?,
        })
    }

    fn http(texts: &Texts) -> Result<HttpSettings, ConfigError> {
        let http = HttpSettings::default();
        Ok(HttpSettings {
            request_timeout: texts.seconds(
                "request_timeout_seconds",
                1..=120,
                http.request_timeout,
            )?,
            limits: texts.limits()?,
            body_limit: texts.number("body_limit_bytes", 1024..=16_777_216, http.body_limit)?,
            header_timeout: texts.seconds(
                "header_timeout_seconds",
                1..=120,
                http.header_timeout,
            )?,
            body_timeout: texts.seconds("body_timeout_seconds", 1..=120, http.body_timeout)?,
            write_timeout: texts.seconds("write_timeout_seconds", 1..=600, http.write_timeout)?,
            connections: texts.number("connections", 16..=100_000, http.connections)?,
            connections_per_address: texts.number(
                "connections_per_address",
                1..=100_000,
                http.connections_per_address,
            )?,
            allowed_origins: texts.origins("allowed_origins")?,
            metrics_networks: match texts.networks("metrics_networks")? {
                none if none.is_empty() => http.metrics_networks,
                networks => networks,
            },
            documents: Arc::new(texts.documents("trusted_documents", "free_text")?),
            trusted_proxies: texts.networks("trusted_proxies")?,
            demo_accounts: None,
            sockets: texts.number("sockets", 1..=100_000, http.sockets)?,
            sockets_of_account: texts.number(
                "sockets_of_account",
                1..=100_000,
                http.sockets_of_account,
            )?,
            introspection: texts.parse(
                "introspection",
                "everyone, signed_in or nobody",
                http.introspection,
            )?,
        })
    }

    /// The database that is served.
    pub fn database_url(&self) -> Result<&Sensitive, ConfigError> {
        self.database_url
            .as_ref()
            .ok_or_else(|| missing("database_url"))
    }

    /// The owner's address of it. SQLite knows no owner: there the served address will do.
    pub fn owner_url(&self) -> Result<&Sensitive, ConfigError> {
        let embedded = self
            .database_url
            .as_ref()
            .filter(|url| url.reveal().starts_with("sqlite:"));
        self.owner_url
            .as_ref()
            .or(embedded)
            .ok_or_else(|| missing("owner_url"))
    }

    /// Asks for both keys before anything is opened, so that a server without them does not half start.
    pub fn require_keys(&self) -> Result<(), ConfigError> {
        for (name, keys) in [
            ("master_key", &self.master_keys),
            ("signing_key", &self.signing_keys),
        ] {
            if keys.is_empty() {
                return Err(missing(name));
            }
        }
        Ok(())
    }
}

/// The settings of a TOML file as texts; an array is a list, whose parts are joined by commas.
fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let place = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::File(format!("{place}: {error}")))?;
    // The parser's own text would quote the line, and with it a secret.
    let table: toml::Table = toml::from_str(&text).map_err(|_| {
        ConfigError::File(format!("{place}: is not TOML of the form key = \"value\""))
    })?;
    let mut texts = BTreeMap::new();
    for (name, value) in &table {
        let key = known_key(&place, name, name)?;
        let text = plain(value)
            .ok_or_else(|| malformed(&key, "a text, a number, or an array of texts is needed"))?;
        texts.insert(key, text);
    }
    Ok(texts)
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(parts) => {
            let texts: Option<Vec<&str>> = parts.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

fn known_key(place: &str, written: &str, key: &str) -> Result<String, ConfigError> {
    let key = key.to_lowercase();
    if SETTINGS.iter().any(|(known, _)| *known == key) {
        return Ok(key);
    }
    let known: Vec<&str> = SETTINGS.iter().map(|(known, _)| *known).collect();
    Err(ConfigError::Unknown {
        place: place.to_owned(),
        name: written.to_owned(),
        known: known.join(", "),
    })
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

fn missing(key: &str) -> ConfigError {
    let purpose = SETTINGS
        .iter()
        .find(|(known, _)| *known == key)
        .map_or("", |(_, purpose)| *purpose);
    ConfigError::Missing {
        name: variable(key),
        purpose,
    }
}

fn malformed(key: &str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Malformed {
        name: variable(key),
        reason: reason.into(),
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

/// Settings by key, not yet understood.
struct Texts(BTreeMap<String, String>);

impl Texts {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|text| text.trim())
    }

    fn sensitive(&self, key: &str) -> Option<Sensitive> {
        self.get(key).map(Sensitive::new)
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        self.get(key)
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
    }

    fn parse<T: FromStr>(&self, key: &str, wanted: &str, default: T) -> Result<T, ConfigError> {
        let Some(text) = self.get(key) else {
            return Ok(default);
        };
        text.parse()
            .map_err(|_| malformed(key, format!("{text:?} is not {wanted}")))
    }

    fn number<T>(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<T>,
        default: T,
    ) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let wanted = format!("a number from {} to {}", range.start(), range.end());
        let number = self.parse(key, &wanted, default)?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err(malformed(key, format!("{number} is not {wanted}")))
        }
    }

    fn seconds(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
        default: Duration,
    ) -> Result<Duration, ConfigError> {
        self.number(key, range, default.as_secs())
            .map(Duration::from_secs)
    }

    fn networks(&self, key: &str) -> Result<Vec<Network>, ConfigError> {
        let read = |part: &str| {
            part.parse().map_err(|()| {
                malformed(
                    key,
                    format!("{part:?} is neither an address nor a network like 10.0.0.0/8"),
                )
            })
        };
        self.list(key).map(read).collect()
    }

    fn limits(&self) -> Result<Limits, ConfigError> {
        let usual = Limits::USUAL;
        Ok(Limits {
            document_bytes: self.number("document_bytes", 1_024..=262_144, usual.document_bytes)?,
            tokens: self.number("document_tokens", 100..=50_000, usual.tokens)?,
            nesting: self.number("document_nesting", 10..=100, usual.nesting)?,
            depth: self.number("query_depth", 4..=50, usual.depth)?,
            fields: self.number("query_fields", 50..=20_000, usual.fields)?,
            aliases: self.number("query_aliases", 0..=1_000, usual.aliases)?,
            price: self.number("query_price", 100..=1_000_000, usual.price)?,
        })
    }

    fn origins(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        let read = |part: &str| {
            let host = ["https://", "http://"]
                .iter()
                .find_map(|scheme| part.strip_prefix(scheme));
            let plain = host.is_some_and(|host| {
                !host.is_empty() && !host.contains(['/', '*', '?', '#', '@', ' '])
            });
            if plain {
                Ok(part.to_lowercase())
            } else {
                let wanted = "an origin such as https://portal.example: scheme, host and maybe port, no path";
                Err(malformed(key, format!("{part:?} is not {wanted}")))
            }
        };
        self.list(key).map(read).collect()
    }

    fn documents(&self, manifest: &str, free_text: &str) -> Result<Documents, ConfigError> {
        let path = self.get(manifest);
        let usual = if path.is_some() {
            Audience::SignedIn
        } else {
            Audience::Everyone
        };
        let free_text = self.parse(free_text, "everyone, signed_in or nobody", usual)?;
        let Some(path) = path else {
            return Ok(Documents::without_manifest(free_text));
        };
        Documents::read(Path::new(path), free_text)
            .map_err(|reason| malformed(manifest, format!("{path}: {reason}")))
    }

    fn log_format(&self, key: &str) -> Result<LogFormat, ConfigError> {
        match self.get(key) {
            None | Some("text") => Ok(LogFormat::Text),
            Some("json") => Ok(LogFormat::Json),
            Some(other) => Err(malformed(
                key,
                format!("{other:?} is neither text nor json"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let pairs = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::from_texts(BTreeMap::new(), pairs)
    }

    #[test]
    fn without_any_setting_the_defaults_hold_and_what_is_needed_is_asked_for_by_name() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.http.request_timeout, Duration::from_secs(20));
        let asked = [
            config.database_url().unwrap_err(),
            config.owner_url().unwrap_err(),
            config.require_keys().unwrap_err(),
        ];
        let names: Vec<String> = asked
            .iter()
            .map(|error| error.to_string().split(' ').next().unwrap().to_owned())
            .collect();
        assert_eq!(
            names,
            [
                "MINSHENG_DATABASE_URL",
                "MINSHENG_OWNER_URL",
                "MINSHENG_MASTER_KEY"
            ]
        );
    }

    #[test]
    fn a_misspelt_setting_is_refused_and_the_tests_own_variables_are_not() {
        let error = config(&[("MINSHENG_DATABSE_URL", "x")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("MINSHENG_DATABSE_URL") && error.contains("database_url"),
            "{error}"
        );
        assert!(config(&[("MINSHENG_TEST_POSTGRES_OWNER_URL", "x")]).is_ok());
    }

    #[test]
    fn a_value_out_of_range_names_its_variable() {
        for (name, value) in [
            ("MINSHENG_LISTEN", "localhost"),
            ("MINSHENG_POOL_CONNECTIONS", "0"),
            ("MINSHENG_TRUSTED_PROXIES", "10.0.0.0/40"),
            ("MINSHENG_LOG_FORMAT", "xml"),
        ] {
            let error = config(&[(name, value)]).unwrap_err().to_string();
            assert!(error.starts_with(name), "{error}");
        }
    }

    #[test]
    fn the_environment_wins_over_the_file_and_an_array_is_a_list() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("minsheng.toml");
        std::fs::write(
            &path,
            "issuer = \"file\"\nlisten = \"0.0.0.0:1\"\nmaster_key = [\"new\", \"old\"]\n",
        )
        .unwrap();
        let file = read_file(&path).unwrap();
        let config = Config::from_texts(
            file,
            [("MINSHENG_ISSUER".to_owned(), "environment".to_owned())],
        )
        .unwrap();
        assert_eq!(
            (config.issuer.as_str(), config.listen.port()),
            ("environment", 1)
        );
        assert_eq!(config.master_keys.len(), 2);
        std::fs::write(&path, "isuer = \"x\"").unwrap();
        assert!(matches!(read_file(&path), Err(ConfigError::Unknown { .. })));
    }

    #[test]
    fn no_secret_is_printed() {
        let config = config(&[
            ("MINSHENG_DATABASE_URL", "postgres://app:plover@localhost/x"),
            ("MINSHENG_MASTER_KEY", "plover"),
        ]);
        let printed = format!("{:?}", config.unwrap());
        assert!(!printed.contains("plover"), "{printed}");
    }

    #[test]
    fn an_embedded_database_needs_no_owner() {
        let config = config(&[("MINSHENG_DATABASE_URL", "sqlite://a.sqlite?mode=rwc")]).unwrap();
        assert_eq!(config.owner_url().unwrap(), config.database_url().unwrap());
    }
}
