//! What a demonstration keeps in its folder between starts: keys, passwords, credentials; nobody else may read them.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};

use super::seat::Seat;
use crate::refusal::{Message, message};
use crate::secrets::entropy;

/// An account with its password, as the accounts file lists it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoAccount {
    /// GB/T 2260 code of the county. 行政区划代码
    pub county: String,
    /// Chinese name of the department. 单位名称
    pub department: String,
    /// Code of its role. 角色代码
    pub role: String,
    /// Rights. 权限类别
    pub profile: String,
    /// Rank. 职务
    pub position: String,
    /// Name to sign in with. 账号名
    pub account: String,
    /// Password. 口令
    pub password: String,
    /// Code of the department in the plan. 单位代码
    pub department_code: String,
}

impl DemoAccount {
    /// The line of a seat.
    #[must_use]
    pub fn of(seat: &Seat, password: String) -> Self {
        Self {
            county: seat.county.clone(),
            department: seat.department.clone(),
            role: seat.role.clone(),
            profile: seat.profile.as_str().to_owned(),
            position: seat.position.as_str().to_owned(),
            account: seat.login.clone(),
            password,
            department_code: seat.department_code.clone(),
        }
    }
}

/// The credential of a portal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPortal {
    /// GB/T 2260 code of the county. 行政区划代码
    pub county: String,
    /// Code of the campaign. 活动代码
    pub campaign: String,
    /// Code of the channel that it is bound to. 渠道代码
    pub channel: String,
    /// What it sends as its bearer token. 令牌
    pub token: String,
}

/// The keys of a demonstration's installation.
pub struct Secrets {
    /// Master key, in base64.
    pub master: String,
    /// Seed of the signing key, in base64.
    pub signing: String,
}

/// Why the folder can't be used.
#[derive(Debug)]
pub enum KeepFault {
    /// A file can't be read or written.
    File(String, io::Error),
    /// A file is not what was written there.
    Content(String, serde_json::Error),
    /// The database is there and the keys that it was written with are not.
    KeysLost(String),
    /// A start was ended while it wrote what departments did.
    CutOff(String),
}

impl KeepFault {
    /// What was found, and what to do.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::File(path, error) => message!(
                "{path}：无法读写：{error}；请核对路径和权限，或用 --data-dir 换一个目录",
                "{path}: can't be read or written: {error}; check path and permissions, or give another folder by --data-dir"
            ),
            Self::Content(path, error) => message!(
                "{path}：内容有误：{error}。请删除该目录后重试",
                "{path}: not what the demonstration wrote there: {error}. Remove the folder and start again"
            ),
            Self::KeysLost(path) => message!(
                "{path}：数据库在而密钥不在，无法解读；请删除该目录后重试",
                "{path}: the database is there and its keys are not: remove the folder and start again"
            ),
            Self::CutOff(path) => message!(
                "{path}：上次首次启动中途停止，数据不全；请删除该目录后重试",
                "{path}: the first start was cut off: remove the folder and start again"
            ),
        }
    }
}

/// The folder of a demonstration (演示数据目录).
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the folder, which is made where it is missing. It and what the demonstration keeps in it are closed to others,
    /// also where a former start left them open.
    pub fn open(path: &Path) -> Result<Self, KeepFault> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| file_fault(path, error))?;
        // A file system that knows no modes is no reason to stand still.
        if let Err(error) = close(path) {
            tracing::warn!(folder = %path.display(), %error, "other users of this machine may be able to read the folder");
        }
        if path.join(PLAYING).exists() {
            return Err(KeepFault::CutOff(path.display().to_string()));
        }
        Ok(Self { path: path.to_owned() })
    }

    /// The address of its database.
    #[must_use]
    pub fn database_url(&self) -> String {
        format!("sqlite://{}?mode=rwc", self.path.join(DATABASE).display())
    }

    /// The keys: drawn at the first start, the same from then on.
    pub fn secrets(&self) -> Result<Secrets, KeepFault> {
        Ok(Secrets { master: self.secret("master.key")?, signing: self.secret("signing.key")? })
    }

    /// Where the accounts are listed unless the caller names another file.
    #[must_use]
    pub fn accounts_file(&self) -> PathBuf {
        self.path.join("accounts.json")
    }

    /// The accounts of former starts; none at the first.
    pub fn accounts(&self) -> Result<Vec<DemoAccount>, KeepFault> {
        read_list(&self.accounts_file())
    }

    /// The portals of former starts.
    pub fn portals(&self) -> Result<Vec<DemoPortal>, KeepFault> {
        read_list(&self.portals_file())
    }

    /// Where the portals' credentials are listed.
    #[must_use]
    pub fn portals_file(&self) -> PathBuf {
        self.path.join("portals.json")
    }

    /// Marks that a campaign is being played; what a start that was cut off left of one can't be gone on with.
    pub fn begin_playing(&self) -> Result<(), KeepFault> {
        write_closed(&self.path.join(PLAYING), b"")
    }

    /// Takes the mark away.
    pub fn end_playing(&self) -> Result<(), KeepFault> {
        let path = self.path.join(PLAYING);
        fs::remove_file(&path).map_err(|error| file_fault(&path, error))
    }

    fn secret(&self, name: &str) -> Result<String, KeepFault> {
        let path = self.path.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if self.path.join(DATABASE).exists() {
                    return Err(KeepFault::KeysLost(path.display().to_string()));
                }
                let text = BASE64_STANDARD.encode(entropy::random::<32>());
                write_closed(&path, text.as_bytes())?;
                Ok(text)
            }
            Err(error) => Err(file_fault(&path, error)),
        }
    }
}

