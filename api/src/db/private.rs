//! The files of SQLite are their owner's alone: whoever may read them is bound by no wall.

use std::fs::{OpenOptions, Permissions, set_permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use sea_orm::sqlx::sqlite::SqliteConnectOptions;

use super::Fault;

/// Read and written by the owner, closed to everybody else.
const OWNER_ALONE: u32 = 0o600;

/// What SQLite puts beside a database; it gives them the mode that the database has.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Makes the file of an address before SQLite would, or closes what is there. An address in memory has none.
pub(super) fn keep_private(url: &str) -> Result<(), Fault> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| Fault::Broken(format!("MINSHENG_DATABASE_URL: {error}")))?;
    let file = options.get_filename();
    if in_memory(file) {
        return Ok(());
    }
    if url.contains("mode=rwc") {
        make(file)?;
    }
    close(file);
    for suffix in BESIDE {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        close(&PathBuf::from(name));
    }
    Ok(())
}

fn in_memory(file: &Path) -> bool {
    let name = file.to_string_lossy();
    name.contains(":memory:") || name.starts_with("file:")
}

fn make(file: &Path) -> Result<(), Fault> {
    let made = OpenOptions::new().append(true).create(true).mode(OWNER_ALONE).open(file);
    made.map(|_| ()).map_err(|error| Fault::Broken(format!("{}: {error}", file.display())))
}

/// A file system that knows no modes is no reason to be silent, nor to stand still.
fn close(file: &Path) {
    if !file.exists() {
        return;
    }
    if let Err(error) = set_permissions(file, Permissions::from_mode(OWNER_ALONE)) {
        tracing::warn!(file = %file.display(), %error, "other users of this machine may be able to read the database");
    }
}
