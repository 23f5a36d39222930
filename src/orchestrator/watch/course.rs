//! What to do about a VM, from what was seen of it over the time. Pure: no I/O, no clock.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::metrics::Checkup;
use crate::model::{Health, Phase, RecoveryPolicy, Trouble, VmState};
use crate::request::{IfOff, Standing, WatchPlan};

/// What is decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) policy: RecoveryPolicy,
    pub(super) if_off: IfOff,
    /// So many recoveries at most within the window.
    pub(super) limit: usize,
    pub(super) window: Duration,
    /// So many looks in a row must find a running VM unwell.
    pub(super) failures: u32,
    /// So long a VM that was started may take to become well.
    pub(super) grace: Duration,
    /// The pause before the second recovery; it doubles.
    pub(super) pause: Duration,
}

/// What one look saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) at: SystemTime,
    pub(super) seen: Seen,
    /// What the checks say that lead to a recovery, by name.
    pub(super) checkups: Vec<(String, Checkup)>,
}

/// What a look saw of the VM itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Its state.
    State(VmState),
    /// Nothing: its process does not answer.
    Silence,
    /// Nothing, for a reason that says nothing about the VM.
    Nothing(String),
    /// That there is no such VM.
    Gone,
}

/// What is to be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing: it is well, or off as somebody wanted it, or cannot be told to be unwell.
    Rest,
    /// Nothing yet: something is wrong, but it is too early to act.
    Wait(Trouble),
    /// Nothing: something is wrong, and nothing may be done about it.
    Tell(Trouble),
    /// Bring it back.
    Recover(Trouble),
    /// Nothing any more; why.
    GiveUp(String),
}

/// A VM over the time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Course {
    /// When recoveries were begun, the oldest first.
    recoveries: Vec<SystemTime>,
    /// How many looks in a row found it unwell, by check.
    streaks: BTreeMap<String, u32>,
    /// Which checks found it well in this run.
    proven: Vec<String>,
    /// When this run was first seen.
    runs_since: Option<SystemTime>,
    /// How many looks in a row met silence.
    silences: u32,
    given_up: Option<String>,
}

impl Rules {
    pub(super) fn of(plan: &WatchPlan) -> Self {
        Self {
            policy: plan.policy,
            if_off: plan.if_off,
            limit: plan.max_recoveries,
            window: plan.window,
            failures: plan.failures,
            grace: plan.grace,
            pause: plan.interval,
        }
    }
}

impl Course {
    /// Begins with the recoveries that were begun before.
    pub(super) fn after(mut recoveries: Vec<SystemTime>) -> Self {
        recoveries.sort_unstable();
        Self { recoveries, ..Self::default() }
    }

    /// Takes in what a look saw, and decides.
    pub(super) fn decide(&mut self, rules: &Rules, look: &Look) -> Action {
        if let Some(why) = &self.given_up {
            return Action::GiveUp(why.clone());
        }
        let trouble = match self.examine(rules, look) {
            Examined::Well => return Action::Rest,
            Examined::Hopeless(why) => return self.give_up(why),
            Examined::Harmed(trouble) => trouble,
        };
        if rules.policy == RecoveryPolicy::None {
            return Action::Tell(trouble);
        }
        let recent = self.recent(rules, look.at);
        if rules.limit <= recent {
            let minutes = rules.window.as_secs().div_ceil(60);
            return self.give_up(format!(
                "{trouble}, after {recent} recoveries within {minutes} min (the most allowed)"
            ));
        }
        match self.recoveries.last() {
            Some(last) if recent > 0 && look.at < *last + pause(rules.pause, recent) => {
                Action::Wait(trouble)
            }
            Some(_) | None => Action::Recover(trouble),
        }
    }

    /// Notes that a recovery begins.
    pub(super) fn begin_recovery(&mut self, at: SystemTime) {
        self.recoveries.push(at);
        self.forget_run();
    }

    /// Gives up for good.
    pub(super) fn give_up(&mut self, why: String) -> Action {
        self.given_up = Some(why.clone());
        Action::GiveUp(why)
    }

    /// Returns how many recoveries were begun within the window that ends now.
    pub(super) fn recent(&self, rules: &Rules, now: SystemTime) -> usize {
        let is_recent = |at: &&SystemTime| **at + rules.window > now;
        self.recoveries.iter().filter(is_recent).count()
    }