const DATABASE: &str = "minsheng.sqlite";
const PLAYING: &str = "playing";

/// What the demonstration keeps beside its database, which closes itself.
const KEPT: [&str; 4] = ["master.key", "signing.key", "accounts.json", "portals.json"];

/// Closes the files to others, and the folder where nothing of anybody else is in it: one may have been named that has
/// other uses.
fn close(folder: &Path) -> io::Result<()> {
    let mut ours = true;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if KEPT.contains(&&*name) {
            fs::set_permissions(entry.path(), Permissions::from_mode(0o600))?;
        } else {
            ours &= name.starts_with(DATABASE) || name == PLAYING;
        }
    }
    if ours {
        return fs::set_permissions(folder, Permissions::from_mode(0o700));
    }
    let open = fs::metadata(folder)?.permissions().mode() & 0o077 != 0;
    if open {
        tracing::warn!(folder = %folder.display(), "the folder holds other files too and stays open to others");
    }
    Ok(())
}

/// Writes a list as JSON, whole or not at all, readable to its owner alone.
pub fn write_list<T: Serialize>(path: &Path, list: &[T]) -> Result<(), KeepFault> {
    let content = |error| KeepFault::Content(path.display().to_string(), error);
    let mut text = serde_json::to_vec_pretty(list).map_err(content)?;
    text.push(b'\n');
    write_closed(path, &text)
}

fn read_list<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, KeepFault> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map_err(|error| KeepFault::Content(path.display().to_string(), error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(file_fault(path, error)),
    }
}

/// By way of a file beside it, so that a start that is cut off leaves no half of a key.
fn write_closed(path: &Path, bytes: &[u8]) -> Result<(), KeepFault> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let write = || {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|error| file_fault(path, error))
}

fn file_fault(path: &Path, error: io::Error) -> KeepFault {
    KeepFault::File(path.display().to_string(), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_drawn_once_and_nobody_else_reads_them() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("demo");
        let folder = Folder::open(&path).unwrap();
        let first = folder.secrets().unwrap();
        let second = Folder::open(&path).unwrap().secrets().unwrap();
        assert_eq!((&first.master, &first.signing), (&second.master, &second.signing));
        assert_ne!(first.master, first.signing);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("master.key"))), (0o700, 0o600));
    }

    #[test]
    fn what_a_former_start_left_open_is_closed_and_a_folder_of_other_things_stays_as_it_is() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("demo");
        Folder::open(&path).unwrap().secrets().unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let key = path.join("master.key");
        set(&path, 0o755);
        set(&key, 0o644);
        Folder::open(&path).unwrap();
        assert_eq!((mode(&path), mode(&key)), (0o700, 0o600));
        fs::write(path.join("notes.txt"), "").unwrap();
        set(&path, 0o755);
        set(&key, 0o644);
        Folder::open(&path).unwrap();
        assert_eq!((mode(&path), mode(&key)), (0o755, 0o600));
    }

    #[test]
    fn a_database_whose_keys_are_lost_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join(DATABASE), "").unwrap();
        let lost = Folder::open(parent.path()).unwrap().secrets();
        assert!(matches!(lost, Err(KeepFault::KeysLost(_))));
    }
}
