//! The settings (配置): from a TOML file and the environment, which wins. An unknown key is refused, for a misspelt
//! setting would otherwise be silently the default; secrets can't be printed.

mod address;
mod error;
mod settings;
mod texts;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;

use crate::audience::Audience;
use crate::db::PoolSize;
use crate::http::HttpSettings;
use crate::limits::rates::RatePlan;
use crate::limits::throttle::ThrottlePlan;
use crate::logging::LogFormat;
use crate::refusal::{Message, message};
use crate::secrets::token::ACCESS_LIFETIME;
use crate::sensitive::Sensitive;

use error::{malformed, missing};
use settings::PREFIX;
use texts::Texts;

pub use address::listening;
pub use error::ConfigError;
pub use settings::{SETTINGS, Setting, help};

/// Variables of the same prefix that are no settings: the command line's and the tests' own.
const OTHER_VARIABLES: &[&str] = &["MINSHENG_CONFIG", "MINSHENG_LANG", "MINSHENG_WRITE_SCHEMA"];
const TEST_PREFIX: &str = "MINSHENG_TEST_";

/// All settings of a server, checked in form. What a command can't do without it asks for by name.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file that settings were read from, if one was named.
    pub file: Option<PathBuf>,
    database_url: Option<Sensitive>,
    owner_url: Option<Sensitive>,
    /// Where to listen for changes, if not at the address that is served.
    pub listen_url: Option<Sensitive>,
    /// Master keys, the present one first; may be empty until a command needs one.
    pub master_keys: Vec<Sensitive>,
    /// Seeds of the signing keys, the present one first.
    pub signing_keys: Vec<Sensitive>,
    /// Seeds of the document keys, the present one first; empty where the signing keys sign documents too.
    pub document_keys: Vec<Sensitive>,
    /// Public halves of retired document keys.
    pub document_public_keys: Vec<String>,
    /// `iss` of access tokens.
    pub issuer: String,
    /// How long an access token holds.
    pub token_life: TimeDelta,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Database connections.
    pub pool: PoolSize,
    /// Back-off against guessing.
    pub throttle: ThrottlePlan,
    /// How often one caller may write.
    pub rates: RatePlan,
    /// Whom the schema tells about itself, where it was said.
    pub introspection: Option<Audience>,
    /// Limits of the door.
    pub http: HttpSettings,
    /// Filter of the log.
    pub log: String,
    /// Look of the log.
    pub log_format: LogFormat,
}

