use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{AndThen, Course, Plan, Seen, Step, Stopping, Takedown, Until, World, down, up};
use crate::fleet::file::testing::fleet;
use crate::fleet::{Condition, Fleet, Problem};
use crate::model::VmState;

const OFF: Takedown = Takedown { stopping: Stopping::Force, then: AndThen::Keep };
const AWAY: Takedown = Takedown { stopping: Stopping::Force, then: AndThen::Delete };

fn seen(state: VmState) -> Seen {
    Seen {
        state,
        snapshots: Vec::new(),
        ready: Vec::new(),
        forwards: Vec::new(),
        drift: Vec::new(),
    }
}

fn all(fleet: &Fleet) -> Vec<usize> {
    (0..fleet.members().len()).collect()
}

fn up_all(fleet: &Fleet, world: &World) -> Result<Plan, Vec<Problem>> {
    up(fleet, &all(fleet), world)
}

fn told(plan: &Plan) -> Vec<String> {
    plan.steps().map(|(nth, step)| format!("{}: {step}", plan.vms[nth].vm)).collect()
}

/// What the hypervisor would do; it refuses what the real one refuses.
fn take(world: &mut World, vm: &str, step: &Step) {
    match step {
        Step::Create | Step::Template(_) => {
            assert!(world.insert(vm.to_owned(), seen(VmState::PoweredOff)).is_none(), "{vm} twice");
        }
        Step::Copy(copying) => {
            let original = world.get(copying.source.as_str()).expect("an original");
            let snapshot = copying.snapshot.as_ref().map(ToString::to_string);
            assert!(snapshot.is_none_or(|it| original.snapshots.contains(&it)), "no snapshot");
            assert!(world.insert(vm.to_owned(), seen(VmState::PoweredOff)).is_none(), "{vm} twice");
        }
        Step::Restore(snapshot) => {
            let vm = world.get_mut(vm).expect("a VM");
            assert!(!vm.is_on() && vm.snapshots.contains(&snapshot.to_string()));
            vm.state = VmState::PoweredOff;
        }
        Step::Start(_) => {
            let vm = world.get_mut(vm).expect("a VM");
            vm.state = VmState::Running;
            vm.ready.clear();
        }
        Step::Wait(condition) => {
            let vm = world.get_mut(vm).expect("a VM");
            assert_eq!(vm.state, VmState::Running, "waits for a VM that is off");
            vm.ready.push(*condition);
        }
        Step::Stop(_) => {
            let vm = world.get_mut(vm).expect("a VM");
            assert!(vm.is_on());
            vm.state = VmState::PoweredOff;
            vm.ready.clear();
        }
        Step::Delete => {
            assert!(!world.remove(vm).expect("a VM").is_on(), "{vm} is on");
        }
    }
}

#[test]
fn what_is_missing_is_made_started_and_waited_for_and_the_rest_left_alone() {
    let fleet = fleet(
        r#"{"vms": {"client": {"count": 2, "from": "base", "depends_on": {"dc": "ssh"}},
            "dc": {"wait": "additions"}, "base": {"start": false}}}"#,
    );
    let fresh = told(&up_all(&fleet, &World::new()).expect("a plan"));
    let expected = [
        "base: create",
        "dc: create",
        "dc: start",
        "dc: wait for ssh",
        "dc: wait for additions",
        "client-1: linked clone of `base`",
        "client-1: start",
        "client-2: linked clone of `base`",
        "client-2: start",
    ];
    let mut sorted = fresh.clone();
    sorted.sort();
    let mut expected: Vec<String> = expected.map(ToOwned::to_owned).to_vec();
    expected.sort();
    assert_eq!(sorted, expected);
    let mut dc = seen(VmState::Running);
    dc.ready = vec![Condition::Ssh];
    let world = BTreeMap::from([
        ("base".to_owned(), seen(VmState::PoweredOff)),
        ("dc".to_owned(), dc),
        ("client-1".to_owned(), seen(VmState::Paused)),
        ("client-2".to_owned(), seen(VmState::Running)),
        ("stranger".to_owned(), seen(VmState::Running)),
    ]);
    let plan = up_all(&fleet, &world).expect("a plan");
    assert_eq!(told(&plan), ["dc: wait for additions", "client-1: start"]);
    let steps = told(&down(&fleet, &all(&fleet), &world, AWAY));
    let expected = [
        "client-2: power off",
        "client-2: delete",
        "client-1: power off",
        "client-1: delete",
        "dc: power off",
        "dc: delete",
        "base: delete",
    ];
    assert_eq!(steps.len(), expected.len(), "{steps:?}");
    assert!(expected.iter().all(|step| steps.iter().any(|it| it == step)), "{steps:?}");
}

