//! The user's setting of who may log on to web services, borrowed while ours starts.
//!
//! Recorded from 7.2.22: `vboxwebsrv` has no password of its own. It asks a library, which it takes
//! from VirtualBox's global settings at the first logon and then keeps; `--authentication` changes
//! that setting for good. `VBoxAuthSimple` looks for the SHA-256 of the password in the global extra
//! data, and `null` would let in everybody on this host. So: the setting and one entry of extra
//! data are changed for the tenth of a second that it takes to start and to log on, and put back at
//! once. What they were is in a file of ours meanwhile: if we are killed in between, the next start
//! puts them back. A web service that is asked to end (SIGTERM) changes the setting once more, and
//! takes a second for it; one that is killed does not.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{self, Error, ErrorKind};
use crate::model::hex;

/// The library that is asked while we start.
pub(super) const SIMPLE: &str = "VBoxAuthSimple";

/// What was borrowed, and has to be put back.
#[derive(Debug)]
pub(super) struct Loan {
    file: File,
    terms: Terms,
}

/// What is to be put back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Terms {
    /// The library that the user has set.
    pub(super) auth_library: String,
    /// Who was let in.
    pub(super) users: Vec<String>,
}

impl Loan {
    /// Opens the file, which one process has at a time.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let named = |e| error::io(format!("write `{}`", path.display()), e);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(named)?;
        }
        let opened =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(named)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = "another vm-cli is just starting VirtualBox's web service";
                return Err(Error::new(ErrorKind::Locked, message).hint("try again"));
            }
            Err(TryLockError::Error(e)) => return Err(named(e)),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(named)?;
        Ok(Self { file, terms: Terms::read(&text) })
    }

    /// Opens the file if it is there and nobody has it.
    pub(super) fn peek(path: &Path) -> Option<Self> {
        if path.is_file() { Self::open(path).ok() } else { None }
    }

    /// Returns what one that was killed has not put back.
    pub(super) fn left(&self) -> Option<&Terms> {
        Some(&self.terms).filter(|terms| !terms.auth_library.is_empty())
    }

    /// Notes what is borrowed, before it is.
    pub(super) fn note(&mut self, library: &str, user: &str) -> Result<&Terms, Error> {
        if self.terms.auth_library.is_empty() {
            library.clone_into(&mut self.terms.auth_library);
        }
        self.terms.users.push(user.to_owned());
        let text = self.terms.text();
        self.write(&text)?;
        Ok(&self.terms)
    }

    /// Forgets it: everything is as it was.
    pub(super) fn returned(mut self) -> Result<(), Error> {
        self.write("")
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        let mut write = || {
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.file.write_all(text.as_bytes())?;
            self.file.sync_data()
        };
        write().map_err(|e| error::io("note how VirtualBox's settings were", e))
    }
}

impl Terms {
    fn read(text: &str) -> Self {
        let mut lines = text.lines().map(str::to_owned);
        Self { auth_library: lines.next().unwrap_or_default(), users: lines.collect() }
    }

    fn text(&self) -> String {
        let lines = std::iter::once(&self.auth_library).chain(&self.users);
        lines.flat_map(|line| [line.as_str(), "\n"]).collect()
    }
}

/// Returns where a user's password is looked for.
pub(super) fn entry(user: &str) -> String {
    format!("{SIMPLE}/users/{user}")
}

/// Returns a password as that library knows it: its SHA-256, hexadecimal.
pub(super) fn hashed(password: &str) -> String {
    hex(&Sha256::digest(password))
}

/// Finds the library in what `list systemproperties` prints.
pub(super) fn library(printed: &str) -> Option<&str> {
    let line = printed.lines().find_map(|line| line.strip_prefix("Webservice auth. library:"))?;
    Some(line.trim()).filter(|library| !library.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Loan, Terms, hashed, library};
    use crate::error::ErrorKind;

    #[test]
    fn what_was_not_put_back_is_known_to_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/loan");
        let mut killed = Loan::open(&path).unwrap();
        assert_eq!(killed.left(), None);
        killed.note("VBoxAuth", "vm-cli-1").unwrap();
        assert_eq!(Loan::open(&path).unwrap_err().kind(), ErrorKind::Locked);
        drop(killed);
        let mut next = Loan::open(&path).unwrap();
        let users = vec!["vm-cli-1".to_owned()];
        let left = Terms { auth_library: "VBoxAuth".to_owned(), users };
        assert_eq!(next.left(), Some(&left));
        // What is set now is our own: the user's is the one that was noted first.
        let terms = next.note("VBoxAuthSimple", "vm-cli-2").unwrap();
        assert_eq!(terms.auth_library, "VBoxAuth");
        assert_eq!(terms.users, ["vm-cli-1", "vm-cli-2"]);
        next.returned().unwrap();
        assert_eq!(Loan::open(&path).unwrap().left(), None);
    }

    #[test]
    fn a_password_is_hashed_as_the_library_does() {
        // `VBoxManage internalcommands passwordhash secret` of 7.2.22, and `printf secret | sha256sum`.
        let hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
        assert_eq!(hashed("secret"), hash);
    }

    #[test]
    fn the_library_is_read() {
        // Recorded from 7.2.22.
        let printed = "VRDE auth library:               VBoxAuth\n\
                       Webservice auth. library:        VBoxAuthSimple\n\
                       Remote desktop ExtPack:          \n";
        assert_eq!(library(printed), Some("VBoxAuthSimple"));
        assert_eq!(library("Webservice auth. library:   \n"), None);
    }
}
