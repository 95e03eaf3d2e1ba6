//! Why a database could not be opened (连接失败的原因): what was tried, what it answered, and what to do.

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr};

use super::address::Address;
use super::fault::Fault;
use crate::refusal::{Message, message};

impl Address {
    /// The failure of a first connection. A server that is away stays [`Fault::Unavailable`]: whoever wants to waits.
    pub(super) fn explain(&self, error: DbErr) -> Fault {
        let code = code_of(&error);
        let told = match (self, code.as_deref()) {
            (Self::Postgres { .. }, Some(code)) => self.refused_by_server(code),
            (Self::Sqlite { file: Some(_), .. }, Some(code)) => self.refused_by_file(code),
            _ => None,
        };
        told.map_or_else(|| Fault::from(error), Fault::Unfit)
    }

    /// What to do about a server that does not answer.
    #[must_use]
    pub fn unanswered(&self, error: &DbErr) -> Message {
        message!(
            "数据库 {self} 没有应答（{error}）；请确认 PostgreSQL 在运行、主机和端口正确、网络与防火墙放行",
            "the database {self} does not answer ({error}); see that PostgreSQL runs, that host and port are right, and that \
             network and firewall let through"
        )
    }

    fn refused_by_server(&self, code: &str) -> Option<Message> {
        match code {
            "28P01" | "28000" => Some(message!(
                "数据库 {self} 拒绝登录：用户或口令不对；请核对地址中的用户和口令，以及服务器的 pg_hba.conf",
                "the database {self} refuses to sign in: role or password are wrong; check both in the address, and pg_hba.conf \
                 of the server"
            )),
            "3D000" => Some(message!(
                "数据库 {self} 不存在；请核对库名，或由管理员建立：CREATE DATABASE",
                "the database {self} does not exist; check its name, or let an administrator make it: CREATE DATABASE"
            )),
            "42501" => Some(message!(
                "数据库 {self} 不许此角色连接；请授权：GRANT CONNECT ON DATABASE",
                "the database {self} does not let this role connect; grant it: GRANT CONNECT ON DATABASE"
            )),
            _ => None,
        }
    }

    /// By SQLite's primary code, which is the lowest byte of the extended one.
    fn refused_by_file(&self, code: &str) -> Option<Message> {
        match code.parse::<u32>().ok()? & 0xff {
            26 => Some(message!(
                "{self} 不是 SQLite 数据库；请核对路径",
                "{self} is no SQLite database; check the path"
            )),
            8 | 14 | 23 => Some(message!(
                "{self} 无法打开；请核对文件和目录的属主与权限",
                "{self} can't be opened; check who owns the file and its folder"
            )),
            11 => {
                Some(message!("{self} 已损坏；请从备份恢复", "{self} is damaged; restore it from a backup"))
            }
            _ => None,
        }
    }
}

fn code_of(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(RuntimeErr::SqlxError(inner))
    | DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return None;
    };
    inner.as_database_error().and_then(DatabaseError::code).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_answers_is_told_with_what_to_do_and_without_the_password() {
        let address = Address::read("postgres://app:plover@db.example/minsheng").unwrap();
        for (code, said) in
            [("28P01", "pg_hba.conf"), ("3D000", "CREATE DATABASE"), ("42501", "GRANT CONNECT")]
        {
            let Message { zh, en } = address.refused_by_server(code).unwrap();
            assert!(en.contains(said) && en.contains("app@db.example:5432/minsheng"), "{en}");
            assert!(!zh.contains("plover") && !en.contains("plover"), "{en}");
        }
        assert_eq!(address.refused_by_server("57P03"), None);
    }

    #[test]
    fn an_extended_code_of_sqlite_is_its_primary_one() {
        let address = Address::read("sqlite://a.sqlite").unwrap();
        for code in ["14", "270", "8", "1032"] {
            assert!(address.refused_by_file(code).unwrap().en.contains("can't be opened"), "{code}");
        }
        assert!(address.refused_by_file("26").unwrap().en.contains("no SQLite database"));
        assert_eq!(address.refused_by_file("5"), None);
    }
}
