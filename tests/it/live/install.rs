//! Systems that install themselves on the real VirtualBox: the test guest to its end, every family's
//! machine up to its power-on.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use serde_json::{Value, json};
use vm_cli::files::Digest;

use super::world::World;
use crate::iso::bridge::Bridge;
use crate::iso::windows_description;
use crate::support::command::Home;

fn item(home: &Home, arguments: &[&str]) -> Value {
    home.json(arguments)["items"][0].clone()
}

/// The guest boots from its disc, finds our answers, parts a disk, writes itself there, starts from
/// it, and lets in the user whom the answers name. Then it reads what Windows would.
#[test]
fn a_linux_installs_itself_and_reads_the_answers_of_windows() {
    let Some(world) = World::new("install_itself") else { return };
    let home = &world.home;
    fs::write(home.path().join("secret"), "it's a \"long\" secret\n").unwrap();
    let iso = world.guest_iso();
    let made = item(
        home,
        &[
            &["create-linux", "own", "--distro", "cloud-init", "--iso-path", &iso][..],
            &["--memory", "128", "--disk", "1", "--username", "ada", "--hostname", "own-7"],
            &["--password-file", "secret", "--auto-start", "--timeout", "10m"],
        ]
        .concat(),
    );
    let phases: Vec<&Value> =
        made["phases"].as_array().unwrap().iter().map(|it| &it["phase"]).collect();
    let expected = json!(["made", "booting", "installing", "first boot", "ready"]);
    assert_eq!(json!(phases), expected, "{made}");
    let discs = item(home, &["status", "own"])["disks"].to_string();
    assert!(!discs.contains("iso"), "{discs}");
    assert!(home.ok(&["snapshot", "list", "own"]).contains("clean"));

    let run = |command: &str| {
        let login = ["exec", "own", "--username", "ada", "--password-file", "secret"];
        home.ok(&[&login[..], &["--command", command]].concat())
    };
    assert_eq!(run("hostname; grep -c /state /proc/mounts"), "own-7\n1\n");
    fs::write(home.path().join("win.iso"), crate::iso::small_medium()).unwrap();
    let windows = ["answer-media", "--iso", "win.iso", "--edition", "Core", "--accept-license"];
    home.ok(&[&windows[..], &["--output", "win"]].concat());
    let folder = home.path().join("win");
    for disc in ["answers.viso", "answers.iso"] {
        let file = folder.join(disc).display().to_string();
        let drive = ["--storagectl", "SATA", "--port", "2", "--device", "0"];
        let put = ["storageattach", "own", "--type", "dvddrive", "--medium", &file];
        world.vboxmanage(&[&put[..], &drive].concat());
        let read = run("mount -t iso9660 -o ro /dev/sr1 /mnt && cd /mnt && sha256sum *; cd /; \
                        umount /mnt");
        for answer in ["autounattend.xml", "vm-cli-setup.ps1"] {
            let sum = sum(&folder.join("files").join(answer));
            assert!(read.contains(&format!("{sum}  {answer}")), "{disc}, {answer}: {read}");
        }
    }
}

fn sum(file: &Path) -> String {
    let (digest, _) = Digest::of(fs::File::open(file).unwrap()).unwrap();
    digest.to_string()
}

/// A medium as a distribution makes it, as far as it is looked at.
fn linux(files: &[(&str, &str)]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    vm_cli::iso::write(&"LINUX".parse().unwrap(), &files).unwrap()
}

fn windows(build: u32, kind: &str, architecture: u32) -> Vec<u8> {
    let mut image = Cursor::new(Vec::new());
    let xml = windows_description(build, kind, architecture);
    Bridge { install: 100_000, xml: &xml }.write(&mut image);
    image.into_inner()
}

/// What a medium's machine can be asked for on a PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Power {
    On,
    /// It is of another architecture than the host.
    Off,
}

/// Every call of VBoxManage that a family needs is accepted, and its machine starts.
#[test]
fn the_machine_of_every_family_starts() {
    let Some(world) = World::new("install_families") else { return };
    let home = &world.home;
    for (command, name, power, medium) in media() {
        let iso = home.path().join(format!("{name}.iso"));
        fs::write(&iso, medium).unwrap();
        let command = format!("create-{command}");
        let mut words = vec![command.as_str(), name, "--iso-path", iso.to_str().unwrap()];
        words.extend(["--memory", "2048"]);
        if command == "create-windows" {
            words.extend(["--accept-license", "--edition", "Professional"]);
        }
        if power == Power::On {
            words.extend(["--auto-start", "--no-wait"]);
        }
        let made = item(home, &words);
        let reached = match power {
            Power::On => ("booting", "running"),
            Power::Off => ("made", "poweroff"),
        };
        assert_eq!(
            (made["phase"].as_str(), made["state"].as_str()),
            (Some(reached.0), Some(reached.1))
        );
        let settings = fs::read_to_string(home.path().join(format!("vms/{name}/{name}.vbox")));
        let settings = settings.unwrap();
        let has_tpm = settings.contains("<TrustedPlatformModule type=\"v2_0\"");
        assert_eq!(has_tpm, ["win11", "arm11", "srv25"].contains(&name), "{settings}");
        assert!(settings.contains("answers.viso"), "{settings}");
        assert!(settings.contains("USBTablet"), "{settings}");
        home.ok(&["delete", name, "--yes", "--force"]);
        assert!(!home.path().join("vms").join(name).exists(), "{name} left its folder");
    }
    let left = fs::read_dir(home.path().join("state/installs")).unwrap().count();
    assert_eq!(left, 0, "the answers of deleted VMs are gone");
}

fn media() -> Vec<(&'static str, &'static str, Power, Vec<u8>)> {
    let debian = "Debian GNU/Linux 12.5.0 \"Bookworm\" - Official amd64 NETINST";
    let ubuntu = "Ubuntu-Server 24.04.1 LTS \"Noble Numbat\" - Release amd64 (20240827)";
    let rocky = "[general]\nname = Rocky Linux-9.3\nfamily = Rocky Linux\nversion = 9.3\n\
                 arch = x86_64\n";
    let menu = ("boot/grub/grub.cfg", "set timeout=30");
    let installer = |info: &str, kernel: &str, initial: &str| {
        linux(&[(".disk/info", info), (kernel, "k"), (initial, "i"), menu])
    };
    let on_arm = debian.replace("amd64", "arm64");
    vec![
        ("windows", "win11", Power::On, windows(26_100, "Client", 9)),
        ("windows", "win10", Power::On, windows(19_045, "Client", 9)),
        ("windows", "srv22", Power::On, windows(20_348, "Server", 9)),
        ("windows", "srv25", Power::On, windows(26_100, "Server", 9)),
        ("windows", "arm11", Power::Off, windows(26_100, "Client", 12)),
        (
            "linux",
            "debian",
            Power::On,
            installer(debian, "install.amd/vmlinuz", "install.amd/initrd.gz"),
        ),
        (
            "linux",
            "armdeb",
            Power::Off,
            installer(&on_arm, "install.a64/vmlinuz", "install.a64/initrd.gz"),
        ),
        ("linux", "ubuntu", Power::On, installer(ubuntu, "casper/vmlinuz", "casper/initrd")),
        ("linux", "rocky", Power::On, linux(&[(".treeinfo", rocky)])),
        (
            "linux",
            "fedora",
            Power::On,
            linux(&[(".treeinfo", &rocky.replace("Rocky Linux", "Fedora"))]),
        ),
        ("linux", "alpine", Power::On, linux(&[(".alpine-release", "alpine-virt-3.19.1 240126")])),
    ]
}
