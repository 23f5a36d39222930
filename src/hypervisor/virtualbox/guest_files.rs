//! A guest's files, by its Guest Additions. What they cannot do themselves, such as checksums and
//! modes, a POSIX guest's own shell does; on Windows files are read back instead.

use std::fs::OpenOptions;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;

use super::guest_script::{one_line, quoted, refused};
use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::{self, Error, ErrorKind};
use crate::files::{Check, Digest, Entry, FileFacts, GuestFiles, Meter, join, sum_command};
use crate::hypervisor::{GuestControl, GuestEntry, GuestProgram, in_ascii};
use crate::model::GuestSystem;
use crate::process::CommandLine;

/// The files of a guest whose Guest Additions run.
#[derive(Debug)]
pub(super) struct AdditionsFiles<'a> {
    manager: &'a VirtualBoxManager,
    entry: GuestEntry,
}

/// How long a file may take.
const LONGEST: Duration = Duration::from_hours(24);

/// How a script tells that two checksums differ.
const DIFFERENT: i32 = 9;

impl<'a> AdditionsFiles<'a> {
    pub(super) fn new(manager: &'a VirtualBoxManager, entry: GuestEntry) -> Self {
        Self { manager, entry }
    }

    /// Makes a call about the guest's files.
    async fn call(
        &self,
        verb: &str,
        with: impl FnOnce(CommandLine) -> CommandLine + Send,
    ) -> Result<String, Error> {
        let password = self.manager.password_file(&self.entry).await?;
        let line = self.manager.commands.guest(&self.entry, verb, &password, LONGEST);
        self.manager.call(with(line), Some(&self.entry.vm)).await
    }

    /// Lets the guest's shell do something, in its user's folder.
    async fn script(&self, script: &str) -> Result<(i32, String), Error> {
        let program = GuestProgram {
            file: "/bin/sh".to_owned(),
            arguments: vec!["-c".to_owned(), in_ascii(&format!("export LC_ALL=C; cd; {script}"))],
            environment: Vec::new(),
            folder: None,
            timeout: None,
        };
        let output = self.manager.run_program(&self.entry, &program).await?;
        match output.exit_code {
            0 | DIFFERENT => {
                let said = String::from_utf8_lossy(&output.stdout).into_owned();
                Ok((output.exit_code, said))
            }
            _ => Err(refused(&one_line(&output.stderr)).about(&self.entry.vm)),
        }
    }

    /// Copies the whole of a file to the host.
    async fn fetch(&self, from: &str, to: &Path) -> Result<(), Error> {
        self.call("copyfrom", |line| line.arg("--").arg(from).arg(to)).await.map(drop)
    }
}

