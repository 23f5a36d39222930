use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::{CreateRequest, Creation, Secret};
use crate::guest_os::{Installation, License, SystemWish};
use crate::model::{Display, VmRef};

/// A VM to be made of an ISO that installs itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallRequest {
    /// The VM: what is not said of it the system decides. It is not started by this, and has no
    /// disc of its own.
    pub create: CreateRequest,
    /// What it comes from.
    pub medium: Medium,
    /// What is installed.
    pub system: SystemWish,
    /// What the installer is answered.
    pub answers: Installation,
    /// Where the password comes from.
    pub password: PasswordOrigin,
    /// Whether terms are accepted.
    pub license: License,
    /// Who answers the installer.
    pub engine: InstallEngine,
    /// How it goes on when the VM is made.
    pub then: AfterMaking,
}

/// What a system comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Medium {
    /// A disc that installs it.
    Iso(PathBuf),
    /// The image of a disk on which it is installed, and where cloud-init makes it what is wanted.
    DiskImage(PathBuf),
}

/// Where the password of a guest's user comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordOrigin {
    /// A person gave it.
    Given,
    /// It was made up, and must be told.
    MadeUp,
}

/// Who answers an installer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstallEngine {
    /// Answers of our own.
    Answers,
    /// The hypervisor's own unattended installation.
    Hypervisor,
}

/// How it goes on when a VM is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AfterMaking {
    /// Not at all.
    Nothing,
    /// It is started.
    Start(Display),
    /// It is started, and its installation is seen to its end.
    Finish(Display, InstallWatch),
}

/// How long an installation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InstallWatch {
    /// In all.
    pub timeout: Duration,
    /// Without anything to be seen of it.
    pub stall: Duration,
}

/// An installation that is to be seen to its end, whoever began it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishRequest {
    /// Of which VM.
    pub vm: VmRef,
    /// Where its screen shows if it must be started.
    pub display: Display,
    /// How long it may take.
    pub watch: InstallWatch,
}

/// How far an installation is, as far as that is seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InstallPhase {
    /// The VM is there.
    Made,
    /// It was started, and has written nothing.
    Booting,
    /// It writes on its disk.
    Installing,
    /// It was started anew since it began to write.
    FirstBoot,
    /// Its user can log in, and everything is installed.
    Ready,
}

impl InstallPhase {
    /// Returns its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Booting => "booting",
            Self::Installing => "installing",
            Self::FirstBoot => "first boot",
            Self::Ready => "ready",
        }
    }
}

impl fmt::Display for InstallPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What became of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallReport {
    /// The VM.
    pub vm: Creation,
    /// What is installed, for people.
    pub system: String,
    /// How far it is.
    pub phase: InstallPhase,
    /// When each phase was seen to begin, since the VM was begun or taken up again.
    pub phases: Vec<(InstallPhase, Duration)>,
    /// The guest's user.
    pub user: String,
    /// The password, if it was made up and is told now.
    pub password: Option<Secret>,
    /// The file that keeps the password.
    pub password_file: Option<PathBuf>,
    /// The snapshot that was taken at the end.
    pub snapshot: Option<String>,
    /// What a person does next: commands.
    pub next: Vec<String>,
}
