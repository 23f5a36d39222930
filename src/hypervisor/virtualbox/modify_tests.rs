use super::Generation;
use super::options;
use crate::hypervisor::virtualbox::testing::web;
use crate::model::ExecutionEngine;
use crate::model::Forward;
use crate::model::Nic;
use crate::model::Protocol;
use crate::model::RemoteDisplay;
use crate::model::Switch;
use crate::model::VmConfiguration;

/// Returns the value of an option, or `None` if it is not given.
fn value(wanted: &VmConfiguration, option: &str) -> Option<String> {
    let options = options(wanted);
    let place = options.iter().position(|it| it == option)?;
    Some(options.get(place + 1)?.to_string_lossy().into_owned())
}

#[test]
fn every_option_has_one_value_and_stands_once() {
    let options = options(&web());
    let names: Vec<_> = options.iter().step_by(2).map(|it| it.to_string_lossy()).collect();
    assert!(names.iter().all(|name| name.starts_with("--")), "{names:?}");
    assert_eq!(options.len(), names.len() * 2);
    for (place, name) in names.iter().enumerate() {
        assert!(!names[..place].contains(name), "{name} stands twice");
    }
}

#[test]
fn the_default_engine_is_not_spoken_of() {
    let mut wanted = web();
    wanted.execution_engine = ExecutionEngine::Default;
    assert_eq!(value(&wanted, "--vm-execution-engine"), None);
    wanted.execution_engine = ExecutionEngine::Interpreter;
    assert_eq!(value(&wanted, "--vm-execution-engine").as_deref(), Some("interpreter"));
}

#[test]
fn a_tpm_is_there_if_it_is_wanted() {
    let mut wanted = web();
    assert_eq!(value(&wanted, "--tpm-type"), None);
    wanted.tpm = Switch::On;
    assert_eq!(value(&wanted, "--tpm-type").as_deref(), Some("2.0"));
}

#[test]
fn rules_are_for_nat_alone() {
    let mut wanted = web();
    let forward = |name: &str, host_address| Forward {
        name: name.to_owned(),
        protocol: Protocol::Tcp,
        host_address,
        host_port: 2222,
        guest_port: 22,
    };
    wanted.forwards = vec![forward("ssh", "127.0.0.1".parse().ok()), forward("any", None)];
    let rules: Vec<_> = options(&wanted)
        .windows(2)
        .filter(|pair| pair[0] == "--nat-pf1")
        .map(|pair| pair[1].to_string_lossy().into_owned())
        .collect();
    assert_eq!(rules, ["ssh,tcp,127.0.0.1,2222,,22", "any,tcp,,2222,,22"]);
    wanted.nic = Nic::Internal("lab".to_owned());
    assert_eq!(value(&wanted, "--nat-pf1"), None);
    assert_eq!(value(&wanted, "--intnet1").as_deref(), Some("lab"));
}

#[test]
fn a_remote_display_has_an_address_and_a_port() {
    let mut wanted = web();
    assert_eq!(value(&wanted, "--vrde").as_deref(), Some("off"));
    wanted.remote_display =
        Some(RemoteDisplay { address: "127.0.0.1".parse().unwrap(), port: 3390 });
    assert_eq!(value(&wanted, "--vrde").as_deref(), Some("on"));
    assert_eq!(value(&wanted, "--vrde-port").as_deref(), Some("3390"));
    assert_eq!(value(&wanted, "--vrde-address").as_deref(), Some("127.0.0.1"));
}

#[test]
fn old_systems_and_arm_get_what_they_can_use() {
    for (os_type, generation) in [
        ("Windows11_64", Generation::Current),
        ("WindowsNT_64", Generation::Current),
        ("Other_64", Generation::Current),
        ("something new", Generation::Current),
        ("WindowsXP", Generation::Legacy),
        ("DOS", Generation::Legacy),
        ("Windows11_arm64", Generation::Arm),
    ] {
        assert_eq!(Generation::of(os_type), generation, "{os_type}");
    }
    let mut wanted = web();
    wanted.os_type = "WindowsXP".to_owned();
    assert_eq!(value(&wanted, "--nic-type1").as_deref(), Some("Am79C973"));
    assert_eq!(value(&wanted, "--mouse"), None);
    wanted.os_type = "Debian_arm64".to_owned();
    assert_eq!(value(&wanted, "--hwvirtex"), None);
}
