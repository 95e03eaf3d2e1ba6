//! Whether the tables of a database are those of this release, by the names of the migrations that were applied to it.

use crate::refusal::{Message, message};

/// Refuses a database that lacks migrations.
pub(super) fn older(applied: &[String], known: &[String]) -> Result<(), Message> {
    let Some(missing) = difference(known, applied) else {
        return Ok(());
    };
    Err(message!(
        "数据库缺少 {missing}：请先执行 minsheng migrate",
        "the database lacks {missing}: run `minsheng migrate`, then start again"
    ))
}

/// Refuses a database that a later release has migrated.
pub(super) fn newer(applied: &[String], known: &[String]) -> Result<(), Message> {
    let Some(strange) = difference(applied, known) else {
        return Ok(());
    };
    Err(message!(
        "数据库比本程序新：有本版本没有的 {strange}。请改用升级后的程序，或恢复升级前的备份",
        "the database is newer than this program: it has {strange}, which this release does not know. Run the release that \
         migrated it, or restore the backup from before"
    ))
}

/// What is in the one and not in the other; nothing where all is in both.
fn difference(one: &[String], other: &[String]) -> Option<String> {
    let names: Vec<&str> = one.iter().filter(|name| !other.contains(name)).map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_another_release_is_told_apart_by_what_it_has_and_lacks() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (old, new) = (names(&["m01", "m02"]), names(&["m01", "m02", "m03"]));
        assert_eq!((older(&new, &new), newer(&new, &new)), (Ok(()), Ok(())));
        assert!(older(&old, &new).unwrap_err().en.contains("lacks m03: run `minsheng migrate`"));
        assert!(newer(&new, &old).unwrap_err().en.contains("newer than this program: it has m03"));
        assert_eq!((newer(&old, &new), older(&new, &old)), (Ok(()), Ok(())));
    }
}
