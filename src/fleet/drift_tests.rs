use super::drift;
use crate::fleet::file::testing::fleet;
use crate::model::{
    Disk, Forward, GuestAdditions, Mebibytes, NetworkAdapter, PointerRoute, Protocol, SnapshotTree,
    Vm, VmId, VmState,
};

fn forward(name: &str, guest_port: u16) -> Forward {
    let (protocol, host_address) = (Protocol::Tcp, None);
    Forward { name: name.to_owned(), protocol, host_address, host_port: 9999, guest_port }
}

fn found() -> Vm {
    Vm {
        name: "web".into(),
        id: VmId::from_random(1),
        state: VmState::PoweredOff,
        state_since: None,
        os: "Debian (64-bit)".into(),
        cpus: 2,
        memory: Mebibytes(1024),
        firmware: "efi64".into(),
        graphics: "vmsvga".into(),
        execution_engine: None,
        groups: vec!["/b".into(), "/a".into()],
        description: "one".into(),
        adapters: vec![NetworkAdapter {
            slot: 1,
            attachment: "nat".into(),
            mac: String::new(),
            forwards: vec![forward("http", 80), forward("ssh", 22)],
        }],
        disks: vec![Disk { slot: "SATA-1-0".into(), medium: "/isos/x.iso".into() }],
        remote_display_port: None,
        guest_additions: GuestAdditions::default(),
        guest: None,
        pointer: PointerRoute::default(),
        snapshots: SnapshotTree::default(),
        settings_file: None,
        log_folder: None,
    }
}

fn told(vm: &str) -> Vec<String> {
    let fleet = fleet(&format!(r#"{{"vms": {{"web": {vm}, "base": {{"start": false}}}}}}"#));
    let all = drift(&fleet.members()[0], &found(), Some("Debian_64"));
    all.iter().map(ToString::to_string).collect()
}

#[test]
fn what_the_file_does_not_say_and_what_is_as_it_says_is_no_drift() {
    assert!(told("{}").is_empty());
    let same = r#"{"memory": "1G", "cpus": 2, "os_type": "Debian_64", "firmware": "efi",
        "graphics": "vmsvga", "nic": "nat", "iso": "elsewhere/x.iso", "group": ["/a", "/b"],
        "description": "one", "ssh_port": 2222, "forward": ["http:8080:80"]}"#;
    assert_eq!(told(same), [""; 0], "host ports may have been moved");
    assert!(told(r#"{"from": "base"}"#).is_empty(), "a copy is as its original");
}

#[test]
fn what_differs_is_told_by_its_key() {
    let other = r#"{"memory": 512, "cpus": 1, "os_type": "Ubuntu_64", "firmware": "bios",
        "graphics": "vboxvga", "iso": "y.iso", "group": "/a", "description": "two",
        "forward": ["http:8080:8000", "dns:udp:53:53"], "start_from": "clean"}"#;
    let expected = [
        "memory is 1024 MiB, the file says 512 MiB",
        "cpus is 2, the file says 1",
        "os_type is Debian_64, the file says Ubuntu_64",
        "firmware is efi, the file says bios",
        "graphics is vmsvga, the file says vboxvga",
        "iso is not in a drive, the file says y.iso",
        "forward is 9999:80, the file says 8080:8000",
        "forward is none named `dns`, the file says 53:53",
        "group is /b, /a, the file says /a",
        "description is another text, the file says something else",
        "start_from is missing, the file says `clean`",
    ];
    assert_eq!(told(other), expected);
    let nic = told(r#"{"nic": "intnet:lab", "ssh_port": "none"}"#);
    assert_eq!(nic, ["nic is nat, the file says intnet"]);
}
