use proptest::prelude::*;

use super::{heartbeat, noted_error, traces};
use crate::hypervisor::Heartbeat;
use crate::model::ClueKind;

/// Includes an excerpt of a real log.
macro_rules! log {
    ($name:literal) => {
        include_str!(concat!(
            "../../../../tests/fixtures/virtualbox/7.2/",
            $name,
            ".vbox-log.stdout"
        ))
    };
}

fn kinds(log: &str) -> Vec<ClueKind> {
    traces(log).clues.iter().map(|clue| clue.kind).collect()
}

#[test]
fn every_way_in_which_a_saved_state_is_unreadable_is_known_by_its_log() {
    for log in [
        log!("startvm-state-cut"),
        log!("startvm-state-zeros"),
        log!("startvm-state-gone"),
        log!("startvm-state-flipped"),
    ] {
        assert!(kinds(log).contains(&ClueKind::SavedState), "{log}");
        assert!(noted_error(log).unwrap().code.is_some(), "{log}");
    }
    let cut = noted_error(log!("startvm-state-cut")).unwrap();
    assert_eq!(cut.code, Some(0x80bb_0004));
    assert!(cut.text.starts_with("The saved state file '"), "{cut:?}");
    assert!(cut.text.ends_with("try again"), "{cut:?}");
}

#[test]
fn a_guru_meditation_is_named_and_is_no_process_that_ended() {
    let found = traces(log!("stuck"));
    let [clue] = found.clues.as_slice() else { panic!("{found:?}") };
    assert_eq!(clue.kind, ClueKind::GuruMeditation);
    assert_eq!(clue.message, "VCPU0: Guru Meditation 1155 (VINF_EM_TRIPLE_FAULT)");
}

#[test]
fn the_log_of_a_killed_process_breaks_off() {
    let found = traces(log!("harmed-killed"));
    assert_eq!(found.clues[0].kind, ClueKind::ProcessEnded, "{found:?}");
    assert_eq!(found.last_lines.len(), 5);
    let ended = "00:00:01.403922 Console: Machine state changed to 'PoweredOff'\n\
                 00:00:01.411291 VBoxHeadless: exiting\n";
    assert_eq!(traces(ended).clues, []);
    assert_eq!(traces("").clues, []);
}

#[test]
fn a_full_disk_is_told_from_other_errors_while_it_ran() {
    let full = "00:01:00.1 Console: VM runtime error: fatal=false, errorID=DrvVD_DISKFULL \
                message=\"Host system reported disk full\"\n";
    assert!(kinds(full).contains(&ClueKind::DiskFull));
    assert!(kinds(&full.replace("DrvVD_DISKFULL", "VMBootFail")).contains(&ClueKind::Runtime));
}

#[test]
fn the_last_word_about_the_heartbeat_counts() {
    let beats = log!("heartbeat");
    assert_eq!(heartbeat(beats), Heartbeat::Beats);
    let stopped = format!(
        "{beats}00:02:46.795845 VMMDev: vmmDevHeartbeatFlatlinedTimer: Guest seems to be \
         unresponsive. Last heartbeat received 4 seconds ago\n"
    );
    assert_eq!(heartbeat(&stopped), Heartbeat::Stopped);
    assert_eq!(heartbeat(&format!("{stopped}{beats}")), Heartbeat::Beats);
    assert_eq!(heartbeat(log!("stuck")), Heartbeat::None);
}

proptest! {
    #[test]
    fn no_log_makes_it_panic(
        log in "(00:00:0[0-9]\\.1 (ERROR \\[COM\\]: aRC=|X \\(0x|aIID=|aText=\\{|VMMDev: |\\PC|\n))*"
    ) {
        let _unused = (traces(&log), heartbeat(&log), noted_error(&log));
    }
}
