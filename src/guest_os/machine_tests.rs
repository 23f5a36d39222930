use super::tests::{linux, windows};
use super::{
    BootPrompt, GuestOs, LinuxWish, Requirement, SystemWish, Windows, WindowsWish, choose,
    for_linux,
};
use crate::iso::{Content, Distribution, WindowsMedium, WindowsRelease};
use crate::model::{Architecture, Firmware, GraphicsController, Mebibytes, Switch};

fn of(release: WindowsRelease, architecture: Architecture) -> Windows {
    Windows { release: Some(release), architecture, ..windows() }
}

#[test]
fn windows_11_has_what_it_asks_for_unless_it_is_told_to_do_without() {
    let machine = windows().machine();
    assert_eq!(machine.os_type, "Windows11_64");
    assert_eq!((machine.firmware, machine.tpm), (Firmware::Efi, Switch::On));
    assert_eq!(machine.secure_boot, Switch::On);
    assert_eq!(machine.graphics, GraphicsController::VboxSvga);
    assert_eq!(machine.boot_prompt, BootPrompt::AnyKey);
    let machine = Windows { lacking: vec![Requirement::Tpm], ..windows() }.machine();
    assert_eq!((machine.tpm, machine.secure_boot), (Switch::Off, Switch::On));
}

#[test]
fn what_is_lacking_is_found_and_nothing_else_is_bypassed() {
    let enough = Mebibytes(4096);
    assert_eq!(windows().lacks(enough), []);
    assert_eq!(windows().lacks(Mebibytes(4095)), [Requirement::Memory]);
    let bios = Windows { firmware: Firmware::Bios, ..windows() };
    assert_eq!(bios.lacks(enough), [Requirement::Tpm, Requirement::SecureBoot]);
    assert_eq!(bios.machine().tpm, Switch::Off);
    let arm = of(WindowsRelease::Eleven, Architecture::Arm64);
    assert_eq!(arm.lacks(enough), [Requirement::SecureBoot]);
    assert_eq!(of(WindowsRelease::Ten, Architecture::X64).lacks(Mebibytes(2048)), []);
}

#[test]
fn every_release_has_its_machine() {
    for (release, architecture, os_type) in [
        (WindowsRelease::Ten, Architecture::X86, "Windows10"),
        (WindowsRelease::Ten, Architecture::X64, "Windows10_64"),
        (WindowsRelease::Eleven, Architecture::Arm64, "Windows11_arm64"),
        (WindowsRelease::Server2016, Architecture::X64, "Windows2016_64"),
        (WindowsRelease::Server2019, Architecture::X64, "Windows2019_64"),
        (WindowsRelease::Server2022, Architecture::X64, "Windows2022_64"),
        (WindowsRelease::Server2025, Architecture::X64, "Windows2025_64"),
    ] {
        assert_eq!(of(release, architecture).machine().os_type, os_type);
    }
}

#[test]
fn every_linux_has_its_machine() {
    for (distribution, os_type) in [
        (Distribution::Debian, "Debian_64"),
        (Distribution::Ubuntu, "Ubuntu_64"),
        (Distribution::Fedora, "Fedora_64"),
        (Distribution::Rocky, "RedHat_64"),
        (Distribution::Alpine, "Linux_64"),
    ] {
        let mut medium = linux(distribution);
        assert_eq!(for_linux(medium.clone()).machine().os_type, os_type);
        medium.architecture = Some(Architecture::Arm64);
        let machine = for_linux(medium).machine();
        assert_eq!(machine.os_type, os_type.replace("_64", "_arm64"));
        assert_eq!(machine.firmware, Firmware::Efi);
        assert!(machine.least.memory <= machine.good.memory);
    }
}

#[test]
fn the_medium_must_be_the_one_that_is_wanted() {
    let medium = |release| {
        let images = vec![windows().image];
        Content::Windows(WindowsMedium { release, install_file: "sources/install.wim", images })
    };
    let wish = |release| SystemWish::Windows(WindowsWish { release, ..WindowsWish::default() });
    let eleven = Some(WindowsRelease::Eleven);
    let chosen = choose(&wish(eleven), medium(eleven), Some(Mebibytes(2048))).unwrap();
    assert_eq!(chosen.name(), "Windows 11 Professional");
    assert_eq!(chosen.concessions().len(), 1);
    let refusal = |wish: SystemWish, content| {
        let refused = choose(&wish, content, None).unwrap_err();
        (refused.message().to_owned(), refused.next_step().unwrap_or_default().to_owned())
    };
    let (why, _) = refusal(wish(Some(WindowsRelease::Ten)), medium(eleven));
    assert_eq!(why, "the ISO installs Windows 11, not Windows 10");
    let any = SystemWish::Linux(LinuxWish::Any);
    assert!(refusal(any.clone(), medium(eleven)).1.contains("create-windows"));
    let debian = || Content::Linux(linux(Distribution::Debian));
    assert!(refusal(wish(None), debian()).1.contains("create-linux"));
    let alpine = SystemWish::Linux(LinuxWish::Distribution(Distribution::Alpine));
    assert_eq!(refusal(alpine, debian()).0, "the ISO installs Debian, not Alpine");
    assert!(refusal(any, Content::Other).1.contains("cloud-init"));
    assert!(choose(&SystemWish::Linux(LinuxWish::CloudInit), Content::Other, None).is_ok());
}
