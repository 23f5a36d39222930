use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;

use super::{Action, Course, Look, Rules, Seen, standing};
use crate::metrics::Checkup;
use crate::model::{Health, RecoveryPolicy, Trouble, VmState};
use crate::request::{IfOff, Standing};

const RULES: Rules = Rules {
    policy: RecoveryPolicy::Restart,
    if_off: IfOff::Leave,
    limit: 3,
    window: Duration::from_hours(1),
    failures: 3,
    grace: Duration::from_mins(5),
    pause: Duration::from_secs(10),
};

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn look(seconds: u64, state: VmState) -> Look {
    Look { at: at(seconds), seen: Seen::State(state), checkups: Vec::new() }
}

fn checked(seconds: u64, health: Health) -> Look {
    let checkup = Checkup { health, evidence: "no banner".into() };
    Look { checkups: vec![("ssh".into(), checkup)], ..look(seconds, VmState::Running) }
}

fn is_recovery(action: &Action) -> bool {
    matches!(action, Action::Recover(_))
}

#[test]
fn a_vm_that_died_is_brought_back_at_once() {
    let mut course = Course::default();
    assert_eq!(course.decide(&RULES, &look(0, VmState::Running)), Action::Rest);
    let died = course.decide(&RULES, &look(10, VmState::Aborted));
    assert_eq!(died, Action::Recover(Trouble::Aborted));
}

#[test]
fn a_vm_that_a_person_stopped_stays_off_unless_it_is_to_run() {
    let keep = Rules { if_off: IfOff::Start, ..RULES };
    for state in [VmState::PoweredOff, VmState::Saved] {
        assert_eq!(Course::default().decide(&RULES, &look(0, state.clone())), Action::Rest);
        let kept = Course::default().decide(&keep, &look(0, state.clone()));
        assert_eq!(kept, Action::Recover(Trouble::Off), "{state}");
    }
}

#[test]
fn pauses_grow_and_after_the_last_recovery_it_gives_up_for_good() {
    let mut course = Course::default();
    let mut begun = Vec::new();
    for second in 0..600 {
        match course.decide(&RULES, &look(second, VmState::Aborted)) {
            Action::Recover(_) => {
                course.begin_recovery(at(second));
                begun.push(second);
            }
            Action::GiveUp(why) => {
                assert_eq!(begun, [0, 10, 30], "{why}");
                assert!(why.contains("3 recoveries within 60 min"), "{why}");
                let later = course.decide(&RULES, &look(1_000_000, VmState::Running));
                assert!(matches!(later, Action::GiveUp(_)));
                return;
            }
            Action::Wait(_) | Action::Rest | Action::Tell(_) => {}
        }
    }
    panic!("it never gave up: {begun:?}");
}

#[test]
fn what_an_earlier_process_did_counts() {
    let mut course = Course::after(vec![at(30), at(10), at(20)]);
    let action = course.decide(&RULES, &look(100, VmState::Stuck));
    assert!(matches!(action, Action::GiveUp(_)), "{action:?}");
    let mut course = Course::after(vec![at(30), at(10), at(20)]);
    assert!(is_recovery(&course.decide(&RULES, &look(4000, VmState::Stuck))));
}

#[test]
fn a_guest_that_boots_is_given_time_and_one_that_was_well_is_not() {
    let mut course = Course::default();
    for second in [0, 100, 299] {
        assert_eq!(course.decide(&RULES, &checked(second, Health::Unhealthy)), Action::Rest);
    }
    let mut late = course.clone();
    let actions = [300, 310, 320].map(|s| late.decide(&RULES, &checked(s, Health::Unhealthy)));
    assert_eq!(actions.iter().filter(|it| is_recovery(it)).count(), 1);
    assert!(is_recovery(&actions[2]));

    assert_eq!(course.decide(&RULES, &checked(301, Health::Healthy)), Action::Rest);
    let actions = [302, 303, 304].map(|s| course.decide(&RULES, &checked(s, Health::Unhealthy)));
    assert_eq!(actions[1], Action::Rest);
    let Action::Recover(Trouble::Unhealthy { check, .. }) = &actions[2] else {
        panic!("{actions:?}")
    };
    assert_eq!(check, "ssh");
}

#[test]
fn after_a_recovery_the_guest_has_its_time_again() {
    let mut course = Course::default();
    course.decide(&RULES, &checked(0, Health::Healthy));
    course.begin_recovery(at(1000));
    for second in [1001, 1002, 1003, 1004, 1300] {
        let action = course.decide(&RULES, &checked(second, Health::Unhealthy));
        assert_eq!(action, Action::Rest, "{second}");
    }
}

