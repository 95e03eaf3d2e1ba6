//! Whether the files that hold data and keys are their owner's alone, and whether there is room for more.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::report::Report;
use crate::config::Config;
use crate::db::Address;
use crate::refusal::{Message, message};

/// Below this much room a warning is due, and below that an error: the next large import may fill the disk.
const LITTLE: u64 = 2 << 30;
const TOO_LITTLE: u64 = 200 << 20;
/// Bytes of the unit in which room is told.
const MEBIBYTE: u64 = 1 << 20;

/// Looks at the files of SQLite, the settings file, and the room beside them; of PostgreSQL at the folder of temporary files.
pub(super) fn check(config: &Config, report: &mut Report) {
    let address = config.database_url().ok().and_then(|url| Address::read(url.reveal()).ok());
    let files = address.map(|address| address.files()).unwrap_or_default();
    let secret: Vec<PathBuf> = files.iter().cloned().chain(config.file.clone()).collect();
    let open = secret.iter().filter_map(|file| stands_open(file));
    let well = message!("数据与配置文件仅属主可读", "files of data and settings are their owner's alone");
    report.unless("files", open.collect(), well);
    let folder = files.first().and_then(|file| file.parent()).map_or_else(std::env::temp_dir, Path::to_owned);
    room(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder }, report);
}

fn stands_open(file: &Path) -> Option<Message> {
    let mode = std::fs::metadata(file).ok()?.mode() & 0o777;
    let name = file.display();
    (mode & 0o077 != 0).then(|| {
        message!(
            "{name} 的权限为 {mode:03o}，本机其他用户可读；请执行 chmod 600 {name}",
            "{name} has the mode {mode:03o}, so other users of this machine may read it: chmod 600 {name}"
        )
    })
}

fn room(folder: &Path, report: &mut Report) {
    let name = folder.display();
    let free = match rustix::fs::statvfs(folder) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize),
        Err(error) => {
            let unknown =
                message!("{name}：无法得知剩余空间：{error}", "{name}: its room can't be asked: {error}");
            return report.warning("disk", unknown);
        }
    };
    let mebibytes = free / MEBIBYTE;
    let told = message!("{name} 剩余 {mebibytes} MiB", "{name} has room for {mebibytes} MiB");
    let more = message!("；请清理或扩容", "; make room, or give it more");
    match free {
        0..TOO_LITTLE => report.error("disk", told.and(&more)),
        TOO_LITTLE..LITTLE => report.warning("disk", told.and(&more)),
        LITTLE.. => report.ok("disk", told),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_that_others_may_read_is_told_with_how_to_close_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.sqlite");
        std::fs::write(&file, "").unwrap();
        for (mode, open) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
            set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            let told = stands_open(&file).map(|told| told.en);
            assert_eq!(
                told.as_ref().is_some_and(|told| told.contains("chmod 600")),
                open,
                "{mode:o}: {told:?}"
            );
        }
        assert_eq!(stands_open(&folder.path().join("nothing")), None);
    }
}
