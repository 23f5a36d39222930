//! What is kept of an installation until its end: its answers, its password, how to go on with it.
//! It lies in a folder of the VM's own, and goes when the VM does.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{self, Error, ErrorKind};
use crate::guest_os::{BootPrompt, GuestOs};
use crate::model::VmId;

/// The folder of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InstallFolder(PathBuf);

/// How to go on with an installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unfinished {
    /// What is installed, for people.
    pub(super) system: String,
    /// The command that goes on with it.
    pub(super) command: String,
    /// The guest's user.
    pub(super) user: String,
    /// Whether the password stays when all is done.
    pub(super) password: PasswordStay,
    /// What stands between power-on and its installer.
    pub(super) prompt: Prompt,
    /// What ends with 0 in the guest when it is ready; `None` if nobody is let in to ask.
    pub(super) ready: Option<String>,
    /// Where its installer says why it stopped.
    pub(super) logs: String,
    /// The drives to be emptied at the end.
    pub(super) slots: Vec<String>,
    /// The image that its disk begins with: a crash in the middle leaves it in use.
    #[serde(default)]
    pub(super) image: Option<PathBuf>,
}

/// Whether a password stays when all is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PasswordStay {
    /// It was made up: nobody else has it.
    Kept,
    /// It was given: who gave it has it.
    Removed,
}

/// What stands between power-on and an installer that works by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Prompt {
    /// Its medium waits for a key.
    AnyKey,
    /// It waits for these lines.
    Lines(Vec<String>),
    /// Nothing.
    None,
}

impl From<BootPrompt> for Prompt {
    fn from(prompt: BootPrompt) -> Self {
        match prompt {
            BootPrompt::AnyKey => Self::AnyKey,
            BootPrompt::Lines(lines) => {
                Self::Lines(lines.iter().map(ToString::to_string).collect())
            }
            BootPrompt::None => Self::None,
        }
    }
}

impl Unfinished {
    /// Notes how to go on with a system.
    pub(super) fn of(system: &dyn GuestOs, command: &str, user: &str) -> Self {
        let first_boot = system.first_boot();
        Self {
            system: system.name(),
            command: command.to_owned(),
            user: user.to_owned(),
            password: PasswordStay::Removed,
            prompt: system.machine().boot_prompt.into(),
            ready: Some(first_boot.ready.to_owned()),
            logs: first_boot.logs.to_owned(),
            slots: Vec::new(),
            image: None,
        }
    }
}

impl InstallFolder {
    /// Returns the folder of a VM's installation.
    pub(super) fn of(state: &Path, vm: VmId) -> Self {
        Self(state.join("installs").join(vm.to_string()))
    }

    /// Returns the folder of the answers.
    pub(super) fn answers(&self) -> PathBuf {
        self.0.join("answers")
    }

    /// Returns the file of the password.
    pub(super) fn password_file(&self) -> PathBuf {
        self.0.join("password")
    }

    fn record_file(&self) -> PathBuf {
        self.0.join("install.json")
    }

    /// Writes how to go on.
    pub(super) fn write(&self, unfinished: &Unfinished) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(unfinished).map_err(|e| {
            Error::new(ErrorKind::Internal, "cannot write how to go on").caused_by(e)
        })?;
        self.keep(&self.record_file(), &text)
    }

    /// Keeps the password.
    pub(super) fn keep_password(&self, password: &str) -> Result<(), Error> {
        self.keep(&self.password_file(), &format!("{password}\n"))
    }

    /// Reads how to go on; `None` if nothing is to be gone on with.
    pub(super) fn read(&self) -> Result<Option<Unfinished>, Error> {
        let file = self.record_file();
        let shown = file.display();
        let text = match fs::read_to_string(&file) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|e| error::io(format!("read `{shown}`"), e))?,
        };
        serde_json::from_str(&text).map(Some).map_err(|e| {
            Error::new(ErrorKind::Unparseable, format!("`{shown}` cannot be understood"))
                .hint("delete the VM, and make it again")
                .caused_by(e)
        })
    }

    /// Reads the password.
    pub(super) fn password(&self) -> Result<String, Error> {
        let file = self.password_file();
        let text = fs::read_to_string(&file)
            .map_err(|e| error::io(format!("read `{}`", file.display()), e))?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Removes what is not needed any more when all is done.
    pub(super) fn conclude(&self, password: PasswordStay) -> Result<(), Error> {
        match password {
            PasswordStay::Removed => self.remove(),
            PasswordStay::Kept => {
                removed(fs::remove_dir_all(self.answers()), &self.answers())?;
                removed(fs::remove_file(self.record_file()), &self.record_file())
            }
        }
    }

    /// Removes everything.
    pub(super) fn remove(&self) -> Result<(), Error> {
        removed(fs::remove_dir_all(&self.0), &self.0)
    }

    fn keep(&self, file: &Path, text: &str) -> Result<(), Error> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let opened = builder.create(&self.0).and_then(|()| options.open(file));
        let written = opened.and_then(|mut it| it.write_all(text.as_bytes()));
        written.map_err(|e| error::making(format!("write `{}`", file.display()), e))
    }
}

fn removed(how: io::Result<()>, path: &Path) -> Result<(), Error> {
    match how {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(error::io(format!("remove `{}`", path.display()), e))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
