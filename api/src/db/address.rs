//! The address of a database as the operator writes it (数据库地址): which kind it is, whether it can be opened at all, and
//! how it is shown, never with its password.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

use super::private;
use crate::refusal::{Message, meant, message};

/// An address that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A server.
    Postgres {
        /// Role that signs in.
        user: String,
        /// Where the server is.
        host: String,
        /// Its port.
        port: u16,
        /// Name of the database; that of the role where none is given.
        database: Option<String>,
    },
    /// A file.
    Sqlite {
        /// Where it is; none in memory.
        file: Option<PathBuf>,
        /// Whether a missing file is made.
        makes: bool,
    },
}

impl Address {
    /// Reads an address; says what is wrong with it, without repeating what may be secret.
    ///
    /// # Errors
    /// Another database, no database, or not of the form of its kind.
    pub fn read(url: &str) -> Result<Self, Message> {
        let scheme = url.split(':').next().unwrap_or_default();
        match scheme {
            "sqlite" => sqlite(url),
            "postgres" | "postgresql" => postgres(url),
            _ if url.contains("://") => Err(strange(scheme)),
            _ => Err(without_scheme(url)),
        }
    }

    /// Whether a file can be opened or made there. Whether a server answers only connecting shows.
    ///
    /// # Errors
    /// Nothing there, a folder, or no folder for it.
    pub fn check(&self) -> Result<(), Message> {
        let Self::Sqlite { file: Some(file), makes } = self else {
            return Ok(());
        };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let (file, folder) = (file.display(), folder.display());
            return Err(message!(
                "SQLite 文件 {file}：目录 {folder} 不存在；请先建立：mkdir -p {folder}",
                "the SQLite file {file}: there is no folder {folder}; make it first: mkdir -p {folder}"
            ));
        }
        let name = file.display();
        if file.is_dir() {
            return Err(message!(
                "{name} 是目录，不是 SQLite 文件",
                "{name} is a folder, not an SQLite file"
            ));
        }
        if !makes && !file.exists() {
            return Err(message!(
                "SQLite 文件 {name} 不存在；请核对路径，或加 ?mode=rwc 以新建：sqlite://{name}?mode=rwc",
                "there is no SQLite file {name}; check the path, or add ?mode=rwc to make it: sqlite://{name}?mode=rwc"
            ));
        }
        Ok(())
    }

    /// Makes the file of SQLite before SQLite would, or closes what is there, so that nobody but its owner reads it.
    pub(super) fn make_private(&self) -> Result<(), Message> {
        match self {
            Self::Sqlite { file: Some(file), makes } => private::keep_private(file, *makes),
            _ => Ok(()),
        }
    }

    /// The file of SQLite and those that SQLite puts beside it, as far as they are there.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Sqlite { file: Some(file), .. } => private::files(file),
            _ => Vec::new(),
        }
    }
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres { user, host, port, database } => {
                let database = database.as_deref().unwrap_or(user);
                write!(f, "postgres://{user}@{host}:{port}/{database}")
            }
            Self::Sqlite { file: Some(file), .. } => write!(f, "sqlite://{}", file.display()),
            Self::Sqlite { file: None, .. } => f.write_str("sqlite::memory:"),
        }
    }
}

fn sqlite(url: &str) -> Result<Address, Message> {
    let options = SqliteConnectOptions::from_str(url).map_err(|error| {
        message!(
            "SQLite 地址有误：{error}；应为 sqlite://文件?mode=rwc",
            "the SQLite address is malformed: {error}; it has the form sqlite://FILE?mode=rwc"
        )
    })?;
    let file = options.get_filename();
    let file = (!in_memory(file)).then(|| file.to_owned());
    Ok(Address::Sqlite { file, makes: url.contains("mode=rwc") })
}

fn in_memory(file: &Path) -> bool {
    let name = file.to_string_lossy();
    name.contains(":memory:") || name.starts_with("file:")
}

