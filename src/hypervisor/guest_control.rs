//! Into a guest by its Guest Additions: no network is needed.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use super::GuestOutput;
use crate::error::Error;
use crate::files::GuestFiles;
use crate::model::{GuestSystem, VmRef};
use crate::request::Secret;

/// Programs and files in a guest, by what its Guest Additions do for the hypervisor.
#[async_trait]
pub trait GuestControl: Debug + Send + Sync {
    /// Runs a program to its end. An error is transient only if the program did not begin.
    async fn run_program(
        &self,
        entry: &GuestEntry,
        program: &GuestProgram,
    ) -> Result<GuestOutput, Error>;

    /// Returns the guest's files.
    fn files<'a>(&'a self, entry: &GuestEntry) -> Box<dyn GuestFiles + 'a>;
}

/// Which guest is entered, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestEntry {
    /// The VM.
    pub vm: VmRef,
    /// What the guest runs.
    pub system: GuestSystem,
    /// The guest's user.
    pub user: String,
    /// Its password.
    pub password: Secret,
}

/// A program to run in a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestProgram {
    /// Its file in the guest.
    pub file: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What is set in its environment.
    pub environment: Vec<(String, Secret)>,
    /// The folder in which it runs.
    pub folder: Option<String>,
    /// How long it may run.
    pub timeout: Option<Duration>,
}

/// Writes a script without letters that a guest's locale may not know: the Guest Additions run in
/// that of the guest's services, and refuse them (`VERR_PROC_NO_ARG_TRANSLATION`).
pub fn in_ascii(script: &str) -> String {
    if script.is_ascii() {
        return script.to_owned();
    }
    let spelt = |byte| match byte {
        b'\\' | b'\'' | 0x80.. => format!("\\0{byte:03o}"),
        plain => char::from(plain).to_string(),
    };
    let written: String = script.bytes().map(spelt).collect();
    format!("eval \"$(printf %b '{written}')\"")
}

#[cfg(test)]
mod tests {
    use super::in_ascii;

    #[test]
    fn a_script_is_written_in_ascii() {
        assert_eq!(in_ascii("echo 'a'"), "echo 'a'");
        let written = in_ascii("echo 'ü'");
        assert_eq!(written, r#"eval "$(printf %b 'echo \0047\0303\0274\0047')""#);
    }
}
