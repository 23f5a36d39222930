use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{GuestTerminal, Input, Variable};
use crate::model::VmRef;
use crate::request::Credentials;

/// A command to run in a guest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ExecRequest {
    /// In which VM.
    pub vm: VmRef,
    /// What is run.
    pub program: Program,
    /// Who runs it.
    pub credentials: Credentials,
    /// The way into the guest.
    pub via: Via,
    /// What is set in its environment.
    pub environment: Vec<Variable>,
    /// The guest's folder in which it runs; `None` is its user's own.
    pub folder: Option<String>,
    /// What comes on its standard input.
    #[serde(skip)]
    pub input: Input,
    /// The terminal that it runs at; `None` is none.
    #[serde(skip)]
    pub terminal: Option<GuestTerminal>,
    /// Which shell reads the command line.
    pub shell: GuestShell,
    /// Where its windows are shown.
    pub place: Place,
    /// How long to wait until the guest can be reached.
    pub reach_within: Duration,
    /// How long the command may run; `None` is without limit.
    pub timeout: Option<Duration>,
}

impl ExecRequest {
    /// Asks for a command line, with nothing special about it.
    pub fn new(vm: VmRef, line: impl Into<String>, reach_within: Duration) -> Self {
        Self {
            vm,
            program: Program::Line(line.into()),
            credentials: Credentials::default(),
            via: Via::Ssh,
            environment: Vec::new(),
            folder: None,
            input: Input::Nothing,
            terminal: None,
            shell: GuestShell::Users,
            place: Place::Session,
            reach_within,
            timeout: None,
        }
    }
}

/// What is run in a guest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Program {
    /// A command line, as the guest's shell reads it.
    Line(String),
    /// The user's shell, as it greets who logs in.
    LoginShell,
}

/// The way into a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Via {
    /// Its SSH server.
    #[default]
    Ssh,
    /// Its Guest Additions.
    Additions,
    /// Whichever answers.
    Auto,
}

/// Which shell of the guest reads a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum GuestShell {
    /// The one that the guest gives to its user.
    #[default]
    Users,
    /// PowerShell, on Windows.
    PowerShell,
    /// `cmd.exe`, on Windows.
    Cmd,
    /// None that is known: the guest gets the line as it is.
    AsIs,
}

/// Where the windows of a command are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum Place {
    /// Nowhere: it runs in the session of who logs in for it.
    #[default]
    Session,
    /// On the desktop of the user who sits at the guest's screen.
    Desktop,
}