#[test]
fn silence_must_last_and_what_cannot_be_read_for_other_reasons_is_no_harm() {
    let silent = |second| Look { at: at(second), seen: Seen::Silence, checkups: Vec::new() };
    let mut course = Course::default();
    let actions = [0, 1, 2].map(|second| course.decide(&RULES, &silent(second)));
    assert_eq!(actions, [Action::Rest, Action::Rest, Action::Recover(Trouble::Silent)]);
    let nothing = Look { seen: Seen::Nothing("the service starts".into()), ..silent(3) };
    assert_eq!(course.decide(&RULES, &nothing), Action::Rest);
}

#[test]
fn what_no_recovery_can_help_is_given_up_at_once() {
    for seen in [Seen::Gone, Seen::State(VmState::Inaccessible)] {
        let look = Look { at: at(0), seen, checkups: Vec::new() };
        assert!(matches!(Course::default().decide(&RULES, &look), Action::GiveUp(_)));
    }
}

#[test]
fn one_look_alone_tells_how_a_vm_is() {
    assert_eq!(standing(&checked(0, Health::Unknown), IfOff::Leave), Standing::Well);
    assert_eq!(standing(&look(0, VmState::PoweredOff), IfOff::Leave), Standing::Off);
    let unwell = standing(&checked(0, Health::Unhealthy), IfOff::Leave);
    assert_eq!(unwell, Standing::Unwell("ssh: no banner".into()));
    let off = standing(&look(0, VmState::Saved), IfOff::Start);
    assert!(matches!(off, Standing::Unwell(_)));
}

fn states() -> impl Strategy<Value = Seen> {
    let states = [
        VmState::Running,
        VmState::Paused,
        VmState::Starting,
        VmState::PoweredOff,
        VmState::Saved,
        VmState::Aborted,
        VmState::AbortedSaved,
        VmState::Stuck,
    ];
    prop_oneof![
        8 => prop::sample::select(states.to_vec()).prop_map(Seen::State),
        1 => Just(Seen::Silence),
        1 => Just(Seen::Nothing("busy".into())),
    ]
}

fn looks() -> impl Strategy<Value = Vec<(u64, Seen, Health)>> {
    let health = prop::sample::select(vec![Health::Healthy, Health::Unhealthy, Health::Unknown]);
    prop::collection::vec((0_u64..400, states(), health), 1..120)
}

fn rules() -> impl Strategy<Value = Rules> {
    let policies = prop::sample::select(RecoveryPolicy::ALL.to_vec());
    let if_off = prop::sample::select(vec![IfOff::Leave, IfOff::Start]);
    (policies, if_off, 1..5_usize, 1..4000_u64, 1..4_u32, 0..600_u64, 0..60_u64).prop_map(
        |(policy, if_off, limit, window, failures, grace, pause)| Rules {
            policy,
            if_off,
            limit,
            window: Duration::from_secs(window),
            failures,
            grace: Duration::from_secs(grace),
            pause: Duration::from_secs(pause),
        },
    )
}

proptest! {
    #[test]
    fn no_window_ever_holds_more_recoveries_than_allowed(rules in rules(), looks in looks()) {
        let (mut course, mut now, mut begun) = (Course::default(), 0, Vec::<u64>::new());
        for (pause, seen, health) in looks {
            now += pause;
            let look = Look { seen, ..checked(now, health) };
            if is_recovery(&course.decide(&rules, &look)) {
                course.begin_recovery(at(now));
                begun.push(now);
            }
        }
        let window = rules.window.as_secs();
        for last in &begun {
            let within = begun.iter().filter(|it| *it <= last && *last < *it + window).count();
            prop_assert!(within <= rules.limit, "{} of {} in {:?}", within, rules.limit, begun);
        }
        prop_assert!(rules.policy != RecoveryPolicy::None || begun.is_empty());
    }

    #[test]
    fn a_healthy_vm_is_never_touched(rules in rules(), pauses in prop::collection::vec(0_u64..4000, 1..80)) {
        let (mut course, mut now) = (Course::default(), 0);
        for pause in pauses {
            now += pause;
            prop_assert_eq!(course.decide(&rules, &checked(now, Health::Healthy)), Action::Rest);
        }
    }

    #[test]
    fn a_vm_that_is_off_on_purpose_is_never_started(rules in rules(), looks in looks()) {
        let rules = Rules { if_off: IfOff::Leave, ..rules };
        let (mut course, mut now) = (Course::default(), 0);
        for (pause, seen, health) in looks {
            now += pause;
            let is_off = [VmState::PoweredOff, VmState::Saved].map(Seen::State).contains(&seen);
            let action = course.decide(&rules, &Look { seen, ..checked(now, health) });
            prop_assert!(!(is_off && is_recovery(&action)), "{:?}", action);
        }
    }
}
