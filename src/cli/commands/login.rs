use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::typing::without_line_end;
use crate::cli::shell::App;
use crate::error::{self, Error};
use crate::request::{Credentials, Secret};

/// Who logs in to a guest, and by what.
#[derive(Debug, Args)]
pub(super) struct LoginWish {
    /// Log in as this user
    #[arg(short, long, alias = "user", value_name = "USER", allow_hyphen_values = true)]
    username: Option<String>,

    /// Log in with this password
    #[arg(long, value_name = "PASSWORD", group = "secret", allow_hyphen_values = true)]
    password: Option<String>,

    /// Log in with the password in this file
    #[arg(long, value_name = "FILE", group = "secret")]
    password_file: Option<PathBuf>,

    /// Log in with the password that comes on standard input
    #[arg(long, group = "secret")]
    pub(super) password_stdin: bool,

    /// Log in with this private key
    #[arg(short, long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

impl LoginWish {
    /// Says who logs in, the password having been read.
    pub(super) fn credentials(&self, password: Option<Secret>) -> Credentials {
        Credentials { user: self.username.clone(), password, identity: self.identity.clone() }
    }

    /// Returns whether anything was said of it.
    pub(super) fn is_given(&self) -> bool {
        let has_password = self.password.is_some() || self.password_file.is_some();
        self.username.is_some() || self.identity.is_some() || has_password || self.password_stdin
    }

    /// Reads the password from where it was said to be, else from the environment.
    pub(super) fn read(&self, app: &App) -> Result<Option<Secret>, Error> {
        let text = match (&self.password, &self.password_file, self.password_stdin) {
            (Some(password), ..) => Some(password.clone()),
            (None, Some(file), _) => Some(password_in(file)?),
            (None, None, true) => {
                let mut text = String::new();
                let read = io::stdin().lock().take(64 * 1024).read_to_string(&mut text);
                read.map_err(|e| error::io("read the password from standard input", e))?;
                Some(text)
            }
            (None, None, false) => app.shell.environment.text("VM_CLI_PASSWORD"),
        };
        Ok(text.map(|text| Secret::new(without_line_end(&text))))
    }
}

/// Reads the text of a password file.
pub(in crate::cli) fn password_in(file: &Path) -> Result<String, Error> {
    let what = format!("read the password file `{}`", file.display());
    fs::read_to_string(file).map_err(|e| error::io(what, e))
}
