use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::keys::{KEYS, Kind};
use super::testing::{fleet, problems};
use super::{load, read, sample, schema};
use crate::config::Settings;
use crate::fleet::{Condition, Making};
use crate::model::{Display, Mebibytes};
use crate::request::{CloneWish, CreateRequest, DiskWish, PortWish};

fn new(text: &str) -> CreateRequest {
    let fleet = fleet(&format!(r#"{{"vms": {{"web": {text}}}}}"#));
    match &fleet.members()[0].making {
        Making::New(asked) => (**asked).clone(),
        other @ (Making::Copy(_) | Making::Template(_)) => panic!("{other:?}"),
    }
}

/// Returns the one problem of a VM `web`, which stands beside some others.
#[track_caller]
fn problem(text: &str) -> String {
    let all = format!(
        r#"{{"vms": {{"web": {text}, "dc": {{}}, "off": {{"start": false}},
            "many": {{"count": 2, "start": false}}, "alone": {{"nic": "none"}}}}}}"#
    );
    let found = problems(&all);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.into_iter().next().unwrap_or_default()
}

#[test]
fn settings_are_spelt_as_the_options_of_create() {
    let asked = new(
        r#"{"memory": "2G", "disk": 20, "cpus": 2, "ssh_port": "free", "rdp": 3390, "nic": "nat",
            "forward": ["web:8080:80"], "group": "lab", "accelerate_3d": true, "iso": "a.iso"}"#,
    );
    assert_eq!(asked.memory, Some(Mebibytes(2048)));
    assert_eq!(asked.disk.map(|it| it != DiskWish::None), Some(true));
    assert_eq!((asked.ssh, asked.remote_display), (PortWish::Free, PortWish::Port(3390)));
    assert_eq!(asked.forwards[0].host_port, 8080);
    assert_eq!(asked.groups, ["/lab"]);
    let plain = new("{}");
    assert_eq!((plain.memory, plain.ssh), (None, PortWish::Configured));
    assert_eq!(new(r#"{"memory": 512.0, "no_disk": true}"#).disk, Some(DiskWish::None));
}

#[test]
fn counted_vms_are_named_as_create_names_them() {
    let names = |text: &str| {
        let fleet = fleet(text);
        let names = fleet.members().iter().map(|it| it.name.to_string());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(r#"{"vms": {"a": {"count": 2}, "b": {}}}"#), "a-1 a-2 b");
    assert_eq!(names(r#"{"vms": {"t-{}-x": {"count": 2}}}"#), "t-1-x t-2-x");
}

#[test]
fn a_vm_depends_on_every_one_of_counted_vms_and_on_its_original() {
    let fleet = fleet(
        r#"{"vms": {"web": {"depends_on": {"db": "ssh"}, "wait": "ip", "gui": true},
            "db": {"count": 2, "from": "base"}, "base": {"start": false}}}"#,
    );
    let needs = |place: usize| {
        let needs = fleet.members()[place].needs.iter();
        needs.map(|need| (need.member, need.until)).collect::<Vec<_>>()
    };
    assert_eq!(needs(0), [(1, Condition::Ssh), (2, Condition::Ssh)]);
    assert_eq!(needs(2), [(3, Condition::Created)]);
    assert_eq!(fleet.members()[0].start, Some(Display::Gui));
    let Making::Copy(copying) = &fleet.members()[1].making else { panic!("no copy") };
    assert_eq!((copying.member, copying.content), (Some(3), CloneWish::Linked));
    assert_eq!(fleet.order, [3, 1, 2, 0]);
}

#[test]
fn what_is_wrong_with_one_vm_is_told_with_its_place() {
    let cases = [
        (r#"{"memroy": 1}"#, "`vms.web.memroy`: is not a known key, did you mean `memory`?"),
        (r#"{"memory": "lots"}"#, "`vms.web.memory`: `lots` is not of the form `8192`"),
        (r#"{"memory": true}"#, "`vms.web.memory`: must be a whole number, or a text with a unit"),
        (r#"{"cpus": 0}"#, "`vms.web.cpus`: must be a whole number from 1 to 64, not 0"),
        (
            r#"{"execution_engine": "interpeter"}"#,
            "`vms.web.execution_engine`: must be one of auto, default, hwvirt, nem, interpreter, \
             recompiler, not \"interpeter\", did you mean `interpreter`?",
        ),
        (r#"{"forward": ["80:80", "x"]}"#, "`vms.web.forward[1]`: `x` is not of the form"),
        (r#"{"start": "no"}"#, "`vms.web.start`: must be true or false, not \"no\""),
        (r#"{"count": 2, "ssh_port": 2222}"#, "`vms.web.ssh_port`: names a host port"),
        (r#"{"no_disk": true, "disk": 5}"#, "`vms.web.no_disk`: contradicts `disk`"),
        (r#"{"from": "dc2", "memory": 5}"#, "`vms.web.memory`: is as it is in the original"),
        (r#"{"template": "t", "memory": 5}"#, "`vms.web.memory`: is as it is in the template"),
        (r#"{"template": "t", "from": "dc2"}"#, "`vms.web.from`: contradicts `template`"),
        (r#"{"template": "-t"}"#, "`vms.web.template`: `-t`"),
        (r#"{"linked": true}"#, "`vms.web.linked`: is for a copy"),
        (r#"{"from": "dc"}"#, "`vms.web.from`: `dc` is started by this file"),
        (
            r#"{"from": "many"}"#,
            "`vms.web.from`: `many` stands for several VMs, did you mean `many-1`?",
        ),
        (r#"{"wait": "ssh", "start": false}"#, "`vms.web.wait`: is for a VM that is started"),
        (r#"{"wait": "ssh", "ssh_port": "none"}"#, "`vms.web.wait`: `web` never shows `ssh`"),
        (r#"{"depends_on": ["cd"]}"#, "`vms.web.depends_on.cd`: there is no `cd` in this file"),
        (
            r#"{"depends_on": ["many-1"]}"#,
            "`vms.web.depends_on.many-1`: there is no `many-1` in this \
            file, did you mean `many`?",
        ),
        (
            r#"{"depends_on": {"dc": "poweroff"}}"#,
            "`vms.web.depends_on.dc`: `poweroff` is not one of",
        ),
        (r#"{"depends_on": {"dc": 1}}"#, "`vms.web.depends_on.dc`: must be a condition"),
        (r#"{"depends_on": "dc"}"#, "`vms.web.depends_on`: must name VMs"),
        (r#"{"depends_on": {"off": "ssh"}}"#, "`vms.web.depends_on.off`: `off` is never ssh: its"),
        (r#"{"depends_on": {"alone": "ip"}}"#, "`vms.web.depends_on.alone`: `alone` never has an"),
        (
            r#"{"depends_on": ["web"]}"#,
            "`vms.web.depends_on`: nothing can be first, each one needs \
            the next: `web` -> `web`",
        ),
        (
            r#"{"depends_on": {}, "timeout": "soon"}"#,
            "`vms.web.timeout`: `soon` is not of the form",
        ),
        ("5", "`vms.web`: must be an object such as {}, not 5"),
    ];
    for (text, expected) in cases {
        let found = problem(text);
        assert!(found.starts_with(expected), "{text}\n{found}\n{expected}");
    }
}

#[test]
fn what_is_wrong_with_the_file_is_told_all_at_once() {
    let cases = [
        ("", vec!["it is empty"]),
        ("[]", vec!["it must be an object"]),
        ("{,}", vec!["it is not valid JSON"]),
        (
            r#"{"vms": {"a": {}, "a": {}}}"#,
            vec!["it is not valid JSON: the key \"a\" is there twice"],
        ),
        (
            r#"{"schema": 2, "vm": {}}"#,
            vec!["`vm`: is not", "`schema`: must be 1", "`vms`: is missing"],
        ),
        (r#"{"vms": {}}"#, vec!["`vms`: names no VM"]),
        (r#"{"vms": {"x-{}": {}}}"#, vec!["`vms.x-{}`: has `{}`"]),
        (
            r#"{"vms": {"-x": {}, "a": {"cpus": 99, "disk": 0}}}"#,
            vec![
                "`vms.-x`: a VM cannot be named so",
                "`vms.a.disk`: `0` is no disk",
                "`vms.a.cpus`",
            ],
        ),
        (
            r#"{"vms": {"a": {"count": 2}, "a-1": {}}}"#,
            vec!["`vms.a-1`: its VM `a-1` is there twice: `vms.a` has it too"],
        ),
        (
            r#"{"vms": {"a": {"depends_on": ["b"]}, "b": {"depends_on": {"c": "ssh"}},
            "c": {"from": "a", "from_snapshot": "s"}}}"#,
            vec![
                "`vms.a.depends_on`: nothing can be first, each one needs the next: \
                `a` -> `b` -> `c` -> `a`",
            ],
        ),
    ];
    for (text, expected) in cases {
        let found = problems(text);
        assert_eq!(found.len(), expected.len(), "{text}\n{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{text}\n{found}\n{expected}");
        }
    }
}

#[test]
fn a_disc_lies_beside_the_file() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("vms.json");
    let text = r#"{"vms": {"a": {"iso": "here.iso"}, "b": {"iso": "not-here.iso"},
        "c": {"iso": "x/y.iso"}, "d": {"iso": "/z.iso"}}}"#;
    std::fs::write(&file, text).expect("written");
    std::fs::write(folder.path().join("here.iso"), "disc").expect("written");
    let fleet = load(&file, &Settings::default()).expect("right");
    let isos = fleet.members().iter().map(|it| match &it.making {
        Making::New(asked) => asked.iso.clone().expect("a disc"),
        other @ (Making::Copy(_) | Making::Template(_)) => panic!("{other:?}"),
    });
    let isos: Vec<_> = isos.collect();
    let here = |name: &str| folder.path().join(name);
    assert_eq!(isos[..3], [here("here.iso"), "not-here.iso".into(), here("x/y.iso")]);
    assert!(isos[3].ends_with("z.iso") && !isos[3].starts_with(folder.path()));
    let missing = load(Path::new("no/such.json"), &Settings::default()).expect_err("missing");
    assert_eq!(missing.kind(), crate::error::ErrorKind::FileNotFound);
}

#[test]
fn the_sample_is_right_and_so_it_is_by_the_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
    let sample_value: Value = serde_json::from_str(sample()).expect("JSON");
    assert!(jsonschema::draft202012::is_valid(&schema(), &sample_value));
    assert_eq!(fleet(sample()).members().len(), 5);
}

fn value() -> impl Strategy<Value = Value> {
    let words: Vec<&str> = KEYS
        .iter()
        .flat_map(|key| match key.kind {
            Kind::Word(words) | Kind::Port(words) => words,
            Kind::Count { .. }
            | Kind::Amount
            | Kind::Flag
            | Kind::Text
            | Kind::Texts
            | Kind::Needs => &["8G", "5m", "80:80", "/lab", "nat", "2222"],
        })
        .copied()
        .collect();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2i64..70_000).prop_map(Value::from),
        select(words).prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    let needs = select(Condition::WORDS).prop_map(|until| json!({ "dc": until }));
    prop_oneof![3 => leaf.clone(), 1 => prop::collection::vec(leaf, 0..3).prop_map(Value::from), 1 => needs]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn what_is_read_is_right_by_the_schema(
        said in prop::collection::vec((select(KEYS.iter().map(|key| key.name).collect::<Vec<_>>()), value()), 0..4),
    ) {
        let web: serde_json::Map<String, Value> =
            said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let document = json!({ "vms": { "web": web, "dc": {} } });
        if read(document.to_string().as_bytes(), &Settings::default()).is_ok() {
            prop_assert!(jsonschema::draft202012::is_valid(&schema(), &document), "{document}");
        }
    }

    #[test]
    fn no_text_breaks_it(text in r#"[{}\[\]":, a-z0-9]{0,40}"#) {
        drop(read(text.as_bytes(), &Settings::default()));
    }
}
