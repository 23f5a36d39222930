//! Systems that install themselves on the real VirtualBox: the test guest to its end, every family's
//! machine up to its power-on.

use std::collections::HashSet;
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

    fs::write(home.path().join("win.iso"), crate::iso::small_medium()).unwrap();
    let windows = ["answer-media", "--iso", "win.iso", "--edition", "Core", "--accept-license"];
    home.ok(&[&windows[..], &["--output", "win"]].concat());
    let folder = home.path().join("win");
    for (port, disc) in [("1", "answers.viso"), ("2", "answers.iso")] {
        let file = folder.join(disc).display().to_string();
        let drive = ["--storagectl", "SATA", "--port", port, "--device", "0"];
        let put = ["storageattach", "own", "--type", "dvddrive", "--medium", &file];
        world.vboxmanage(&[&put[..], &drive].concat());
    }
    // A login is what takes long: everything is asked at once.
    let login = ["exec", "own", "--username", "ada", "--password-file", "secret", "--command"];
    let read = "for disc in sr0 sr1; do mount -t iso9660 -o ro /dev/$disc /mnt && cd /mnt && \
                sha256sum * | sed s/^/$disc:/; cd /; umount /mnt; done";
    let told = home
        .ok(&[&login[..], &[&format!("hostname; grep -c /state /proc/mounts; {read}")]].concat());
    assert!(told.starts_with("own-7\n1\n"), "{told}");
    for disc in ["sr0", "sr1"] {
        for answer in ["autounattend.xml", "vm-cli-setup.ps1"] {
            let sum = sum(&folder.join("files").join(answer));
            assert!(told.contains(&format!("{disc}:{sum}  {answer}")), "{disc}, {answer}: {told}");
        }
    }
}

/// A cloud image becomes a disk, and cloud-init's answers are read in its guest. The VM becomes a
/// template, and the VMs that are made of it are machines of their own.
#[test]
fn a_cloud_image_starts_with_its_answers_and_becomes_a_template() {
    let Some(world) = World::new("cloud_image") else { return };
    let home = &world.home;
    fs::write(home.path().join("secret"), "a secret\n").unwrap();
    // The test guest starts from a disk too, here as large as its tables say.
    let mut image = fs::read(world.guest_iso()).unwrap();
    image.resize(24 << 20, 0);
    let before = Digest::of(Cursor::new(&image)).unwrap().0.to_string();
    let file = home.path().join("cloud.img");
    fs::write(&file, &image).unwrap();
    let created = ["create-linux", "base", "--image", "cloud.img", "--hostname", "base-1"];
    let words =
        ["--memory", "128", "--disk", "1", "--username", "ada", "--password-file", "secret"];
    let started = ["--auto-start", "--no-wait"];
    let made = item(home, &[&created[..], &words, &started].concat());
    let installs = home.path().join("state/installs").join(made["id"].as_str().unwrap());
    assert_eq!(sum(&file), before, "the image is only read");
    let disks = world.vboxmanage(&["list", "hdds"]);
    assert!(!disks.contains("cloud.img"), "it is not in VirtualBox's register: {disks}");
    home.ok(&["wait", "base", "ssh", "--timeout", "10m"]);
    fs::write(home.path().join("guest"), "password\n").unwrap();
    let login = ["exec", "base", "--username", "root", "--password-file", "guest", "--command"];
    let read = "mount -t iso9660 -o ro /dev/sr0 /mnt; sha256sum /mnt/*; umount /mnt";
    let told = home.ok(&[&login[..], &[&format!("cat /sys/block/sda/size; {read}")]].concat());
    assert!(told.starts_with("2097152\n"), "a disk of 1 GiB: {told}");
    for answer in ["user-data", "meta-data"] {
        let sum = sum(&installs.join("answers/files").join(answer));
        assert!(told.contains(&format!("{sum}  /mnt/{answer}")), "{answer}: {told}");
    }
    home.ok(&["stop", "base"]);
    let drive = ["--storagectl", "SATA", "--port", "1", "--device", "0", "--type", "dvddrive"];
    world.vboxmanage(&[&["storageattach", "base", "--medium", "emptydrive"][..], &drive].concat());

    home.ok(&["template", "save", "base", "--as", "clean", "--cloud-init"]);
    home.ok(&["create", "lab", "--template", "clean", "--count", "2"]);
    let mut machines = Vec::new();
    for name in ["base", "lab-1", "lab-2"] {
        let shown = world.vboxmanage(&["showvminfo", name, "--machinereadable"]);
        let line = |key: &str| {
            let found = shown.lines().find_map(|it| it.strip_prefix(key)?.strip_prefix('='));
            found.unwrap_or_else(|| panic!("{key}: {shown}")).to_owned()
        };
        machines.push([line("hardwareuuid"), line("macaddress1"), line("Forwarding(0)")]);
        let is_told = shown.contains("answers/answers.iso");
        assert_eq!(is_told, name != "base", "{name} is told who it is: {shown}");
    }
    for own in 0..3 {
        let values: HashSet<&String> = machines.iter().map(|it| &it[own]).collect();
        assert_eq!(values.len(), 3, "{machines:?}");
    }
    let refused = home.error(4, &["delete", "base", "--yes"]);
    assert!(refused["message"].as_str().unwrap().contains("lab-1, lab-2"), "{refused}");
    home.error(4, &["start", "base"]);
    home.ok(&["delete", "lab-1", "lab-2", "--yes"]);
    home.ok(&["template", "delete", "clean"]);
    assert!(home.ok(&["start", "base"]).contains("started"));
}

/// VirtualBox's own unattended installation starts, and what it wrote goes with the VM: the
/// password stands in it.
#[test]
fn the_installation_of_virtualbox_itself_starts_and_leaves_no_password() {
    let Some(world) = World::new("install_unattended") else { return };
    let home = &world.home;
    fs::write(home.path().join("secret"), "rather-secret\n").unwrap();
    let media = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/iso/media");
    for iso in ["debian.iso", "windows.iso"] {
        fs::copy(media.join(iso), home.path().join(iso)).unwrap();
    }
    let words = ["--engine", "virtualbox", "--password-file", "secret", "--auto-start"];
    let windows = ["create-windows", "win", "--iso-path", "windows.iso", "--accept-license"];
    let edition = ["--edition", "Professional", "--memory", "2048"];
    let debian = ["create-linux", "deb", "--iso-path", "debian.iso", "--memory", "512"];
    for (name, command) in [("deb", debian.to_vec()), ("win", [&windows[..], &edition].concat())] {
        let made = item(home, &[&command[..], &words].concat());
        let reached = (made["phase"].as_str(), made["state"].as_str());
        assert_eq!(reached, (Some("booting"), Some("running")), "{made}");
        let folder = home.path().join("vms").join(name);
        let wrote = fs::read_dir(&folder)
            .unwrap()
            .any(|file| file.unwrap().file_name().to_string_lossy().starts_with("Unattended-"));
        assert!(wrote, "it answers by files of its own");
        home.ok(&["delete", name, "--yes", "--force"]);
        assert!(!folder.exists(), "{name} left its folder");
    }
    let left = fs::read_dir(home.path().join("state/installs")).unwrap().count();
    assert_eq!(left, 0, "our own password files are gone");
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
