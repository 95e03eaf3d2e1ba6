//! The files of SQLite are their owner's alone: whoever may read them is bound by no wall.

use std::fs::{OpenOptions, Permissions, set_permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::refusal::{Message, message};

/// Read and written by the owner, closed to everybody else.
const OWNER_ALONE: u32 = 0o600;

/// What SQLite puts beside a database; it gives them the mode that the database has.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Makes the file before SQLite would, where it is to be made, or closes what is there.
pub(super) fn keep_private(file: &Path, makes: bool) -> Result<(), Message> {
    if makes {
        make(file)?;
    }
    for file in files(file) {
        close(&file);
    }
    Ok(())
}

/// The file and those beside it, as far as they are there.
pub(super) fn files(file: &Path) -> Vec<PathBuf> {
    let beside = BESIDE.iter().map(|suffix| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    });
    std::iter::once(file.to_owned()).chain(beside).filter(|file| file.exists()).collect()
}

fn make(file: &Path) -> Result<(), Message> {
    let made = OpenOptions::new().append(true).create(true).mode(OWNER_ALONE).open(file);
    made.map(|_| ()).map_err(|error| {
        let name = file.display();
        message!(
            "SQLite 文件 {name} 无法写入：{error}；请核对文件和目录的属主与权限",
            "the SQLite file {name} can't be written: {error}; check who owns the file and its folder"
        )
    })
}

/// A file system that knows no modes is no reason to be silent, nor to stand still.
fn close(file: &Path) {
    if let Err(error) = set_permissions(file, Permissions::from_mode(OWNER_ALONE)) {
        tracing::warn!(file = %file.display(), %error, "other users of this machine may be able to read the database");
    }
}
