//! The steps from harm to a VM that runs. Pure.

use crate::model::{Phase, RecoveryPolicy, Trouble, VmState};
use crate::request::RecoveryStep;

/// Returns what is to be done about a VM in this state; nothing if it is well.
pub(super) fn steps(
    state: Option<&VmState>,
    trouble: Option<&Trouble>,
    policy: RecoveryPolicy,
) -> Vec<RecoveryStep> {
    let Some(trouble) = trouble else { return Vec::new() };
    let mut steps = Vec::new();
    match trouble {
        Trouble::Stuck | Trouble::Silent => steps.push(RecoveryStep::EmergencyStop),
        // A guest that is not well cannot be trusted to hear its power button.
        Trouble::Unhealthy { .. } if state.is_some_and(|it| it.phase() == Phase::Live) => {
            steps.push(RecoveryStep::PowerOff);
        }
        Trouble::Unhealthy { .. } | Trouble::Aborted => {}
        // Nothing happened to what is on its disks.
        Trouble::Off if policy == RecoveryPolicy::None => {}
        Trouble::Off => return vec![RecoveryStep::Start],
        Trouble::SavedStateUnreadable => {
            if policy == RecoveryPolicy::Restart {
                steps.push(RecoveryStep::DiscardSavedState);
            }
        }
        Trouble::Inaccessible => return Vec::new(),
    }
    match policy {
        RecoveryPolicy::None => return Vec::new(),
        RecoveryPolicy::Restart => {}
        RecoveryPolicy::RestoreSnapshot => steps.push(RecoveryStep::RestoreSnapshot),
    }
    steps.push(RecoveryStep::Start);
    steps
}

#[cfg(test)]
mod tests {
    use super::steps;
    use crate::model::{RecoveryPolicy, Trouble, VmState};
    use crate::request::RecoveryStep::{
        DiscardSavedState, EmergencyStop, PowerOff, RestoreSnapshot, Start,
    };

    fn restart(state: &VmState, trouble: &Trouble) -> Vec<crate::request::RecoveryStep> {
        steps(Some(state), Some(trouble), RecoveryPolicy::Restart)
    }

    #[test]
    fn what_is_well_or_must_not_be_touched_needs_no_step() {
        assert_eq!(steps(Some(&VmState::Running), None, RecoveryPolicy::Restart), []);
        assert_eq!(
            steps(Some(&VmState::Aborted), Some(&Trouble::Aborted), RecoveryPolicy::None),
            []
        );
        assert_eq!(restart(&VmState::Inaccessible, &Trouble::Inaccessible), []);
    }

    #[test]
    fn every_kind_of_harm_has_its_way_back() {
        let unhealthy = Trouble::Unhealthy { check: "ssh".into(), evidence: "none".into() };
        assert_eq!(restart(&VmState::Aborted, &Trouble::Aborted), [Start]);
        assert_eq!(
            steps(Some(&VmState::PoweredOff), Some(&Trouble::Off), RecoveryPolicy::RestoreSnapshot),
            [Start]
        );
        assert_eq!(restart(&VmState::Stuck, &Trouble::Stuck), [EmergencyStop, Start]);
        assert_eq!(restart(&VmState::Running, &unhealthy), [PowerOff, Start]);
        assert_eq!(restart(&VmState::PoweredOff, &unhealthy), [Start]);
        assert_eq!(
            restart(&VmState::Saved, &Trouble::SavedStateUnreadable),
            [DiscardSavedState, Start]
        );
        assert_eq!(
            steps(None, Some(&Trouble::Silent), RecoveryPolicy::RestoreSnapshot),
            [EmergencyStop, RestoreSnapshot, Start]
        );
        // Restoring a snapshot takes the saved state away itself (seen on 7.2.22).
        assert_eq!(
            steps(
                Some(&VmState::AbortedSaved),
                Some(&Trouble::SavedStateUnreadable),
                RecoveryPolicy::RestoreSnapshot
            ),
            [RestoreSnapshot, Start]
        );
    }
}