#[test]
fn a_vm_goes_back_to_its_snapshot_before_it_is_started_from_off_only() {
    let fleet = fleet(r#"{"vms": {"web": {"start_from": "clean"}}}"#);
    let steps = |state: VmState, snapshots: &[&str]| {
        let snapshots = snapshots.iter().map(ToString::to_string).collect();
        let world = BTreeMap::from([("web".to_owned(), Seen { snapshots, ..seen(state) })]);
        told(&up_all(&fleet, &world).expect("a plan"))
    };
    assert_eq!(steps(VmState::PoweredOff, &["clean"]), ["web: restore `clean`", "web: start"]);
    assert_eq!(steps(VmState::Saved, &["clean"]), ["web: restore `clean`", "web: start"]);
    assert_eq!(steps(VmState::PoweredOff, &["other"]), ["web: start"]);
    assert_eq!(steps(VmState::Paused, &["clean"]), ["web: start"]);
    assert!(steps(VmState::Running, &["clean"]).is_empty());
}

#[test]
fn a_copy_without_its_original_is_refused_before_anything_is_done() {
    let fleet = fleet(
        r#"{"vms": {"a": {"from": "golden"}, "b": {"from": "silver", "from_snapshot": "s"},
            "c": {"from": "base", "from_snapshot": "s"}, "base": {"start": false}}}"#,
    );
    let mut world = World::from([("silver".to_owned(), seen(VmState::PoweredOff))]);
    let problems = up_all(&fleet, &world).expect_err("impossible");
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        "`vms.a.from`: there is no VM `golden`",
        "`vms.b.from_snapshot`: `silver` has no snapshot `s`",
        "`vms.c.from_snapshot`: `base` is not there yet, and so has no snapshot `s`",
    ];
    assert!(expected.iter().all(|it| problems.iter().any(|p| p == it)), "{problems:?}");
    for name in ["a", "b", "c"] {
        world.insert(name.to_owned(), seen(VmState::Running));
    }
    assert_eq!(told(&up_all(&fleet, &world).expect("copies are there")), ["base: create"]);
}

/// Of a VM of a made-up file: its kind, what it needs, its count.
type Said = (u8, Vec<(usize, usize)>, u8);

/// Of a VM that is found: its state, whether it has a snapshot, what it is ready for.
type Found = Option<(usize, bool, Vec<usize>)>;

/// Says a file of some VMs, each depending on earlier ones.
fn text(vms: &[Said]) -> String {
    let mut said = serde_json::Map::new();
    for (nth, (kind, needs, count)) in vms.iter().enumerate() {
        let mut vm = serde_json::Map::new();
        match kind {
            0 => drop(vm.insert("start".into(), false.into())),
            1 => drop(vm.insert("wait".into(), "additions".into())),
            2 => drop(vm.insert("start_from".into(), "clean".into())),
            _ => {}
        }
        let mut depends_on = serde_json::Map::new();
        for (on, until) in needs.iter().filter(|(on, _)| *on < nth) {
            let until = if vms[*on].0 == 0 { 0 } else { *until };
            depends_on.insert(format!("v{on}"), Condition::ALL[until].as_str().into());
            if vms[*on].0 == 0 && vms[*on].2 == 0 && *kind == 3 {
                vm.insert("from".into(), format!("v{on}").into());
            }
        }
        vm.insert("depends_on".into(), depends_on.into());
        if 0 < *count {
            vm.insert("count".into(), (*count).into());
        }
        said.insert(format!("v{nth}"), vm.into());
    }
    serde_json::json!({ "vms": said }).to_string()
}

