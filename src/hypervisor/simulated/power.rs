use super::moment::{Moment, millis};
use crate::model::{Clue, ClueKind, VmState};

/// Whether a simulated VM is on, and since when. All times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Power {
    /// Off, with nothing saved.
    Off {
        /// Since when.
        since: u64,
    },
    /// Off, with its memory saved.
    Saved {
        /// Since when.
        since: u64,
        /// How long its guest had run.
        uptime: u64,
        /// Whether it can be read back.
        file: SavedFile,
    },
    /// Off, because its process died.
    Aborted {
        /// Since when.
        since: u64,
    },
    /// On, its CPUs stopped by an error inside.
    Stuck {
        /// Since when.
        since: u64,
    },
    /// On.
    On(Session),
}

/// Whether a saved state can be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SavedFile {
    /// It can.
    Whole,
    /// It cannot: the rehearsal of a damaged file.
    Damaged,
}

/// One run of a VM, from power-on to off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    /// Since when it is in its present state.
    pub(super) since: u64,
    /// How long its guest had run when its CPUs were last started.
    pub(super) ran_before: u64,
    /// When its CPUs were last started; `None` while they are stopped.
    pub(super) running_since: Option<u64>,
    /// How long its guest had run when the power button was pressed.
    pub(super) button: Option<u64>,
}

impl Session {
    /// Begins a run whose guest has run this long already.
    pub(super) fn begin(now: Moment, ran_before: u64) -> Self {
        Self { since: now.ms, ran_before, running_since: Some(now.ms), button: None }
    }

    /// Returns how long the guest has run; a paused one does not age.
    pub(super) fn uptime(&self, now: Moment) -> u64 {
        let this_time = self.running_since.map_or(0, |since| now.ms.saturating_sub(since));
        self.ran_before.saturating_add(this_time)
    }

    /// Stops the CPUs.
    pub(super) fn pause(&mut self, now: Moment) {
        self.ran_before = self.uptime(now);
        self.running_since = None;
        self.since = now.ms;
    }

    /// Starts the CPUs again.
    pub(super) fn resume(&mut self, now: Moment) {
        self.running_since = Some(now.ms);
        self.since = now.ms;
    }

    /// Returns when the guest goes off because of the power button; `None` if it was not pressed
    /// or the CPUs stand still. A guest that still boots sees the button when it is up.
    fn goes_off_at(&self, now: Moment) -> Option<u64> {
        let seen = self.button?.max(millis(now.pace.userland));
        let off = seen.saturating_add(millis(now.pace.shutdown));
        Some(self.running_since?.saturating_add(off.saturating_sub(self.ran_before)))
    }
}

impl Power {
    /// Lets time pass: a guest whose power button was pressed goes off.
    pub(super) fn settle(&mut self, now: Moment) {
        if let Self::On(session) = self
            && let Some(off) = session.goes_off_at(now)
            && off <= now.ms
        {
            *self = Self::Off { since: off };
        }
    }

    /// Returns the state.
    pub(super) fn state(&self) -> VmState {
        match self {
            Self::Off { .. } => VmState::PoweredOff,
            Self::Saved { .. } => VmState::Saved,
            Self::Aborted { .. } => VmState::Aborted,
            Self::Stuck { .. } => VmState::Stuck,
            Self::On(Session { running_since: Some(_), .. }) => VmState::Running,
            Self::On(Session { running_since: None, .. }) => VmState::Paused,
        }
    }

    /// Returns what a log would tell of how it came to harm.
    pub(super) fn clue(&self) -> Option<Clue> {
        let (kind, message) = match self {
            Self::Aborted { .. } => (ClueKind::ProcessEnded, "the simulated process ended"),
            Self::Stuck { .. } => (ClueKind::GuruMeditation, "a simulated guru meditation"),
            Self::Saved { file: SavedFile::Damaged, .. } => {
                (ClueKind::SavedState, "the simulated saved state is damaged")
            }
            Self::Off { .. } | Self::Saved { file: SavedFile::Whole, .. } | Self::On(_) => {
                return None;
            }
        };
        Some(Clue { kind, message: message.to_owned() })
    }

    /// Returns since when it is in that state.
    pub(super) fn since(&self) -> u64 {
        match self {
            Self::Off { since }
            | Self::Saved { since, .. }
            | Self::Aborted { since }
            | Self::Stuck { since } => *since,
            Self::On(session) => session.since,
        }
    }

    /// Returns how long the guest in memory has run; `None` if there is no memory to keep.
    pub(super) fn memory(&self, now: Moment) -> Option<u64> {
        match self {
            Self::Off { .. } | Self::Aborted { .. } | Self::Stuck { .. } => None,
            Self::Saved { uptime, .. } => Some(*uptime),
            Self::On(session) => Some(session.uptime(now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Power, Session};
    use crate::hypervisor::simulated::moment::{Moment, Pace};
    use crate::model::VmState;

    fn at(ms: u64) -> Moment {
        Moment { ms, pace: Pace::default() }
    }

    #[test]
    fn a_paused_guest_does_not_age() {
        let mut session = Session::begin(at(1_000), 0);
        session.pause(at(1_500));
        assert_eq!(session.uptime(at(90_000)), 500);
        session.resume(at(90_000));
        assert_eq!(session.uptime(at(90_100)), 600);
    }

    #[test]
    fn the_power_button_takes_effect_when_the_guest_is_up() {
        let mut session = Session::begin(at(0), 0);
        session.button = Some(100);
        let mut power = Power::On(session);
        power.settle(at(1_999));
        assert_eq!(power.state(), VmState::Running);
        power.settle(at(60_000));
        assert_eq!(power, Power::Off { since: 2_000 });
    }
}
