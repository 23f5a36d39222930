use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, ErrorKind};
use crate::model::Invalid;

/// A failure to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Which operation fails.
    pub operation: Operation,
    /// How it fails.
    pub kind: ErrorKind,
    /// Whether it is done all the same.
    pub effect: FaultEffect,
    /// How many more times; `None` is without end.
    pub times: Option<u32>,
    /// The odds that a call fails, 0.0 to 1.0.
    pub odds: f64,
    /// What the odds are drawn from.
    pub seed: u64,
    /// How many calls were drawn for.
    pub drawn: u64,
}

/// Whether a failing operation is done all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultEffect {
    /// It is not.
    Refused,
    /// It is, and only its report is lost.
    Done,
}

/// Failures to come, in order of precedence. Clones share one list.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Fault {
    /// Builds a failure of the next calls of an operation, without effect.
    pub fn next(times: u32, operation: Operation, kind: ErrorKind) -> Self {
        Self { times: Some(times), ..Self::always(operation, kind) }
    }

    /// Builds a failure of every call of an operation, without effect.
    pub fn always(operation: Operation, kind: ErrorKind) -> Self {
        let effect = FaultEffect::Refused;
        Self { operation, kind, effect, times: None, odds: 1.0, seed: 0, drawn: 0 }
    }

    /// Makes it a failure after the deed.
    pub fn done(mut self) -> Self {
        self.effect = FaultEffect::Done;
        self
    }

    /// Makes it happen by chance.
    pub fn by_chance(mut self, odds: f64, seed: u64) -> Self {
        (self.odds, self.seed) = (odds, seed);
        self
    }

    /// Returns the failure as its operation reports it.
    pub(super) fn error(&self) -> Error {
        let message = format!("a simulated failure of `{}` ({})", self.operation, self.kind.code());
        Error::new(self.kind, message).hint("it was asked for in the simulator's list of `faults`")
    }

    /// Decides about one call, and counts it.
    fn strikes(&mut self, operation: Operation) -> bool {
        if self.operation != operation || self.times == Some(0) {
            return false;
        }
        let chance = fastrand::Rng::with_seed(self.seed.wrapping_add(self.drawn)).f64();
        self.drawn = self.drawn.saturating_add(1);
        if self.odds <= chance {
            return false;
        }
        self.times = self.times.map(|times| times.saturating_sub(1));
        true
    }
}

impl Faults {
    /// Adds a failure.
    pub fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Returns the failure of this call, if it is to fail.
    pub(super) fn strike(&self, operation: Operation) -> Option<Fault> {
        strike(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), operation)
    }
}

/// Returns the first failure that strikes this call; used-up ones are dropped.
pub(super) fn strike(faults: &mut Vec<Fault>, operation: Operation) -> Option<Fault> {
    let struck = faults.iter_mut().find_map(|it| it.strikes(operation).then(|| it.clone()));
    faults.retain(|fault| fault.times != Some(0));
    struck
}

/// Declares the operations with their words.
macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// What can fail, by the words that tasks have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Operation {
            $($(#[$doc])* $variant,)*
        }

        impl Operation {
            /// Every operation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns its word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

operations! {
    /// Listing every VM.
    List = "list",
    /// Reading one VM.
    Inspect = "inspect",
    /// Making a VM.
    Create = "create",
    /// Copying a VM.
    Clone = "clone",
    /// Changing a VM that is off.
    Modify = "modify",
    /// Removing what a failed creation left.
    UndoCreate = "undo-create",
    /// Removing a VM.
    Delete = "delete",
    /// Powering on.
    Start = "start",
    /// Stopping, in any way.
    Stop = "stop",
    /// Stopping the CPUs.
    Pause = "pause",
    /// Letting the CPUs go on.
    Resume = "resume",
    /// Resetting.
    Reset = "reset",
    /// Throwing a saved state away.
    Discard = "discard",
    /// Ending what holds a VM.
    Unlock = "unlock",
    /// Taking a snapshot.
    SnapshotTake = "snapshot-take",
    /// Restoring a snapshot.
    SnapshotRestore = "snapshot-restore",
    /// Deleting a snapshot.
    SnapshotDelete = "snapshot-delete",
    /// Taking a picture.
    Screenshot = "screenshot",
    /// Pressing keys.
    Keys = "keys",
    /// Moving the pointer.
    Pointer = "pointer",
    /// Changing forwards.
    Forward = "forward",
    /// Running a command in the guest.
    Exec = "exec",
    /// Reaching for a file in the guest.
    Copy = "copy",
    /// Sharing a folder, or no more.
    Share = "share",
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Operation {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.iter().copied().find(|it| it.as_str() == text).ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|it| it.as_str()).collect();
            Invalid::new("operation", text, format!("is not one of {}", words.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults, Operation};
    use crate::error::ErrorKind;

    #[test]
    fn a_fault_strikes_its_operation_as_often_as_it_was_told() {
        let faults = Faults::default();
        faults.add(Fault::next(2, Operation::Start, ErrorKind::Locked));
        assert!(faults.strike(Operation::Stop).is_none());
        let strikes = (0..5).filter(|_| faults.strike(Operation::Start).is_some()).count();
        assert_eq!(strikes, 2);
    }

    #[test]
    fn odds_are_kept_and_the_same_seed_gives_the_same_story() {
        let story = |seed| {
            let faults = Faults::default();
            let fault = Fault::always(Operation::List, ErrorKind::NotReady).by_chance(0.3, seed);
            faults.add(fault);
            (0..300).map(|_| faults.strike(Operation::List).is_some()).collect::<Vec<_>>()
        };
        let struck = story(7).iter().filter(|it| **it).count();
        assert!((60..=120).contains(&struck), "{struck} of 300 at odds of 0.3");
        assert_eq!(story(7), story(7));
        assert_ne!(story(7), story(8));
    }
}
