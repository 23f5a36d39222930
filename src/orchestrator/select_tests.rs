use super::{nothing, pick, plain_names};
use crate::error::ErrorKind;
use crate::model::{NamePattern, VmId, VmRef, VmState, VmSummary};
use crate::request::{Named, Selection};

fn vm(name: &str, seed: u128, state: VmState, group: &str) -> VmSummary {
    VmSummary {
        name: name.into(),
        id: VmId::from_random(seed),
        state,
        os_type: None,
        cpus: None,
        memory: None,
        groups: vec![group.to_owned()],
    }
}

fn vms() -> Vec<VmSummary> {
    vec![
        vm("web-1", 1 << 100, VmState::Running, "/lab"),
        vm("web-2", 2 << 100, VmState::PoweredOff, "/lab/old"),
        vm("db", 3 << 100, VmState::Running, "/"),
        vm("[db]", 4 << 100, VmState::Saved, "/"),
    ]
}

fn named(words: &[&str]) -> Selection {
    let one = |word: &&str| match NamePattern::read(word) {
        Some(pattern) => Named::Like(pattern),
        None => Named::Vm(word.parse().unwrap()),
    };
    Selection { named: words.iter().map(one).collect(), ..Selection::default() }
}

fn picked(selection: &Selection) -> Vec<String> {
    pick(selection, &vms()).iter().map(ToString::to_string).collect()
}

#[test]
fn plain_names_need_no_list() {
    let names = |words: &[&str]| {
        plain_names(&named(words)).map(|vms| vms.iter().map(VmRef::to_string).collect::<Vec<_>>())
    };
    assert_eq!(names(&["web"]), Some(vec!["web".to_owned()]));
    assert_eq!(names(&["web", "srv", "web"]), Some(vec!["web".to_owned(), "srv".to_owned()]));
    assert_eq!(names(&["web-*"]), None);
    assert_eq!(names(&[]), None);
    // One of them could be the UUID of the other.
    assert_eq!(names(&["web", "12ab"]), None);
    assert_eq!(names(&["12ab"]), Some(vec!["12ab".to_owned()]));
    let filtered = Selection { states: vec![VmState::Running], ..named(&["web"]) };
    assert_eq!(plain_names(&filtered), None);
}

#[test]
fn each_vm_is_picked_once_in_the_order_of_the_names() {
    assert_eq!(picked(&named(&["db", "web-*", "web-1"])), ["db", "web-1", "web-2"]);
    assert_eq!(picked(&named(&["*"])), ["[db]", "db", "web-1", "web-2"]);
    assert_eq!(picked(&Selection::default()), ["[db]", "db", "web-1", "web-2"]);
    let by_id = vms()[0].id.to_string();
    assert_eq!(picked(&named(&["web-1", &by_id])), ["web-1"]);
    assert_eq!(picked(&named(&["web-1", &by_id[..8]])), ["web-1"]);
}

#[test]
fn numbers_in_names_count() {
    let vms: Vec<_> = ["vm-10", "vm-9", "vm", "vm-2b", "vm-2a", "a99999999999999999999999"]
        .iter()
        .zip(1..)
        .map(|(name, seed)| vm(name, seed << 100, VmState::Saved, "/"))
        .collect();
    let names = pick(&Selection::default(), &vms);
    let names: Vec<_> = names.iter().map(VmRef::as_str).collect();
    assert_eq!(names, ["a99999999999999999999999", "vm", "vm-2a", "vm-2b", "vm-9", "vm-10"]);
}

#[test]
fn a_name_that_means_none_keeps_its_place_for_others_to_tell() {
    assert_eq!(picked(&named(&["nosuch", "db", "nosuch"])), ["nosuch", "db"]);
    assert_eq!(picked(&named(&["no*such"])), Vec::<String>::new());
}

#[test]
fn a_vm_whose_name_is_the_pattern_is_meant_alone() {
    assert_eq!(picked(&named(&["[db]"])), ["[db]"]);
}

#[test]
fn groups_and_states_narrow_down() {
    let lab = Selection { groups: vec!["/lab".to_owned()], ..Selection::default() };
    assert_eq!(picked(&lab), ["web-1", "web-2"]);
    let running = Selection { states: vec![VmState::Running], ..lab };
    assert_eq!(picked(&running), ["web-1"]);
    let both = Selection { states: vec![VmState::Running], ..named(&["web-2", "db"]) };
    assert_eq!(picked(&both), ["db"]);
}

#[test]
fn a_name_that_says_nothing_gives_way_to_the_uuid() {
    let gone = vm("<inaccessible>", 5 << 100, VmState::Inaccessible, "/");
    let twin = vm("db", 6 << 100, VmState::Saved, "/");
    let vms = [vms(), vec![gone.clone(), twin.clone()]].concat();
    let picked = pick(&Selection::default(), &vms);
    for unclear in [gone.id, twin.id, vms[2].id] {
        assert!(picked.contains(&VmRef::from(unclear)), "{picked:?}");
    }
    assert_eq!(picked.len(), 6);
}

#[test]
fn an_empty_selection_says_why() {
    let error = nothing(&named(&["x*"]), &vms());
    assert_eq!((error.kind(), error.message()), (ErrorKind::VmNotFound, "no VM matches `x*`"));
    assert_eq!(nothing(&Selection::default(), &[]).message(), "there are no VMs");
    let paused = Selection { states: vec![VmState::Paused], ..Selection::default() };
    assert_eq!(nothing(&paused, &vms()).message(), "no VM is paused");
}