/// The parser's own text may repeat the password.
fn postgres(url: &str) -> Result<Address, Message> {
    let options = PgConnectOptions::from_str(url).map_err(|_| {
        message!(
            "PostgreSQL 地址有误；应为 postgres://用户:口令@主机:5432/数据库，口令中的 : / @ ? # % 须写作 %3A 等",
            "the PostgreSQL address is malformed; it has the form postgres://USER:PASSWORD@HOST:5432/DATABASE, with : / @ ? # % \
             in a password written as %3A and so on"
        )
    })?;
    Ok(Address::Postgres {
        user: options.get_username().to_owned(),
        host: options.get_host().to_owned(),
        port: options.get_port(),
        database: options.get_database().map(str::to_owned),
    })
}

fn strange(scheme: &str) -> Message {
    message!(
        "不支持 {scheme}:// 数据库",
        "a database of {scheme}:// is not supported"
    )
    .and(&meant(scheme, ["postgres", "postgresql", "sqlite"]))
    .and(&message!(
        "。支持 PostgreSQL 15 及以上（postgres://用户:口令@主机/数据库）和 SQLite（sqlite://文件?mode=rwc）",
        ". Supported are PostgreSQL 15 or later (postgres://USER:PASSWORD@HOST/DATABASE) and SQLite (sqlite://FILE?mode=rwc)"
    ))
}

/// A path is repeated; anything else may hold a password.
fn without_scheme(text: &str) -> Message {
    let is_path = !text.is_empty() && !text.contains(['@', '=', ':', ' ', '?']);
    if is_path {
        return message!(
            "{text} 没有写明数据库种类；SQLite 文件请写 sqlite://{text}?mode=rwc",
            "{text} does not say which database it is; for an SQLite file write sqlite://{text}?mode=rwc"
        );
    }
    message!(
        "数据库地址没有写明种类；应为 postgres://用户:口令@主机/数据库 或 sqlite://文件?mode=rwc",
        "the database address does not say which database it is: postgres://USER:PASSWORD@HOST/DATABASE or \
         sqlite://FILE?mode=rwc is needed"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let shown = |url: &str| Address::read(url).map(|address| address.to_string());
        let url = "postgres://app:plover@db.example:5433/minsheng";
        assert_eq!(shown(url).unwrap(), "postgres://app@db.example:5433/minsheng");
        assert_eq!(shown("sqlite://data/a.sqlite?mode=rwc").unwrap(), "sqlite://data/a.sqlite");
        assert_eq!(shown("sqlite::memory:").unwrap(), "sqlite::memory:");
        assert!(!format!("{:?}", Address::read(url)).contains("plover"));
    }

    #[test]
    fn what_is_no_address_is_told_with_what_to_write_and_no_secret() {
        for (url, said) in [
            ("mysql://app:plover@db/minsheng", "mysql:// is not supported"),
            ("postgre://app:plover@db/minsheng", "did you mean postgres?"),
            ("data/a.sqlite", "write sqlite://data/a.sqlite?mode=rwc"),
            ("host=db password=plover", "does not say which database"),
            ("app:plover@db/minsheng", "does not say which database"),
            ("postgres://app:plover@db:port/minsheng", "the PostgreSQL address is malformed"),
            ("sqlite://a.sqlite?mode=plough", "the SQLite address is malformed"),
            ("", "does not say which database"),
        ] {
            let Message { zh, en } = Address::read(url).unwrap_err();
            assert!(en.contains(said), "{url}: {en}");
            assert!(!zh.contains("plover") && !en.contains("plover"), "{url}: {en}");
        }
    }

    #[test]
    fn a_file_that_can_not_be_opened_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let check = |url: String| Address::read(&url).unwrap().check().map_err(|message| message.en);
        let missing = check(format!("sqlite://{}", path("a.sqlite"))).unwrap_err();
        assert!(missing.contains("a.sqlite?mode=rwc"), "{missing}");
        assert_eq!(check(format!("sqlite://{}?mode=rwc", path("a.sqlite"))), Ok(()));
        let nowhere = check(format!("sqlite://{}?mode=rwc", path("b/a.sqlite"))).unwrap_err();
        assert!(nowhere.contains("mkdir -p"), "{nowhere}");
        let directory = check(format!("sqlite://{}?mode=rwc", path(""))).unwrap_err();
        assert!(directory.contains("is a folder"), "{directory}");
        assert_eq!(check("sqlite::memory:".to_owned()), Ok(()));
        assert_eq!(check("postgres://app@db/minsheng".to_owned()), Ok(()));
    }
}