prop_compose! {
    fn fleets()(
        vms in prop::collection::vec(
            (0u8..5, prop::collection::vec((0usize..6, 0usize..5), 0..3), 0u8..3), 1..6),
    ) -> Fleet {
        fleet(&text(&vms))
    }
}

/// Some of the VMs, in any state in which they may be found.
fn worlds() -> impl Strategy<Value = Vec<Found>> {
    let one = (0usize..5, any::<bool>(), prop::collection::vec(2usize..5, 0..3));
    prop::collection::vec(prop::option::of(one), 18)
}

fn world(fleet: &Fleet, found: &[Found]) -> World {
    const STATES: [VmState; 5] =
        [VmState::PoweredOff, VmState::Running, VmState::Paused, VmState::Saved, VmState::Aborted];
    let one = |(member, found): (&crate::fleet::Member, &Found)| {
        let (state, has_snapshot, ready) = found.as_ref()?;
        let seen = Seen {
            snapshots: has_snapshot.then(|| "clean".to_owned()).into_iter().collect(),
            ready: ready.iter().map(|it| Condition::ALL[*it]).collect(),
            ..seen(STATES[*state].clone())
        };
        Some((member.name.to_string(), seen))
    };
    fleet.members().iter().zip(found).filter_map(one).collect()
}

fn holds(world: &World, vm: &str, until: Condition) -> bool {
    world.get(vm).is_some_and(|it| it.holds().contains(&until))
}

/// Takes steps of a plan one by one and checks before each what it waits for.
fn follow(
    fleet: &Fleet,
    plan: &Plan,
    steps: usize,
    world: &mut World,
) -> Result<(), TestCaseError> {
    for (nth, step) in plan.steps().take(steps) {
        let vm = &plan.vms[nth];
        for need in &fleet.members()[vm.member].needs {
            let other = fleet.members()[need.member].name.as_str();
            prop_assert!(holds(world, other, need.until), "{} before {other}", vm.vm);
        }
        take(world, &vm.vm, step);
    }
    Ok(())
}

