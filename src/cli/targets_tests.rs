use clap::Parser;

use super::{Aim, Party, Targets};
use crate::cli::testing::given;
use crate::error::{Error, ErrorKind};
use crate::model::VmState;
use crate::request::{Named, OnFailure, Selection};

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    targets: Targets,
}

fn targets(line: &str) -> Targets {
    let words = ["program"].into_iter().chain(line.split_whitespace());
    Line::try_parse_from(words).expect(line).targets
}

fn aim_with(line: &str, stdin: &str) -> Result<Aim, Error> {
    targets(line).aim(&given(), || Ok(stdin.to_owned()))
}

fn aim(line: &str) -> Aim {
    let read_for_nothing = || -> Result<String, Error> { panic!("`{line}` reads") };
    targets(line).aim(&given(), read_for_nothing).expect(line)
}

fn several(line: &str) -> Selection {
    match aim(line) {
        Aim::Several(selection) => selection,
        Aim::One(vm) => panic!("`{line}` is only {vm}"),
    }
}

fn names(selection: &Selection) -> Vec<String> {
    let name = |named: &Named| match named {
        Named::Vm(vm) => vm.to_string(),
        Named::Like(pattern) => format!("like {pattern}"),
    };
    selection.named.iter().map(name).collect()
}

#[test]
fn one_plain_name_is_one_vm_however_it_is_said() {
    let web = Aim::One("web".parse().unwrap());
    for line in ["web", "--name web", "web --name web", "--vm web", "web web"] {
        assert_eq!(aim(line), web, "{line}");
    }
    let mut given = given();
    given.default_vm = Some("web".to_owned());
    let nothing = Targets::default();
    assert_eq!(nothing.aim(&given, || Ok(String::new())).unwrap(), web);
}

#[test]
fn names_and_patterns_keep_their_order() {
    assert_eq!(names(&several("b a")), ["b", "a"]);
    assert_eq!(names(&several("b --name a --name c")), ["b", "a", "c"]);
    assert_eq!(names(&several("test-* web")), ["like test-*", "web"]);
    assert_eq!(names(&several("test-*")), ["like test-*"]);
}

#[test]
fn everything_a_group_and_a_state_need_no_name() {
    assert_eq!(several("--all"), Selection::default());
    let narrowed = several("--group lab --group /a/b --state running,paused --state saved");
    assert_eq!(narrowed.groups, ["/lab", "/a/b"]);
    assert_eq!(narrowed.states, [VmState::Running, VmState::Paused, VmState::Saved]);
    assert!(narrowed.named.is_empty());
    assert_eq!(names(&several("web --state running")), ["web"], "it may be left out");
}

#[test]
fn a_default_vm_gives_way_to_what_is_said() {
    let mut given = given();
    given.default_vm = Some("web".to_owned());
    let all = targets("--all").aim(&given, || Ok(String::new())).unwrap();
    assert_eq!(all, Aim::Several(Selection::default()));
}

#[test]
fn names_on_standard_input_are_names_and_never_patterns() {
    let Ok(Aim::Several(read)) = aim_with("first - last", "one\n\ntwo words\r\n[x]*\n") else {
        panic!("several")
    };
    assert_eq!(names(&read), ["first", "one", "two words", "[x]*", "last"]);
    let Ok(Aim::Several(one)) = aim_with("-", "web\n") else { panic!("a batch of one") };
    assert_eq!(names(&one), ["web"]);
    let none = aim_with("-", "\n \n").unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
    assert_eq!(none.kind().exit_code(), 3);
    assert!(aim_with("-", "--help\n").is_err(), "an option is no name");
}

#[test]
fn contradictions_and_strangers_are_refused() {
    assert_eq!(aim_with("--all web", "").unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(aim_with("", "").unwrap_err().message(), "no VM is named");
    for line in ["--state upside-down", "--group a,b", "--parallel 0", "--parallel x"] {
        let words = ["program"].into_iter().chain(line.split_whitespace());
        assert!(Line::try_parse_from(words).is_err(), "{line}");
    }
}

#[test]
fn the_pace_is_as_it_was_said() {
    let pace = targets("--all --parallel 3 --fail-fast").several.pace.pace();
    assert_eq!(pace.parallel.map(std::num::NonZeroUsize::get), Some(3));
    assert_eq!(pace.on_failure, OnFailure::Stop);
    let usual = targets("--all").several.pace.pace();
    assert_eq!((usual.parallel, usual.on_failure), (None, OnFailure::GoOn));
}

#[test]
fn the_last_word_is_the_other_one_unless_a_flag_says_it() {
    let flag = "s".to_owned();
    let settle = |line: &str, other: Option<&String>, default_vm: Option<&str>| {
        let mut given = given();
        given.default_vm = default_vm.map(str::to_owned);
        let targets = targets(line);
        let party = Party { targets: &targets, other, what: "snapshot", missing: "name it" };
        let settled = party.settle(&given).map_err(|e| e.to_string());
        settled.map(|(targets, word)| ([targets.words, targets.flags].concat().join(" "), word))
    };
    let ok = |names: &str| Ok((names.to_owned(), "s".to_owned()));
    assert_eq!(settle("vm s", None, None), ok("vm"));
    assert_eq!(settle("a b s", None, None), ok("a b"));
    assert_eq!(settle("s --name vm", None, None), ok("vm"));
    assert_eq!(settle("vm", Some(&flag), None), ok("vm"));
    assert_eq!(settle("a b", Some(&flag), None), ok("a b"));
    assert_eq!(settle("--name vm", Some(&flag), None), ok("vm"));
    assert_eq!(settle("s --all", None, None), ok(""));
    assert_eq!(settle("s --group lab", None, None), ok(""));
    assert_eq!(settle("s", None, Some("vm")), ok(""));
    let missing = Err("no snapshot is named".to_owned());
    assert_eq!(settle("vm", None, None), missing);
    assert_eq!(settle("--name vm", None, None), missing);
    assert_eq!(settle("", None, Some("vm")), missing);
}
