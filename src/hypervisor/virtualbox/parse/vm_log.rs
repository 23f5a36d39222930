use crate::model::Phase;
use crate::model::VmState;

/// What a log line says when the VM's state has changed (in English in every language).
const CHANGED: &str = "Console: Machine state changed to '";

/// Returns the last state that the end of a `VBox.log` tells of, if a VM whose process lives can
/// be in it.
pub(in super::super) fn live_state(log: &str) -> Option<VmState> {
    let (_, rest) = log.rsplit_once(CHANGED)?;
    let (word, _) = rest.split_once('\'')?;
    let state: VmState = word.to_lowercase().parse().ok()?;
    let is_live = match state.phase() {
        Phase::Live | Phase::Changing => true,
        Phase::Broken => state == VmState::Stuck,
        Phase::Offline => false,
    };
    is_live.then_some(state)
}

/// What a log line says when the VM is reset, be it by its guest (in English in every language).
const RESET: &str = "Changing the VM state from 'RUNNING' to 'RESETTING'";

/// Returns how often a VM was reset since its power-on.
pub(in super::super) fn resets(log: &str) -> usize {
    log.matches(RESET).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{live_state, resets};
    use crate::model::VmState;

    #[test]
    fn the_last_change_counts() {
        let log = "00:00:00.348802 Console: Machine state changed to 'Running'\n\
                   00:00:01.393472 Changing the VM state from 'SUSPENDING' to 'SUSPENDED'\n\
                   00:00:01.393477 Console: Machine state changed to 'Paused'\n00:00:02 more\n";
        assert_eq!(live_state(log), Some(VmState::Paused));
        let stuck = log.replace("Paused", "Stuck");
        assert_eq!(live_state(&stuck), Some(VmState::Stuck));
        assert_eq!(
            live_state(&log.replace("Paused", "OnlineSnapshotting")),
            Some(VmState::OnlineSnapshotting)
        );
    }

    #[test]
    fn a_state_without_a_process_or_without_a_name_is_no_live_one() {
        for word in ["PoweredOff", "Saved", "Aborted", "Dreaming", ""] {
            assert_eq!(live_state(&format!("Console: Machine state changed to '{word}'")), None);
        }
        assert_eq!(live_state("Console: Machine state changed to 'Pau"), None);
    }

    #[test]
    fn resets_are_counted_and_nothing_else_is() {
        // Recorded from 7.2.22, when a guest restarted itself.
        let log = "00:00:00.348802 Changing the VM state from 'CREATED' to 'POWERING_ON'\n\
                   00:01:04.876756 Changing the VM state from 'RUNNING' to 'RESETTING'\n\
                   00:01:05.183055 Changing the VM state from 'RESETTING' to 'RUNNING'\n";
        assert_eq!(resets(log), 1);
        assert_eq!(resets(&log.repeat(2)), 2);
        assert_eq!(resets(""), 0);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(Console: Machine state changed to '|\\PC)*") {
            let _unused = live_state(&text);
        }
    }
}