impl Config {
    /// Reads the file, if one is named, and the process's environment over it.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let texts = file.map(read_file).transpose()?.unwrap_or_default();
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
            Some((name, value.into_string().unwrap_or_default()))
        });
        let config = Self::from_texts(texts, environment)?;
        Ok(Self { file: file.map(Path::to_owned), ..config })
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
            let place = message!("环境变量", "the environment");
            let key = known_key(place, &name, name.strip_prefix(PREFIX).unwrap_or(&name))?;
            texts.insert(key, value);
        }
        // A variable that a deployment leaves empty counts as not set.
        texts.retain(|_, value| !value.trim().is_empty());
        Self::of(&Texts(texts))
    }

    fn of(texts: &Texts) -> Result<Self, ConfigError> {
        let pool = PoolSize::default();
        Ok(Self {
            file: None,
            database_url: texts.sensitive("database_url"),
            owner_url: texts.sensitive("owner_url"),
            listen_url: texts.sensitive("listen_url"),
            master_keys: texts.list("master_key").map(Sensitive::new).collect(),
            signing_keys: texts.list("signing_key").map(Sensitive::new).collect(),
            document_keys: texts.list("document_key").map(Sensitive::new).collect(),
            document_public_keys: texts.list("document_public_keys").map(str::to_owned).collect(),
            issuer: texts.get("issuer").unwrap_or("minsheng").to_owned(),
            token_life: TimeDelta::seconds(texts.number(
                "access_token_seconds",
                1..=3_600,
                ACCESS_LIFETIME.num_seconds(),
            )?),
            listen: texts.address("listen", default_listen())?,
            pool: PoolSize {
                connections: texts.number("pool_connections", 1..=1000, pool.connections)?,
                wait: texts.seconds("pool_wait_seconds", 1..=60, pool.wait)?,
            },
            throttle: texts.throttle()?,
            rates: texts.rates()?,
            introspection: texts.audience("introspection")?,
            http: Self::http(texts)?,
            log: texts.get("log").unwrap_or("info").to_owned(),
            log_format: texts.log_format("log_format")?,
        })
    }

    fn http(texts: &Texts) -> Result<HttpSettings, ConfigError> {
        let http = HttpSettings::default();
        Ok(HttpSettings {
            request_timeout: texts.seconds("request_timeout_seconds", 1..=120, http.request_timeout)?,
            limits: texts.limits()?,
            body_limit: texts.number("body_limit_bytes", 1024..=16_777_216, http.body_limit)?,
            header_timeout: texts.seconds("header_timeout_seconds", 1..=120, http.header_timeout)?,
            body_timeout: texts.seconds("body_timeout_seconds", 1..=120, http.body_timeout)?,
            write_timeout: texts.seconds("write_timeout_seconds", 1..=600, http.write_timeout)?,
            slowest_reader: texts.number(
                "slowest_reader_bytes",
                6_000..=1_000_000_000,
                http.slowest_reader,
            )?,
            requests_of_account: texts.number("requests_of_account", 1..=1_000, http.requests_of_account)?,
            requests_of_address: texts.number("requests_of_address", 1..=1_000, http.requests_of_address)?,
            requests_of_portal: texts.number("requests_of_portal", 1..=1_000, http.requests_of_portal)?,
            share_wait: texts.seconds("share_wait_seconds", 1..=60, http.share_wait)?,
            county_percent: texts.number("county_percent", 1..=100, http.county_percent)?,
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
            exports: texts.number("exports", 1..=100, http.exports)?,
            exports_of_account: texts.number("exports_of_account", 1..=100, http.exports_of_account)?,
            exports_of_county: texts.number("exports_of_county", 1..=100, http.exports_of_county)?,
            socket_operations_of_account: texts.number(
                "socket_operations_of_account",
                1..=100_000,
                http.socket_operations_of_account,
            )?,
            sockets_of_account: texts.number("sockets_of_account", 1..=100_000, http.sockets_of_account)?,
            sockets_of_address: texts.number("sockets_of_address", 1..=100_000, http.sockets_of_address)?,
            introspection: texts.audience("introspection")?.unwrap_or(http.introspection),
        })
    }

    /// The database that is served.
    pub fn database_url(&self) -> Result<&Sensitive, ConfigError> {
        self.database_url.as_ref().ok_or_else(|| missing("database_url"))
    }

    /// The owner's address of it. SQLite knows no owner: there the served address will do.
    pub fn owner_url(&self) -> Result<&Sensitive, ConfigError> {
        let embedded = self.database_url.as_ref().filter(|url| url.reveal().starts_with("sqlite:"));
        self.owner_url.as_ref().or(embedded).ok_or_else(|| missing("owner_url"))
    }

    /// Asks for both keys before anything is opened, so that a server without them does not half start.
    pub fn require_keys(&self) -> Result<(), ConfigError> {
        for (name, keys) in [("master_key", &self.master_keys), ("signing_key", &self.signing_keys)] {
            if keys.is_empty() {
                return Err(missing(name));
            }
        }
        Ok(())
    }
}

