use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Sign;
use crate::model::typed;

/// One call of a program: what, with which arguments, for how long.
///
/// [`fmt::Display`] shows it as it could be typed, with secrets as `***`; only that form may be
/// logged.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandLine {
    program: PathBuf,
    arguments: Vec<Argument>,
    deadline: Duration,
    effect: Effect,
    sign: Option<Sign>,
    cancel: Cancel,
}

/// Whether a call changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It only looks. A timed-out one may simply be called again.
    Read,
    /// It changes something. Whether a timed-out one did is unknown.
    Write,
}

/// What a canceled call is given first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cancel {
    /// It is asked to end at once.
    Ask,
    /// It may end by itself for half of the grace, and only then is asked to.
    LetEnd,
}

#[derive(Clone, PartialEq, Eq)]
enum Argument {
    Plain(OsString),
    Secret(OsString),
}

impl CommandLine {
    /// Begins a call that only looks.
    pub fn read(program: impl Into<PathBuf>, deadline: Duration) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            deadline,
            effect: Effect::Read,
            sign: None,
            cancel: Cancel::Ask,
        }
    }

    /// Begins a call that changes something.
    pub fn write(program: impl Into<PathBuf>, deadline: Duration) -> Self {
        Self { effect: Effect::Write, ..Self::read(program, deadline) }
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(Argument::Plain(argument.into()));
        self
    }

    /// Adds several arguments.
    pub fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|a| Argument::Plain(a.into())));
        self
    }

    /// Adds an argument that is never shown. It is still seen by who lists the host's processes:
    /// prefer a file.
    pub fn secret(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(Argument::Secret(argument.into()));
        self
    }

    /// Says by what is seen that its work is done.
    pub fn seen_by(self, sign: Sign) -> Self {
        Self { sign: Some(sign), ..self }
    }

    /// Says that it takes a moment only and holds a lock meanwhile: canceled, it is let end first.
    ///
    /// Of 15 `modifyvm` that were ended in the middle, one left its VM locked for 10 seconds (seen
    /// on 7.2.22).
    pub fn let_end(self) -> Self {
        Self { cancel: Cancel::LetEnd, ..self }
    }

    /// Returns the program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Returns the arguments as the program gets them.
    pub fn arguments(&self) -> impl Iterator<Item = &OsStr> {
        self.arguments.iter().map(|argument| match argument {
            Argument::Plain(text) | Argument::Secret(text) => text.as_os_str(),
        })
    }

    /// Returns how long it may take.
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Returns by what is seen that its work is done.
    pub fn sign(&self) -> Option<&Sign> {
        self.sign.as_ref()
    }

    /// Returns what it is given first when it is canceled.
    pub fn cancel(&self) -> Cancel {
        self.cancel
    }

    /// Returns whether it changes anything.
    pub fn effect(&self) -> Effect {
        self.effect
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&typed(self.program.to_string_lossy()))?;
        for argument in &self.arguments {
            match argument {
                Argument::Plain(text) => write!(f, " {}", typed(text.to_string_lossy()))?,
                Argument::Secret(_) => f.write_str(" ***")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommandLine({self})")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::CommandLine;

    #[test]
    fn it_shows_as_it_could_be_typed_without_its_secrets() {
        let line = CommandLine::read("/usr/bin/VBoxManage", Duration::from_secs(1))
            .arg("startvm")
            .arg("it's a vm")
            .arg("")
            .secret("hunter2");
        let shown = line.to_string();
        assert!(shown.starts_with("/usr/bin/VBoxManage startvm "), "{shown}");
        assert!(shown.contains("s a vm") && shown.ends_with(" ***"), "{shown}");
        assert!(!format!("{line:?}").contains("hunter2"));
        assert_eq!(line.arguments().last().unwrap(), "hunter2");
    }
}
