use std::time::Duration;

use proptest::prelude::*;

use super::{Course, Deed, Sighting};
use crate::model::{Frame, Size};
use crate::orchestrator::install::record::Prompt;
use crate::request::{InstallPhase, InstallWatch};

const WATCH: InstallWatch =
    InstallWatch { timeout: Duration::from_hours(1), stall: Duration::from_mins(10) };

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn picture(shade: u8) -> Option<Frame> {
    let size = Size { width: 8, height: 8 };
    Frame::new(size, vec![shade; 8 * 8 * 3])
}

fn seen(disk_mib: u64, resets: usize) -> Sighting {
    Sighting { screen: picture(0), disk: disk_mib * 1024 * 1024, resets, is_ready: false }
}

#[test]
fn phases_follow_what_is_seen() {
    let mut course = Course::new(Prompt::None, WATCH);
    assert_eq!(course.see(at(1), seen(2, 0)), Deed::Wait);
    assert_eq!(course.phase(), InstallPhase::Booting);
    // A reset before anything is written is no first boot.
    assert_eq!(course.see(at(2), seen(2, 1)), Deed::Wait);
    assert_eq!(course.phase(), InstallPhase::Booting);
    course.see(at(9), seen(9, 1));
    assert_eq!(course.phase(), InstallPhase::Installing);
    course.see(at(60), seen(9, 2));
    assert_eq!(course.phase(), InstallPhase::FirstBoot);
    let ready = Sighting { is_ready: true, ..seen(9, 2) };
    assert_eq!(course.see(at(90), ready), Deed::End);
    let told: Vec<(&str, u64)> =
        course.into_phases().iter().map(|(phase, at)| (phase.as_str(), at.as_secs())).collect();
    assert_eq!(told, [("booting", 0), ("installing", 9), ("first boot", 60), ("ready", 90)]);
}

#[test]
fn what_has_written_and_starts_anew_between_two_looks_is_at_its_first_boot() {
    let mut course = Course::new(Prompt::None, WATCH);
    course.see(at(1), seen(2, 0));
    course.see(at(9), seen(9, 1));
    assert_eq!(course.phase(), InstallPhase::FirstBoot);
    let told: Vec<&str> = course.into_phases().iter().map(|(phase, _)| phase.as_str()).collect();
    assert_eq!(told, ["booting", "installing", "first boot"]);
}

#[test]
fn a_medium_that_asks_for_a_key_gets_one_until_it_has_had_the_time_to_ask() {
    let mut course = Course::new(Prompt::AnyKey, WATCH);
    let dark = || Sighting { screen: None, ..seen(2, 0) };
    for second in 0..100 {
        assert_eq!(course.see(at(second), dark()), Deed::PressAnyKey, "firmware is slow");
        assert!(!course.may_be_ready(at(second)));
    }
    assert_eq!(course.see(at(100), seen(2, 0)), Deed::PressAnyKey);
    assert_eq!(course.see(at(129), seen(2, 0)), Deed::PressAnyKey);
    assert_eq!(course.see(at(130), seen(2, 0)), Deed::Wait);
    assert!(course.may_be_ready(at(130)));
    let mut course = Course::new(Prompt::AnyKey, WATCH);
    course.see(at(0), seen(2, 0));
    assert_eq!(course.see(at(1), seen(20, 0)), Deed::Wait, "an installer that writes has begun");
}

#[test]
fn lines_are_typed_one_after_the_other_when_the_screen_stands_still() {
    let lines = ["root", "install"].map(str::to_owned).to_vec();
    let mut course = Course::new(Prompt::Lines(lines), WATCH);
    let shows = |shade| Sighting { screen: picture(shade), ..seen(2, 0) };
    assert_eq!(course.see(at(1), shows(1)), Deed::Wait);
    assert_eq!(course.see(at(5), shows(200)), Deed::Wait, "it still boots");
    assert_eq!(course.see(at(13), shows(200)), Deed::Type("root".to_owned()));
    assert_eq!(course.see(at(14), shows(200)), Deed::Wait);
    assert_eq!(course.see(at(21), shows(200)), Deed::Type("install".to_owned()));
    assert_eq!(course.see(at(60), shows(200)), Deed::Wait);
}

#[test]
fn what_shows_nothing_new_for_too_long_is_given_up() {
    let mut course = Course::new(Prompt::None, WATCH);
    course.see(at(1), seen(2, 0));
    assert_eq!(course.see(at(600), seen(2, 0)), Deed::Wait);
    assert_eq!(course.see(at(601), seen(2, 0)), Deed::GiveUp);
    assert!(!course.is_late(at(601)));
    let mut course = Course::new(Prompt::None, WATCH);
    for (minute, disk) in (0..60).zip(2..) {
        assert_eq!(course.see(at(minute * 60), seen(disk, 0)), Deed::Wait, "its disk grows");
    }
    assert_eq!(course.see(at(3600), seen(99, 0)), Deed::GiveUp);
    assert!(course.is_late(at(3600)));
}

proptest! {
    #[test]
    fn phases_never_go_back(steps in prop::collection::vec((0u64..40, 0usize..4, any::<bool>()), 1..40)) {
        let mut course = Course::new(Prompt::None, WATCH);
        let mut before = course.phase();
        for (second, (disk, resets, is_ready)) in (0..).zip(steps) {
            let deed = course.see(at(second), Sighting { is_ready, ..seen(disk, resets) });
            prop_assert!(before <= course.phase());
            before = course.phase();
            if deed == Deed::End { break; }
        }
    }
}
