//! The second wall as a PostgreSQL database has it: whether it binds the serving role, whether all of it stands, and
//! whether it is still what `migrate` made. A server asks before it serves.
#![expect(
    clippy::disallowed_methods,
    reason = "the catalogue belongs to nobody, and is asked before any viewer exists"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use migration::walls::{SCOPED_TABLES, policies};
use migration::{KEEPER_ROLE, SERVING_ROLE, anew};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TransactionTrait as _};
use sha2::{Digest as _, Sha256};

use super::database::Db;
use super::fault::Fault;
use crate::refusal::{Message, message};

/// Most names that a refusal lists.
const NAMED: usize = 10;

/// Names in the catalogue are then printed alike for every role.
const PLAIN_NAMES: &str = "SET LOCAL search_path = pg_catalog";

/// What is written of the walls at `migrate`, and compared at start.
#[derive(Debug, PartialEq, Eq)]
struct Seal {
    /// Hash of the script that made them: differs when another release made them.
    script: String,
    /// Hash of what stands, by the object on which it stands.
    objects: BTreeMap<String, String>,
}

impl Db {
    /// Refuses a serving role that row security would not bind, and says how to mend it.
    pub async fn check_serving_role(&self) -> Result<(), Fault> {
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let asked = ask(&self.probe, &unbound()).await?;
        let Some(row) = asked.first() else {
            return self.check_membership().await;
        };
        let own: String = row.try_get_by_index(0)?;
        let role: String = row.try_get_by_index(1)?;
        let reason: String = row.try_get_by_index(2)?;
        let reason_zh = in_chinese(&reason);
        let (who, mend) = if own == role {
            let mend = message!(
                "改用其他角色服务，或 ALTER ROLE {own} NOSUPERUSER NOBYPASSRLS NOCREATEROLE",
                "let it serve no more, or ALTER ROLE {own} NOSUPERUSER NOBYPASSRLS NOCREATEROLE"
            );
            (message!("{own} {reason_zh}", "{own} {reason}"), mend)
        } else {
            let mend = message!(
                "REVOKE {role} FROM {own}，或从其间接所属的角色收回",
                "REVOKE {role} FROM {own}, or from the role through which {own} is a member of it"
            );
            let who = message!(
                "{own} 是 {role} 的成员，后者{reason_zh}",
                "{own} is a member of {role}, which {reason}"
            );
            (who, mend)
        };
        Err(Fault::Unfit(Message::new(
            format!(
                "MINSHENG_DATABASE_URL 的数据库角色：{}：行级安全对其无效。处理办法：{}。服务须只用 {SERVING_ROLE} 的成员，\
                 属主地址只给 minsheng migrate",
                who.zh, mend.zh
            ),
            format!(
                "the database role of MINSHENG_DATABASE_URL: {}: row-level security would not bind it. Mend it: {}. Serve as a \
                 member of {SERVING_ROLE} alone, and give the owner's address to `minsheng migrate` only",
                who.en, mend.en
            ),
        )))
    }

    /// Refuses a database of which a table stands open, a policy is missing, or anything of the second wall is no longer
    /// what `migrate` made.
    pub async fn check_walls(&self) -> Result<(), Fault> {
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let transaction = self.probe.begin().await?;
        transaction.execute_unprepared(PLAIN_NAMES).await?;
        let open = open_tables(&transaction).await?;
        refuse(
            &message!("未启用并强制行级安全的表：", "row-level security is not enabled and forced on: "),
            &open,
        )?;
        let missing = missing_policies(&transaction).await?;
        refuse(&message!("缺少策略：", "policies are missing: "), &missing)?;
        let changed = match written(&transaction).await? {
            None => vec!["(nothing is written of them)".to_owned()],
            Some(seal) if seal.script != hash_of_script() => {
                vec!["(another release made them)".to_owned()]
            }
            Some(seal) => differences(&seal.objects, &standing(&transaction).await?),
        };
        let what = message!("与 migrate 所建不符：", "the walls are not those that `migrate` made: ");
        refuse(&what, &changed)
    }