#[async_trait]
impl GuestFiles for AdditionsFiles<'_> {
    async fn meant(&self, path: &str) -> Result<String, Error> {
        let is_whole = match self.entry.system {
            GuestSystem::Posix => path.starts_with('/'),
            GuestSystem::Windows => path.get(1..3).is_some_and(|it| it == ":\\" || it == ":/"),
        };
        if is_whole {
            return Ok(path.to_owned());
        }
        if self.entry.system == GuestSystem::Windows {
            let message = format!("`{path}` does not begin with a drive");
            return Err(Error::new(ErrorKind::Usage, message)
                .hint(r"through the Guest Additions, write whole paths such as `C:\Users\me`"));
        }
        let (_, home) = self.script("pwd").await?;
        let below = path.strip_prefix('~').unwrap_or(path).trim_start_matches('/');
        Ok(if below.is_empty() { home.trim_end().to_owned() } else { join(home.trim_end(), below) })
    }

    async fn look(&self, path: &str) -> Result<Option<FileFacts>, Error> {
        if self.entry.system == GuestSystem::Posix {
            let path = quoted(path);
            let (_, said) =
                self.script(&format!("[ ! -e {path} ] || stat -L -c '%f %s' {path}")).await?;
            return said.lines().next().map(parse::posix_facts).transpose();
        }
        match self.call("stat", |line| line.arg("--").arg(path)).await {
            Ok(said) => parse::guest_stat(&said).map(Some),
            Err(e) if [ErrorKind::NotFound, ErrorKind::ProgramFailed].contains(&e.kind()) => {
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    async fn list(&self, folder: &str) -> Result<Vec<Entry>, Error> {
        if self.entry.system == GuestSystem::Windows {
            let message = "folders of Windows guests cannot be read through the Guest Additions";
            return Err(Error::new(ErrorKind::Unsupported, message)
                .hint("use `--via ssh`, or name the files one by one"));
        }
        let found = "find . -mindepth 1 -maxdepth 1 -exec stat -c '%f %s %n' {} +";
        let (_, said) = self.script(&format!("cd {} && {found}", quoted(folder))).await?;
        let mut entries = said.lines().map(parse::posix_entry).collect::<Result<Vec<_>, _>>()?;
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    async fn make_folder(&self, path: &str) -> Result<(), Error> {
        match self.call("mkdir", |line| line.arg("--").arg(path)).await {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
            made => made.map(drop),
        }
    }

    fn goes_on(&self) -> bool {
        false
    }

    async fn write(&self, from: &Path, to: &str, _begin: u64, meter: &Meter) -> Result<(), Error> {
        let size = |e| error::io(format!("read `{}`", from.display()), e);
        let size = std::fs::metadata(from).map_err(size)?.len();
        let from = std::path::absolute(from).unwrap_or_else(|_unknown| from.to_owned());
        let copying = self.call("copyto", |line| line.arg("--").arg(from).arg(to));
        meter.until_stopped(copying).await?;
        meter.count(size)
    }

    async fn read(
        &self,
        from: &str,
        to: &Path,
        range: Range<u64>,
        meter: &Meter,
    ) -> Result<(), Error> {
        let to = std::path::absolute(to).unwrap_or_else(|_unknown| to.to_owned());
        meter.until_stopped(self.fetch(from, &to)).await?;
        // It may have grown since it was looked at.
        let what = |e| error::io(format!("write `{}`", to.display()), e);
        let file = OpenOptions::new().write(true).open(&to).map_err(what)?;
        if range.end < file.metadata().map_err(what)?.len() {
            file.set_len(range.end).map_err(what)?;
        }
        meter.count(range.end)
    }

    async fn digest(&self, path: &str, length: u64) -> Result<Option<(Digest, Check)>, Error> {
        if self.entry.system == GuestSystem::Posix {
            let (_, said) = self.script(&sum_command(path, length)).await?;
            if let Ok(digest) = said.parse() {
                return Ok(Some((digest, Check::GuestSum)));
            }
        }
        let copy = self.manager.scratch_file(String::new(), &self.entry.vm).await?;
        self.fetch(path, &copy).await?;
        let digest = Digest::of_file(&copy, length).await;
        Ok(digest.ok().map(|digest| (digest, Check::ReadBack)))
    }

    async fn settle(&self, part: &str, target: &str, mode: Option<u32>) -> Result<(), Error> {
        if self.entry.system == GuestSystem::Posix {
            return self.script(&settling(part, target, mode)).await.map(drop);
        }
        self.remove(target).await?;
        self.call("mv", |line| line.arg("--").arg(part).arg(target)).await.map(drop)
    }

    async fn set_modes(&self, modes: &[(String, u32)]) -> Result<(), Error> {
        if self.entry.system == GuestSystem::Windows {
            return Ok(());
        }
        // So many fit on a command line.
        for some in modes.chunks(100) {
            let steps = some.iter().map(|(path, mode)| format!("chmod {mode:o} {}", quoted(path)));
            self.script(&steps.collect::<Vec<_>>().join(" && ")).await?;
        }
        Ok(())
    }

    async fn remove(&self, path: &str) -> Result<(), Error> {
        match self.call("rm", |line| line.arg("--").arg(path)).await {
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed.map(drop),
        }
    }

    /// In one call where that can be: each costs a login.
    async fn seal(
        &self,
        part: &str,
        target: &str,
        mode: Option<u32>,
        whole: (Digest, u64),
    ) -> Result<Option<Check>, Error> {
        let (expected, size) = whole;
        if self.entry.system == GuestSystem::Windows {
            return crate::files::seal_by_steps(self, (part, target), mode, whole).await;
        }
        // Without a program for checksums it tells nothing.
        let script = format!(
            "[ $(wc -c <{part}) = {size} ] || exit {DIFFERENT}; s=$({sum}); s=${{s%% *}}; \
             [ -n \"$s\" ] || exit 0; [ \"$s\" = {expected} ] || exit {DIFFERENT}; \
             {settle} && echo settled",
            part = quoted(part),
            sum = sum_command(part, size),
            settle = settling(part, target, mode),
        );
        match self.script(&script).await? {
            (DIFFERENT, _) => Ok(None),
            (_, said) if said.is_empty() => {
                crate::files::seal_by_steps(self, (part, target), mode, whole).await
            }
            _ => Ok(Some(Check::GuestSum)),
        }
    }
}

fn settling(part: &str, target: &str, mode: Option<u32>) -> String {
    let part = quoted(part);
    let mode = mode.map(|mode| format!("chmod {mode:o} {part} && ")).unwrap_or_default();
    format!("{mode}mv -f {part} {}", quoted(target))
}
