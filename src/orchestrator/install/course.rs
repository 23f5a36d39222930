//! How far an installation is, and what it needs now, by what is seen of it. Pure.

use std::time::Duration;

use super::record::Prompt;
use crate::model::Frame;
use crate::request::{InstallPhase, InstallWatch};
use crate::screen;

/// What has written this much is installing, in bytes.
const WRITTEN: u64 = 4 * 1024 * 1024;

/// For how long keys are pressed once a medium that waits for one can show that it does.
const ASKING: Duration = Duration::from_secs(30);

/// How long a screen stands still that waits for a line.
const STILL: Duration = Duration::from_secs(8);

/// What may change of a screen that stands still: a cursor blinks.
const BLINKING: f64 = 0.001;

/// What is seen of a guest at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Sighting {
    /// What its screen shows, if it shows something.
    pub(super) screen: Option<Frame>,
    /// What its disks take of the host, in bytes.
    pub(super) disk: u64,
    /// How often it was reset.
    pub(super) resets: usize,
    /// Whether its user can log in and finds everything installed.
    pub(super) is_ready: bool,
}

/// What is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// Nothing.
    Wait,
    /// A key is pressed, any.
    PressAnyKey,
    /// A line is typed.
    Type(String),
    /// Nothing more: it is ready.
    End,
    /// Nothing has changed for too long.
    GiveUp,
}

/// The course of an installation since its VM was started.
#[derive(Debug)]
pub(super) struct Course {
    prompt: Prompt,
    watch: InstallWatch,
    phase: InstallPhase,
    phases: Vec<(InstallPhase, Duration)>,
    first: Option<Sighting>,
    last: Sighting,
    /// When its screen was first seen.
    lit: Option<Duration>,
    /// When its screen was last seen to change.
    moved: Duration,
    /// When anything was last seen to change.
    changed: Duration,
    typed: usize,
}

impl Course {
    pub(super) fn new(prompt: Prompt, watch: InstallWatch) -> Self {
        Self {
            prompt,
            watch,
            phase: InstallPhase::Booting,
            phases: vec![(InstallPhase::Booting, Duration::ZERO)],
            first: None,
            last: Sighting::default(),
            lit: None,
            moved: Duration::ZERO,
            changed: Duration::ZERO,
            typed: 0,
        }
    }

    pub(super) fn phase(&self) -> InstallPhase {
        self.phase
    }

    /// Returns when each phase began.
    pub(super) fn into_phases(self) -> Vec<(InstallPhase, Duration)> {
        self.phases
    }

    /// Returns whether it is worth asking whether the guest is ready: that takes time in which no
    /// key is pressed.
    pub(super) fn may_be_ready(&self, now: Duration) -> bool {
        !self.is_asking(now)
    }

    /// Takes what is seen now, and returns what to do.
    pub(super) fn see(&mut self, now: Duration, seen: Sighting) -> Deed {
        self.note_changes(now, &seen);
        let first = self.first.get_or_insert_with(|| seen.clone());
        let has_written = first.disk.saturating_add(WRITTEN) <= seen.disk;
        let was_reset = self.last.resets < seen.resets;
        let is_ready = seen.is_ready;
        self.last = seen;
        if is_ready {
            self.enter(InstallPhase::Ready, now);
        }
        if self.phase <= InstallPhase::Booting && has_written {
            self.enter(InstallPhase::Installing, now);
        }
        // One look can find both: what is quick has written and starts anew since the last one.
        if self.phase == InstallPhase::Installing && was_reset {
            self.enter(InstallPhase::FirstBoot, now);
        }
        self.deed(now)
    }

    fn enter(&mut self, phase: InstallPhase, now: Duration) {
        if self.phase != phase {
            self.phase = phase;
            self.phases.push((phase, now));
            self.changed = now;
        }
    }

    fn deed(&mut self, now: Duration) -> Deed {
        if self.phase == InstallPhase::Ready {
            return Deed::End;
        }
        if self.is_asking(now) {
            return Deed::PressAnyKey;
        }
        if let Some(line) = self.line(now) {
            self.typed += 1;
            (self.moved, self.changed) = (now, now);
            return Deed::Type(line);
        }
        let is_late = self.watch.timeout <= now;
        let stands_still = self.watch.stall <= now.saturating_sub(self.changed);
        if is_late || stands_still { Deed::GiveUp } else { Deed::Wait }
    }

    fn note_changes(&mut self, now: Duration, seen: &Sighting) {
        let has_moved = match (&self.last.screen, &seen.screen) {
            (Some(before), Some(after)) => screen::differs(before, after, BLINKING),
            (None, None) => false,
            (Some(_), None) | (None, Some(_)) => true,
        };
        if has_moved {
            self.moved = now;
        }
        if has_moved || (self.last.disk, self.last.resets) != (seen.disk, seen.resets) {
            self.changed = now;
        }
        if seen.screen.is_some() && self.lit.is_none() {
            self.lit = Some(now);
        }
    }

    /// Whether its medium may wait for a key.
    fn is_asking(&self, now: Duration) -> bool {
        let may_ask = self.lit.is_none_or(|lit| now.saturating_sub(lit) < ASKING);
        self.prompt == Prompt::AnyKey && self.phase == InstallPhase::Booting && may_ask
    }

    /// Returns the line for which a screen that stands still waits.
    fn line(&self, now: Duration) -> Option<String> {
        let Prompt::Lines(lines) = &self.prompt else { return None };
        let is_still = self.lit.is_some() && STILL <= now.saturating_sub(self.moved);
        let line = lines.get(self.typed)?;
        (is_still && self.phase == InstallPhase::Booting).then(|| line.clone())
    }

    /// Whether it had all the time that it may take.
    pub(super) fn is_late(&self, now: Duration) -> bool {
        self.watch.timeout <= now
    }
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