    async fn check_membership(&self) -> Result<(), Fault> {
        let member = format!(
            "SELECT current_user::text WHERE NOT pg_has_role(current_user, '{SERVING_ROLE}', 'USAGE')"
        );
        let asked = ask(&self.probe, &member).await?;
        let Some(row) = asked.first() else {
            return Ok(());
        };
        let own: String = row.try_get_by_index(0)?;
        Err(Fault::Unfit(message!(
            "MINSHENG_DATABASE_URL 的数据库角色 {own} 不是 {SERVING_ROLE} 的成员，而策略是为后者设的。处理办法：GRANT \
             {SERVING_ROLE} TO {own}",
            "the database role of MINSHENG_DATABASE_URL: {own} is no member of {SERVING_ROLE}, for which the policies are \
             made. Mend it: GRANT {SERVING_ROLE} TO {own}"
        )))
    }
}

/// Writes down what stands now, as a comment on the list of migrations: it needs no table of its own, and goes with the
/// database into every dump.
pub(super) async fn write_down(connection: &impl ConnectionTrait) -> Result<(), Fault> {
    connection.execute_unprepared(PLAIN_NAMES).await?;
    let seal = Seal { script: hash_of_script(), objects: standing(connection).await? };
    let text = seal.to_text().replace('\'', "''");
    let comment = format!("COMMENT ON TABLE public.seaql_migrations IS '{text}'");
    Ok(connection.execute_unprepared(&comment).await.map(|_| ())?)
}

impl Seal {
    fn to_text(&self) -> String {
        let mut text = self.script.clone();
        for (object, hash) in &self.objects {
            // Writing to a text never fails.
            let _ = write!(text, "\n{hash} {object}");
        }
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let script = lines.next()?.to_owned();
        let objects = lines.map(|line| {
            let (hash, object) = line.split_once(' ')?;
            Some((object.to_owned(), hash.to_owned()))
        });
        Some(Self { script, objects: objects.collect::<Option<_>>()? })
    }
}

