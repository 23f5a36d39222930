//! Guest Additions, through `VBoxManage guestcontrol`. The password stands in a file of a moment.

use std::time::Duration;

use async_trait::async_trait;

use super::check::check;
use super::error;
use super::guest_files::AdditionsFiles;
use super::manager::VirtualBoxManager;
use crate::error::Error;
use crate::files::GuestFiles;
use crate::hypervisor::GuestControl;
use crate::hypervisor::GuestEntry;
use crate::hypervisor::GuestOutput;
use crate::hypervisor::GuestProgram;
use crate::model::GuestSystem;
use crate::process::CommandLine;
use crate::process::Exit;
use crate::process::RawOutput;

/// VBoxManage gives the guest's exit codes from 1 to 93 as so much more: its own come below.
const ABOVE_ITS_OWN: i32 = 32;

/// The highest of them.
const HIGHEST: i32 = ABOVE_ITS_OWN + 93;

/// What VBoxManage gives for every higher one.
const TOO_HIGH: i32 = HIGHEST + 1;

/// How long it takes at most to log in, beside what the program takes.
const LOGIN: Duration = Duration::from_mins(3);

/// As good as for ever.
const EVER: Duration = Duration::from_hours(24 * 30);

#[async_trait]
impl GuestControl for VirtualBoxManager {
    async fn run_program(
        &self,
        entry: &GuestEntry,
        program: &GuestProgram,
    ) -> Result<GuestOutput, Error> {
        let limit = program.timeout.map_or(EVER, |limit| limit + LOGIN);
        let password = self.password_file(entry).await?;
        let line = self.commands.guest(entry, "run", &password, limit);
        let line = with_program(line, entry.system, program);
        let vm = Some(&entry.vm);
        let output = self.options.runner.run_raw(&line).await;
        let output = output
            .map_err(|why| error::unfinished(why, line.effect(), self.known_as(vm).as_ref()))?;
        match guests_exit(output.exit) {
            Some(exit_code) => {
                Ok(GuestOutput { exit_code, stdout: output.stdout, stderr: output.stderr })
            }
            None => Err(self.failed_call(&line, &output, entry)),
        }
    }

    fn files<'a>(&'a self, entry: &GuestEntry) -> Box<dyn GuestFiles + 'a> {
        Box::new(AdditionsFiles::new(self, entry.clone()))
    }
}

impl VirtualBoxManager {
    /// Writes a password where only its owner reads it.
    pub(super) async fn password_file(
        &self,
        entry: &GuestEntry,
    ) -> Result<tempfile::TempPath, Error> {
        self.scratch_file(entry.password.reveal().to_owned(), &entry.vm).await
    }

    fn failed_call(&self, line: &CommandLine, output: &RawOutput, entry: &GuestEntry) -> Error {
        let known = self.known_as(Some(&entry.vm));
        match check(line, &output.decoded()) {
            Err(failure) => error::explain(&failure, known.as_ref()),
            Ok(_) => error::unparseable("tells of no exit code").about(&entry.vm),
        }
    }
}

fn with_program(line: CommandLine, system: GuestSystem, program: &GuestProgram) -> CommandLine {
    let mut line = line.args(["--exe", &program.file, "--wait-stdout", "--wait-stderr"]);
    if let Some(folder) = &program.folder {
        line = line.arg("--cwd").arg(folder);
    }
    for (name, value) in &program.environment {
        line = line.arg("--putenv").secret(format!("{name}={}", value.reveal()));
    }
    if let Some(limit) = program.timeout {
        line = line.arg("--timeout").arg(limit.as_millis().max(1).to_string());
    }
    line = match system {
        GuestSystem::Posix => line,
        // Its programs cut their command lines into arguments themselves.
        GuestSystem::Windows => line.arg("--unquoted-args"),
    };
    line.arg("--").args(program.arguments.iter())
}

