//! Where everything is kept: one database, and small files beside it.

use std::error::Error;
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use pinlatch_stores::sqlite::{SqliteError, SqliteStore};
use tempfile::NamedTempFile;

/// The files of one town.
#[derive(Debug)]
pub(crate) struct Files {
    db: PathBuf,
}

impl Files {
    /// In the data directory of whoever runs this.
    pub(crate) fn of_user() -> Result<Self, Box<dyn Error>> {
        let home = ProjectDirs::from("", "", "pinlatch-phone").ok_or("no home directory: use --db FILE")?;
        std::fs::create_dir_all(home.data_dir())?;
        Ok(Self::beside(home.data_dir().join("payroll.db")))
    }

    pub(crate) const fn beside(db: PathBuf) -> Self {
        Self { db }
    }

    pub(crate) fn db(&self) -> &Path {
        &self.db
    }

    /// Plays the key store of the server: the pepper.
    pub(crate) fn pepper(&self) -> PathBuf {
        self.with_ending(".server-key-store")
    }

    /// Plays the key stores of the phones: their tokens.
    pub(crate) fn phones(&self) -> PathBuf {
        self.with_ending(".phone-key-stores.json")
    }

    /// What administrators changed about people, a line each.
    pub(crate) fn changes(&self) -> PathBuf {
        self.with_ending(".users-and-roles.jsonl")
    }

    /// Takes the files for this program, until what it answers is dropped: two programs would
    /// overwrite each other's phones.
    pub(crate) fn lock(&self) -> Result<File, Box<dyn Error>> {
        let file = File::open(self.pepper())?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err("the phones are in another terminal already".into()),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Removes them all. A file that is no database of this program stays, and so does everything.
    pub(crate) fn remove(&self) -> Result<(), Box<dyn Error>> {
        let _locked = if self.pepper().exists() { Some(self.lock()?) } else { None };
        if self.db.exists() {
            let opened = SqliteStore::open(&self.db);
            if let Err(error @ (SqliteError::AnotherProgram | SqliteError::Damaged(_))) = opened {
                return Err(format!("--reset removes nothing of this: {error}").into());
            }
        }
        // The key last: without the database it is worth nothing.
        let beside = ["-wal", "-shm"].map(|ending| self.with_ending(ending));
        let files = [self.db.clone(), self.phones(), self.changes(), self.pepper()];
        for file in beside.iter().chain(&files) {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(format!("{}: {error}", file.display()).into());
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    fn with_ending(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(&self.db);
        name.push(ending);
        name.into()
    }
}

/// Bytes on their way to `path`, in a file beside it that its owner alone may read. `persist` or
/// `persist_noclobber` puts it there in one step.
pub(crate) fn private(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}
