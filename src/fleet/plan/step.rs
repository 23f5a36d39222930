use std::fmt;

use super::Stopping;
use crate::fleet::{Condition, Copying};
use crate::model::{Display, SnapshotName, TemplateName};
use crate::request::CloneWish;

/// One step: one request of the orchestrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Make the VM anew.
    Create,
    /// Make the VM as a copy.
    Copy(Copying),
    /// Make the VM from a template.
    Template(TemplateName),
    /// Go back to a snapshot of its own.
    Restore(SnapshotName),
    /// Start it, or let it go on.
    Start(Display),
    /// Wait until this is so.
    Wait(Condition),
    /// Stop it.
    Stop(Stopping),
    /// Remove it.
    Delete,
}

/// Until when a VM waits for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Until {
    /// Until this is so.
    Holds(Condition),
    /// Until all of its steps are done.
    Done,
}

impl Step {
    /// Returns its word, which programs read.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Create | Self::Template(_) => "create",
            Self::Copy(_) => "clone",
            Self::Restore(_) => "restore",
            Self::Start(_) => "start",
            Self::Wait(_) => "wait",
            Self::Stop(_) => "stop",
            Self::Delete => "delete",
        }
    }

    /// Returns of what a copy is made.
    pub fn copying(&self) -> Option<&Copying> {
        match self {
            Self::Copy(copying) => Some(copying),
            Self::Create
            | Self::Template(_)
            | Self::Restore(_)
            | Self::Start(_)
            | Self::Wait(_)
            | Self::Stop(_)
            | Self::Delete => None,
        }
    }

    /// Returns from which template something is made.
    pub fn template(&self) -> Option<&TemplateName> {
        match self {
            Self::Template(template) => Some(template),
            Self::Create
            | Self::Copy(_)
            | Self::Restore(_)
            | Self::Start(_)
            | Self::Wait(_)
            | Self::Stop(_)
            | Self::Delete => None,
        }
    }

    /// Returns what is so when it is done.
    pub fn brings(&self) -> Option<Condition> {
        match self {
            Self::Create | Self::Copy(_) | Self::Template(_) => Some(Condition::Created),
            Self::Start(_) => Some(Condition::Running),
            Self::Wait(condition) => Some(*condition),
            Self::Restore(_) | Self::Stop(_) | Self::Delete => None,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create => f.write_str("create"),
            Self::Copy(copying) => {
                let linked = if copying.content == CloneWish::Linked { "linked " } else { "" };
                write!(f, "{linked}clone of `{}`", copying.source)?;
                match &copying.snapshot {
                    Some(snapshot) => write!(f, " at `{snapshot}`"),
                    None => Ok(()),
                }
            }
            Self::Template(template) => write!(f, "create from the template `{template}`"),
            Self::Restore(snapshot) => write!(f, "restore `{snapshot}`"),
            Self::Start(_) => f.write_str("start"),
            Self::Wait(condition) => write!(f, "wait for {condition}"),
            Self::Stop(Stopping::Force) => f.write_str("power off"),
            Self::Stop(Stopping::Ask { .. }) => f.write_str("stop"),
            Self::Delete => f.write_str("delete"),
        }
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holds(condition) => condition.fmt(f),
            Self::Done => f.write_str("done"),
        }
    }
}