fn hash_of_script() -> String {
    let mut text = String::new();
    for byte in Sha256::digest(anew::script(DbBackend::Postgres)) {
        // Writing to a text never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn refuse(what: &Message, objects: &[String]) -> Result<(), Fault> {
    if objects.is_empty() {
        return Ok(());
    }
    let more = objects.len().saturating_sub(NAMED);
    let mut list = objects[..objects.len() - more].join(", ");
    if more > 0 {
        // Writing to a text never fails.
        let _ = write!(list, " and {more} more");
    }
    let Message { zh, en } = what;
    Err(Fault::Unfit(message!(
        "{zh}{list}。各县区、各单位的数据将不能按本版本隔离。处理办法：执行本版本的 minsheng migrate，它会重建全部策略和授权；\
         若不是自己人改的，请查明是谁",
        "{en}{list}. Rows would not be kept apart as this release keeps them. Mend it: run `minsheng migrate` of this \
         release, which makes every policy and grant anew; if nobody of yours changed them, find out who did"
    )))
}

fn differences(written: &BTreeMap<String, String>, standing: &BTreeMap<String, String>) -> Vec<String> {
    let objects: BTreeSet<&String> = written.keys().chain(standing.keys()).collect();
    let different = objects.into_iter().filter(|object| written.get(*object) != standing.get(*object));
    different.cloned().collect()
}

async fn open_tables(connection: &impl ConnectionTrait) -> Result<Vec<String>, Fault> {
    let walled = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                  AND relrowsecurity AND relforcerowsecurity";
    let walled = texts(&ask(connection, walled).await?)?;
    let tables = SCOPED_TABLES.iter().map(|(table, _)| (*table).to_owned());
    Ok(tables.filter(|table| !walled.contains(table)).collect())
}

async fn missing_policies(connection: &impl ConnectionTrait) -> Result<Vec<String>, Fault> {
    let there = "SELECT policyname || ' on ' || tablename FROM pg_policies WHERE schemaname = 'public'";
    let there = texts(&ask(connection, there).await?)?;
    let wanted = policies().into_iter().map(|(table, policy)| format!("{policy} on {table}"));
    Ok(wanted.filter(|policy| !there.contains(policy)).collect())
}

async fn written(connection: &impl ConnectionTrait) -> Result<Option<Seal>, Fault> {
    let comment = "SELECT obj_description('public.seaql_migrations'::regclass, 'pg_class') AS text";
    let asked = ask(connection, comment).await?;
    let text: Option<String> = asked.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(text.as_deref().and_then(Seal::parse))
}

/// Hash of every wall that stands, by the object on which it stands.
async fn standing(connection: &impl ConnectionTrait) -> Result<BTreeMap<String, String>, Fault> {
    let facts = FACTS.replace("{serving}", SERVING_ROLE).replace("{keeper}", KEEPER_ROLE);
    let rows = ask(connection, &facts).await?;
    let mut objects = BTreeMap::new();
    for row in &rows {
        objects.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    Ok(objects)
}

async fn ask(connection: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, Fault> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    Ok(connection.query_all_raw(statement).await?)
}

fn texts(rows: &[QueryResult]) -> Result<BTreeSet<String>, Fault> {
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Roles that the serving role is, or can become through any chain of memberships, and why no policy binds them: itself
/// first, then what was granted to it, which is what has to be revoked.
fn unbound() -> String {
    format!(
        "SELECT current_user::text, role.rolname::text, danger.reason FROM pg_roles role CROSS JOIN LATERAL (VALUES \
         (role.rolsuper, 'is a superuser'), (role.rolbypassrls, 'has BYPASSRLS'), \
         (role.rolcreaterole, 'has CREATEROLE and may make itself a member of any role'), \
         (role.rolname = '{KEEPER_ROLE}', 'looks past the policies'), \
         (role.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'), \
          'reaches the files of the server'), \
         (role.oid IN (SELECT datdba FROM pg_database WHERE datname = current_database()), 'owns the database'), \
         (role.oid IN (SELECT nspowner FROM pg_namespace WHERE nspname = 'public' AND nspowner <> 'pg_database_owner'::regrole), \
          'owns the schema public'), \
         (role.oid IN (SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace), 'owns tables'), \
         (role.oid IN (SELECT proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace), 'owns functions') \
         ) danger (there, reason) \
         WHERE danger.there AND (pg_has_role(current_user, role.oid, 'MEMBER') OR pg_has_role(session_user, role.oid, 'MEMBER')) \
         ORDER BY role.rolname <> current_user, NOT EXISTS (SELECT FROM pg_auth_members JOIN pg_roles own ON own.oid = member \
         WHERE roleid = role.oid AND own.rolname = current_user), role.rolname, danger.reason LIMIT 1"
    )
}

/// The reasons of [`unbound`] in Chinese.
fn in_chinese(reason: &str) -> &str {
    match reason {
        "is a superuser" => "是超级用户",
        "has BYPASSRLS" => "有 BYPASSRLS",
        "has CREATEROLE and may make itself a member of any role" => {
            "有 CREATEROLE，可使自己成为任何角色的成员"
        }
        "looks past the policies" => "不受策略约束",
        "reaches the files of the server" => "可读写服务器文件",
        "owns the database" => "是数据库属主",
        "owns the schema public" => "是模式 public 的属主",
        "owns tables" => "是表的属主",
        "owns functions" => "是函数的属主",
        other => other,
    }
}

/// Every fact of the walls as text, hashed by object. Of grants, only those to the two roles and to everybody: whom else an
/// operator lets in, the policies bind.
const FACTS: &str = "
WITH whom AS (SELECT oid, rolname::text AS name FROM pg_roles WHERE rolname IN ('{serving}', '{keeper}') UNION ALL SELECT 0, 'PUBLIC'),
entry AS (SELECT oid, relname::text AS name, relrowsecurity, relforcerowsecurity, relacl FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')),
routine AS (SELECT oid, 'function ' || oid::regprocedure AS name, proowner, proacl FROM pg_proc
             WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
               AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')),
facts (name, fact) AS (
    SELECT name, format('row security %s, forced %s', relrowsecurity, relforcerowsecurity) FROM entry
    UNION ALL
    SELECT tablename::text, format('policy %s %s for %s to %s using %s with check %s', policyname, permissive, cmd, roles, qual, with_check)
      FROM pg_policies WHERE schemaname = 'public'
    UNION ALL
    SELECT entry.name, format('grant %s to %s, grantable %s', acl.privilege_type, whom.name, acl.is_grantable)
      FROM entry, aclexplode(entry.relacl) acl, whom WHERE whom.oid = acl.grantee
    UNION ALL
    SELECT entry.name, format('grant %s (%s) to %s, grantable %s', acl.privilege_type, attname, whom.name, acl.is_grantable)
      FROM entry, pg_attribute, aclexplode(attacl) acl, whom WHERE attrelid = entry.oid AND whom.oid = acl.grantee
    UNION ALL
    SELECT entry.name, format('trigger %s %s', tgenabled, pg_get_triggerdef(pg_trigger.oid))
      FROM entry, pg_trigger WHERE tgrelid = entry.oid AND NOT tgisinternal
    UNION ALL
    SELECT name, format('of the keeper %s: %s', pg_get_userbyid(proowner) = '{keeper}', pg_get_functiondef(oid)) FROM routine
    UNION ALL
    SELECT routine.name, format('grant %s to %s', acl.privilege_type, whom.name)
      FROM routine, aclexplode(coalesce(proacl, acldefault('f', proowner))) acl, whom WHERE whom.oid = acl.grantee
    UNION ALL
    SELECT 'schema public', format('grant %s to %s', acl.privilege_type, whom.name)
      FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) acl, whom
     WHERE nspname = 'public' AND whom.oid = acl.grantee
)
SELECT name, left(encode(sha256(convert_to(string_agg(DISTINCT fact, E'\\n' ORDER BY fact), 'UTF8')), 'hex'), 32)
  FROM (SELECT name, fact COLLATE \"C\" AS fact FROM facts) facts GROUP BY name ORDER BY name";

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs.map(|(object, hash)| ((*object).to_owned(), (*hash).to_owned())).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let objects = map(&[("share", "01"), ("function search(text, bigint[])", "02")]);
        let seal = Seal { script: "ab".to_owned(), objects };
        assert_eq!(Seal::parse(&seal.to_text()), Some(seal));
        for text in ["", "ab\nshare"] {
            assert_eq!(Seal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_changed_added_and_gone_is_named_and_equals_are_not() {
        let written = map(&[("account", "1"), ("post", "1"), ("share", "1")]);
        assert!(differences(&written, &written).is_empty());
        let standing = map(&[("account", "1"), ("post", "2"), ("stranger", "1")]);
        assert_eq!(differences(&written, &standing), ["post", "share", "stranger"]);
    }

    #[test]
    fn a_refusal_names_a_few_and_says_how_to_mend_it() {
        let what = message!("缺少策略：", "policies are missing: ");
        assert!(refuse(&what, &[]).is_ok());
        let many: Vec<String> = (0..12).map(|n| format!("p{n}")).collect();
        let Err(Fault::Unfit(text)) = refuse(&what, &many) else { panic!("taken") };
        assert!(text.en.contains("p0, p1") && text.en.contains("and 2 more"), "{text}");
        assert!(!text.en.contains("p10") && text.en.contains("minsheng migrate"), "{text}");
    }
}