/// Returns the exit code of the guest's program; `None` if VBoxManage failed itself.
fn guests_exit(exit: Exit) -> Option<i32> {
    match exit {
        Exit::Code(0) => Some(0),
        Exit::Code(code @ 33..=HIGHEST) => Some(code - ABOVE_ITS_OWN),
        Exit::Code(TOO_HIGH) => Some(TOO_HIGH),
        Exit::Code(_) | Exit::Signal(_) | Exit::Dismissed => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{GuestEntry, GuestProgram, GuestSystem, guests_exit};
    use crate::error::ErrorKind;
    use crate::hypervisor::GuestControl;
    use crate::hypervisor::virtualbox::testing::{Rig, named};
    use crate::process::{Exit, Output};
    use crate::request::Secret;

    fn entry() -> GuestEntry {
        let (user, password) = ("admin".to_owned(), Secret::new("hunter2"));
        GuestEntry { vm: named("web"), system: GuestSystem::Posix, user, password }
    }

    fn program() -> GuestProgram {
        GuestProgram {
            file: "/bin/sh".to_owned(),
            arguments: vec!["-c".to_owned(), "exit 3".to_owned()],
            environment: vec![("TOKEN".to_owned(), Secret::new("xyzzy"))],
            folder: Some("/tmp".to_owned()),
            timeout: Some(Duration::from_secs(5)),
        }
    }

    fn ended(code: i32, stderr: &str) -> Output {
        let (stdout, stderr) = ("out\n".to_owned(), stderr.to_owned());
        Output { exit: Exit::Code(code), stdout, stderr }
    }

    #[test]
    fn the_guests_exit_codes_come_back_as_they_were() {
        for (ours, theirs) in
            [(0, Some(0)), (33, Some(1)), (35, Some(3)), (125, Some(93)), (126, Some(126))]
        {
            assert_eq!(guests_exit(Exit::Code(ours)), theirs);
        }
        for own in [1, 2, 16, 20, 22, 32, 127] {
            assert_eq!(guests_exit(Exit::Code(own)), None, "{own}");
        }
        assert_eq!(guests_exit(Exit::Signal(15)), None);
    }

    #[tokio::test]
    async fn a_program_is_run_and_no_secret_is_told() {
        let rig = Rig::new([ended(35, "VBoxManage: error: so says the guest's program\n")]);
        let output = rig.manager.run_program(&entry(), &program()).await.unwrap();
        assert_eq!((output.exit_code, output.stdout.as_slice()), (3, &b"out\n"[..]));
        let call = rig.calls().remove(0);
        let (before, after) = call.split_once(" --passwordfile ").unwrap();
        let (file, after) = after.split_once(' ').unwrap();
        assert_eq!(before, "guestcontrol web run --username admin");
        assert_eq!(
            after,
            "--exe /bin/sh --wait-stdout --wait-stderr --cwd /tmp --putenv *** --timeout 5000 \
             -- -c 'exit 3'"
        );
        assert!(!std::path::Path::new(file).exists(), "it is gone after its use");
    }

    #[tokio::test]
    async fn what_failed_is_told_by_its_kind() {
        for (said, kind) in [
            (
                "Waiting for guest process failed: The specified user was not able to logon on guest",
                ErrorKind::GuestAuth,
            ),
            (
                "Reading from guest process \"/bin/sh\" (PID 108) failed: VERR_TIMEOUT.",
                ErrorKind::TimedOut,
            ),
            (
                "Waiting for guest process (flags 0x1) failed: No such file or directory \
                 \"/bin/nosuch\" on guest",
                ErrorKind::NotFound,
            ),
            ("Guest Additions are not installed or not ready (yet)", ErrorKind::GuestNotReady),
            (
                "Error starting guest session (current status is: starting)",
                ErrorKind::GuestNotReady,
            ),
        ] {
            let rig = Rig::new([ended(1, &format!("VBoxManage: error: {said}\n"))]);
            let error = rig.manager.run_program(&entry(), &program()).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{said}");
        }
    }
}