/// The settings of a TOML file as texts; an array is a list, whose parts are joined by commas.
fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let place = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigError::File(message!(
            "配置文件 {place} 无法读取：{error}；请核对 --config 或 MINSHENG_CONFIG 和文件权限",
            "the settings file {place} can't be read: {error}; check --config or MINSHENG_CONFIG, and who may read the file"
        ))
    })?;
    // The parser's own text would quote the line, and with it a secret.
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ConfigError::File(message!(
            "配置文件 {place} 第 {line} 行不是 TOML：每行应为 key = \"value\"",
            "the settings file {place}, line {line}, is not TOML of the form key = \"value\""
        ))
    })?;
    let mut texts = BTreeMap::new();
    for (name, value) in &table {
        let key = known_key(message!("{place}", "{place}"), name, name)?;
        let wanted =
            || message!("应为文本、数字或文本数组", "a text, a number, or an array of texts is needed");
        let text = plain(value).ok_or_else(|| malformed(&key, wanted()))?;
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

fn known_key(place: Message, written: &str, key: &str) -> Result<String, ConfigError> {
    let key = key.to_lowercase();
    if SETTINGS.iter().any(|setting| setting.key == key) {
        return Ok(key);
    }
    Err(ConfigError::Unknown { place, name: written.to_owned() })
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::limits::rates::Rate;

    fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
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
        let names: Vec<String> =
            asked.iter().map(|error| error.to_string().split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(names, ["MINSHENG_DATABASE_URL", "MINSHENG_OWNER_URL", "MINSHENG_MASTER_KEY"]);
    }

    #[test]
    fn a_misspelt_setting_is_refused_and_the_tests_own_variables_are_not() {
        let error = config(&[("MINSHENG_DATABSE_URL", "x")]).unwrap_err().to_string();
        assert!(error.contains("MINSHENG_DATABSE_URL"), "{error}");
        assert!(error.contains("did you mean MINSHENG_DATABASE_URL?"), "{error}");
        let error = config(&[("MINSHENG_PORT", "1")]).unwrap_err().to_string();
        assert!(!error.contains("did you mean") && error.contains("serve --help"), "{error}");
        assert!(config(&[("MINSHENG_TEST_POSTGRES_OWNER_URL", "x")]).is_ok());
    }

    #[test]
    fn a_value_out_of_range_names_its_variable() {
        for (name, value) in [
            ("MINSHENG_LISTEN", "localhost"),
            ("MINSHENG_POOL_CONNECTIONS", "0"),
            ("MINSHENG_TRUSTED_PROXIES", "10.0.0.0/40"),
            ("MINSHENG_LOG_FORMAT", "xml"),
            ("MINSHENG_ACCOUNT_TRIES", "0"),
            ("MINSHENG_WRITES_OF_ACCOUNT", "600"),
            ("MINSHENG_SUBMISSIONS_OF_COUNTY", "0/10"),
            ("MINSHENG_COUNTY_PERCENT", "101"),
            ("MINSHENG_ACCESS_TOKEN_SECONDS", "0"),
        ] {
            let error = config(&[(name, value)]).unwrap_err().to_string();
            assert!(error.starts_with(name), "{error}");
        }
    }

    #[test]
    fn the_patience_with_wrong_passwords_is_a_setting() {
        let config = config(&[
            ("MINSHENG_ACCOUNT_TRIES", "3"),
            ("MINSHENG_STRANGER_TRIES", "7"),
            ("MINSHENG_ACCOUNT_WAIT_SECONDS", "60"),
        ]);
        let throttle = config.unwrap().throttle;
        assert_eq!(throttle.account.free, 3);
        assert_eq!(throttle.account.longest_wait, TimeDelta::seconds(60));
        assert_eq!(throttle.strangers.free, 7);
        assert_eq!(throttle.address, ThrottlePlan::default().address);
    }

    #[test]
    fn how_often_one_may_write_is_a_setting() {
        let config = config(&[("MINSHENG_SUBMISSIONS_OF_ADDRESS", "3/1")]).unwrap();
        let wanted = RatePlan { submissions_of_address: Rate::new(3, 1), ..RatePlan::default() };
        assert_eq!(config.rates, wanted);
    }

    #[test]
    fn the_environment_wins_over_the_file_and_an_array_is_a_list() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("minsheng.toml");
        std::fs::write(&path, "issuer = \"file\"\nlisten = \"0.0.0.0:1\"\nmaster_key = [\"new\", \"old\"]\n")
            .unwrap();
        let file = read_file(&path).unwrap();
        let config =
            Config::from_texts(file, [("MINSHENG_ISSUER".to_owned(), "environment".to_owned())]).unwrap();
        assert_eq!((config.issuer.as_str(), config.listen.port()), ("environment", 1));
        assert_eq!(config.master_keys.len(), 2);
        std::fs::write(&path, "isuer = \"x\"").unwrap();
        let error = read_file(&path).unwrap_err().message();
        assert!(error.en.contains("did you mean MINSHENG_ISSUER?"), "{error}");
        assert!(error.zh.contains("是否想输入 MINSHENG_ISSUER？"), "{error:?}");
        std::fs::write(&path, "issuer = \"x\"\nplover\n").unwrap();
        let error = read_file(&path).unwrap_err().to_string();
        assert!(error.contains("line 2") && !error.contains("plover"), "{error}");
        let error = read_file(Path::new("/nowhere/minsheng.toml")).unwrap_err().to_string();
        assert!(error.contains("/nowhere/minsheng.toml") && error.contains("--config"), "{error}");
    }

    #[test]
    fn no_secret_is_printed() {
        let config = config(&[
            ("MINSHENG_DATABASE_URL", "postgres://app:plover@localhost/x"),
            ("MINSHENG_LISTEN_URL", "postgres://app:plover@localhost/x"),
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