    fn examine(&mut self, rules: &Rules, look: &Look) -> Examined {
        if look.seen != Seen::Silence {
            self.silences = 0;
        }
        let state = match &look.seen {
            Seen::State(state) => state,
            Seen::Silence => {
                self.silences = self.silences.saturating_add(1);
                let long = rules.failures <= self.silences;
                return if long { Examined::Harmed(Trouble::Silent) } else { Examined::Well };
            }
            Seen::Nothing(_) => return Examined::Well,
            Seen::Gone => return Examined::Hopeless("there is no such VM any more".to_owned()),
        };
        if *state == VmState::Running {
            return self.examine_running(rules, look);
        }
        if state.phase() != Phase::Live {
            self.forget_run();
        }
        match harm(state, rules.if_off) {
            Some(Trouble::Inaccessible) => Examined::Hopeless(Trouble::Inaccessible.to_string()),
            Some(trouble) => Examined::Harmed(trouble),
            None => Examined::Well,
        }
    }

    /// Counts what the checks say of a running VM. What was not well yet in this run is given time:
    /// a guest takes minutes to boot.
    fn examine_running(&mut self, rules: &Rules, look: &Look) -> Examined {
        let since = *self.runs_since.get_or_insert(look.at);
        let in_grace = look.at < since + rules.grace;
        let mut worst = None;
        for (check, found) in &look.checkups {
            let is_proven = self.proven.contains(check);
            match found.health {
                Health::Healthy => {
                    self.streaks.remove(check);
                    if !is_proven {
                        self.proven.push(check.clone());
                    }
                }
                Health::Unknown => {}
                Health::Unhealthy if in_grace && !is_proven => {}
                Health::Unhealthy => {
                    let streak = self.streaks.entry(check.clone()).or_default();
                    *streak = streak.saturating_add(1);
                    if rules.failures <= *streak {
                        worst.get_or_insert_with(|| Trouble::Unhealthy {
                            check: check.clone(),
                            evidence: found.evidence.clone(),
                        });
                    }
                }
            }
        }
        worst.map_or(Examined::Well, Examined::Harmed)
    }

    fn forget_run(&mut self) {
        self.streaks.clear();
        self.proven.clear();
        self.runs_since = None;
        self.silences = 0;
    }
}

enum Examined {
    Well,
    Harmed(Trouble),
    Hopeless(String),
}

/// Returns what is wrong with a VM that does not run, by its state alone. Who switches a VM off or
/// saves it wants it so.
pub(in super::super) fn harm(state: &VmState, if_off: IfOff) -> Option<Trouble> {
    let off = (if_off == IfOff::Start).then_some(Trouble::Off);
    match state {
        VmState::Aborted | VmState::AbortedSaved => Some(Trouble::Aborted),
        VmState::Stuck => Some(Trouble::Stuck),
        VmState::Inaccessible => Some(Trouble::Inaccessible),
        VmState::PoweredOff | VmState::Saved => off,
        // Moved to another host: it runs there.
        VmState::Teleported
        | VmState::Running
        | VmState::Paused
        | VmState::Teleporting
        | VmState::LiveSnapshotting
        | VmState::Starting
        | VmState::Stopping
        | VmState::Saving
        | VmState::Restoring
        | VmState::TeleportingPausedVm
        | VmState::TeleportingIn
        | VmState::DeletingSnapshotLive
        | VmState::DeletingSnapshotLivePaused
        | VmState::OnlineSnapshotting
        | VmState::RestoringSnapshot
        | VmState::DeletingSnapshot
        | VmState::SettingUp
        | VmState::Snapshotting
        | VmState::Unknown(_) => None,
    }
}

/// Returns how a VM is, from one look and nothing before it.
pub(super) fn standing(look: &Look, if_off: IfOff) -> Standing {
    let state = match &look.seen {
        Seen::State(state) => state,
        Seen::Silence => return Standing::Unwell(Trouble::Silent.to_string()),
        Seen::Nothing(why) => return Standing::Unwell(why.clone()),
        Seen::Gone => return Standing::Unwell("there is no such VM".to_owned()),
    };
    if let Some(trouble) = harm(state, if_off) {
        return Standing::Unwell(trouble.to_string());
    }
    if state.phase() == Phase::Offline {
        return Standing::Off;
    }
    let unwell = |(_, found): &&(String, Checkup)| found.health == Health::Unhealthy;
    match look.checkups.iter().find(unwell) {
        Some((check, found)) => Standing::Unwell(format!("{check}: {}", found.evidence)),
        None => Standing::Well,
    }
}

/// Returns how long is waited after the nth recovery within the window.
fn pause(first: Duration, nth: usize) -> Duration {
    let doublings = u32::try_from(nth.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    first.saturating_mul(2_u32.saturating_pow(doublings))
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