proptest! {
    #[test]
    fn up_converges_in_one_pass_with_what_is_needed_first(fleet in fleets(), found in worlds()) {
        let mut world = world(&fleet, &found);
        let plan = up_all(&fleet, &world).expect("a plan");
        follow(&fleet, &plan, usize::MAX, &mut world)?;
        prop_assert!(up_all(&fleet, &world).expect("a plan").is_empty());
        for member in fleet.members() {
            let name = member.name.as_str();
            prop_assert!(world.contains_key(name));
            prop_assert!(member.start.is_none() || holds(&world, name, Condition::Running));
            prop_assert!(member.wait.is_none_or(|wait| holds(&world, name, wait)));
        }
    }

    #[test]
    fn up_converges_after_an_interruption_anywhere(
        fleet in fleets(), found in worlds(), steps in 0usize..30,
    ) {
        let mut world = world(&fleet, &found);
        follow(&fleet, &up_all(&fleet, &world).expect("a plan"), steps, &mut world)?;
        let rest = up_all(&fleet, &world).expect("a plan");
        follow(&fleet, &rest, usize::MAX, &mut world)?;
        prop_assert!(up_all(&fleet, &world).expect("a plan").is_empty());
    }

    #[test]
    fn down_leaves_nothing_on_and_what_depends_goes_first(
        fleet in fleets(), found in worlds(), steps in 0usize..30, delete in any::<bool>(),
    ) {
        let mut world = world(&fleet, &found);
        world.insert("stranger".to_owned(), seen(VmState::Running));
        let takedown = if delete { AWAY } else { OFF };
        for steps in [steps, usize::MAX] {
            let plan = down(&fleet, &all(&fleet), &world, takedown);
            for (nth, step) in plan.steps().take(steps) {
                let vm = &plan.vms[nth];
                for other in fleet.members() {
                    let depends = other.needs.iter().any(|need| need.member == vm.member);
                    let is_on = world.get(other.name.as_str()).is_some_and(Seen::is_on);
                    prop_assert!(!depends || !is_on, "{} before {}", vm.vm, other.name);
                }
                take(&mut world, &vm.vm, step);
            }
        }
        prop_assert!(down(&fleet, &all(&fleet), &world, takedown).is_empty());
        let left: Vec<_> = world.iter().filter(|(_, vm)| delete || vm.is_on()).collect();
        prop_assert_eq!(left.len(), 1, "{:?}", left);
        prop_assert_eq!(&world["stranger"].state, &VmState::Running);
    }

    /// VMs are worked off side by side, in whatever order steps end, and some fail.
    #[test]
    fn side_by_side_nothing_is_begun_too_early_or_forgotten(
        fleet in fleets(), found in worlds(), picks in prop::collection::vec(0usize..100, 100),
        unlucky in prop::collection::vec(0usize..100, 0..2), width in 1usize..4,
    ) {
        let mut world = world(&fleet, &found);
        let plan = up_all(&fleet, &world).expect("a plan");
        let mut course = Course::new(&plan);
        let (mut under_way, mut settled): (Vec<(usize, usize)>, Vec<usize>) = Default::default();
        let mut picks = picks.into_iter().cycle().enumerate();
        loop {
            while under_way.len() < width && let Some(nth) = course.begin_next() {
                for need in &fleet.members()[plan.vms[nth].member].needs {
                    let other = fleet.members()[need.member].name.as_str();
                    prop_assert!(holds(&world, other, need.until));
                }
                under_way.push((nth, 0));
            }
            if under_way.is_empty() {
                break;
            }
            let (turn, pick) = picks.next().expect("endless");
            let place = pick % under_way.len();
            let (nth, done) = under_way[place];
            match plan.vms[nth].steps.get(done) {
                Some(_) if unlucky.contains(&turn) => {
                    course.failed(nth);
                    under_way.remove(place);
                    settled.push(nth);
                }
                Some(step) => {
                    take(&mut world, &plan.vms[nth].vm, step);
                    course.step_done(nth);
                    under_way[place].1 += 1;
                }
                None => {
                    course.ended(nth);
                    under_way.remove(place);
                    settled.push(nth);
                }
            }
        }
        for nth in 0..plan.vms.len() {
            let left_out = course.left_out_by(nth);
            prop_assert_ne!(left_out.is_some(), settled.contains(&nth));
            prop_assert!(left_out.is_none_or(|culprit| settled.contains(&culprit)));
        }
    }
}

#[test]
fn who_waits_for_one_that_failed_is_left_out_unless_it_came_far_enough() {
    let fleet = fleet(
        r#"{"vms": {"dc": {"wait": "additions"}, "early": {"depends_on": ["dc"]},
            "late": {"depends_on": {"dc": "additions"}}, "last": {"depends_on": ["late"]},
            "other": {}}}"#,
    );
    let plan = up_all(&fleet, &World::new()).expect("a plan");
    let names: Vec<&str> = plan.vms.iter().map(|vm| vm.vm.as_str()).collect();
    assert_eq!(names, ["dc", "early", "late", "last", "other"]);
    assert_eq!(plan.vms[2].after, [(0, Until::Holds(Condition::Additions))]);
    let mut course = Course::new(&plan);
    assert_eq!((course.begin_next(), course.begin_next()), (Some(0), Some(4)));
    course.step_done(0);
    assert_eq!(course.begin_next(), None, "`dc` is only made");
    course.step_done(0);
    course.failed(0);
    assert_eq!(course.begin_next(), Some(1), "`dc` runs, whatever else it is not");
    assert_eq!(course.begin_next(), None);
    assert_eq!((course.left_out_by(2), course.left_out_by(3)), (Some(0), Some(0)));
    assert_eq!((course.left_out_by(1), course.left_out_by(4)), (None, None));
}
