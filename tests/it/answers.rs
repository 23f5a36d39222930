//! Answer media as a person gets them: files, VISO and ISO, and what is refused before.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::iso::small_medium;
use crate::support::command::Home;

fn fixture(name: &str) -> String {
    let media = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/iso/media");
    media.join(name).display().to_string()
}

fn home() -> Home {
    let home = Home::simulated();
    fs::write(home.path().join("win.iso"), small_medium()).unwrap();
    home
}

const WINDOWS: [&str; 6] =
    ["answer-media", "--iso", "win.iso", "--edition", "professional", "--accept-license"];

fn item(home: &Home, arguments: &[&str]) -> Value {
    home.json(arguments)["items"][0].clone()
}

#[test]
fn windows_gets_a_disc_that_every_hypervisor_reads() {
    let home = home();
    let made = item(&home, &[&WINDOWS[..], &["--output", "win"]].concat());
    let folder = home.path().join("win");
    let xml = fs::read_to_string(folder.join("files/autounattend.xml")).unwrap();
    assert!(xml.contains("<Value>2</Value>"), "the second edition: {xml}");
    let password = made["password"].as_str().unwrap();
    assert!(xml.contains(&format!("<Value>{password}</Value>")), "{made}");
    assert_eq!(fs::read_to_string(folder.join("password")).unwrap().trim(), password);
    let viso = fs::read_to_string(folder.join("answers.viso")).unwrap();
    assert!(viso.starts_with("--iprt-iso-maker-file-marker-bourne-sh "), "{viso}");
    assert!(viso.contains("/autounattend.xml=/"), "{viso}");
    let told = item(&home, &["iso", "info", "win/answers.iso"]);
    assert_eq!((&told["label"], &told["kind"]), (&"ANSWERS".into(), &"other".into()));
}

#[cfg(unix)]
#[test]
fn what_holds_a_password_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = home();
    home.ok(&[&WINDOWS[..], &["--output", "win"]].concat());
    for file in ["files/autounattend.xml", "answers.iso", "answers.viso", "password"] {
        let mode = fs::metadata(home.path().join("win").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let mode = fs::metadata(home.path().join("win")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

/// Another program reads what was written, where it is installed.
#[test]
fn other_programs_read_the_disc() {
    let home = home();
    home.ok(&[&WINDOWS[..], &["--output", "win"]].concat());
    let disc = home.path().join("win/answers.iso");
    let extracts: [&[&str]; 2] =
        [&["-J", "-x", "/autounattend.xml;1"], &["-x", "/AUTOUNATTEND.XML;1"]];
    for extract in extracts {
        let mut isoinfo = Command::new("isoinfo");
        let Ok(read) = isoinfo.arg("-i").arg(&disc).args(extract).output() else {
            eprintln!("isoinfo is not installed");
            return;
        };
        let file = fs::read(home.path().join("win/files/autounattend.xml")).unwrap();
        assert_eq!(read.stdout, file, "{extract:?}");
    }
    let mut xorriso = Command::new("xorriso");
    let arguments = ["-report_about", "WARNING", "-find", "/", "-type", "f"];
    if let Ok(found) = xorriso.arg("-indev").arg(&disc).args(arguments).output() {
        let (out, err) =
            (String::from_utf8_lossy(&found.stdout), String::from_utf8_lossy(&found.stderr));
        assert!(out.contains("vm-cli-setup.ps1"), "{out}{err}");
        assert!(!err.contains("FAILURE") && !err.contains("SORRY"), "{err}");
    }
}

#[test]
fn debian_gets_its_own_medium_with_the_answers() {
    let home = home();
    // As people do: the installer's files lie where Debian has them.
    let error = home.error(2, &["answer-media", "--iso", &fixture("debian.iso"), "--output", "d"]);
    assert!(error["message"].as_str().unwrap().contains("no installer of Debian"), "{error}");
    let medium = debian(home.path());
    let made = item(&home, &["answer-media", "--iso", &medium, "--output", "deb"]);
    assert_eq!(made["iso"], Value::Null, "{made}");
    let viso = fs::read_to_string(home.path().join("deb/answers.viso")).unwrap();
    for said in [
        format!("--import-iso '{medium}'"),
        "/boot/grub/grub.cfg=:must-remove:".to_owned(),
        format!("'/preseed.cfg={}/deb/files/preseed.cfg'", home.path().display()),
    ] {
        assert!(viso.contains(&said), "{said}: {viso}");
    }
    let menu = fs::read_to_string(home.path().join("deb/files/boot/grub/grub.cfg")).unwrap();
    assert!(menu.contains("linux /install.amd/vmlinuz auto=true"), "{menu}");
}

/// Makes a disc as Debian's are, as far as it is looked at.
fn debian(folder: &Path) -> String {
    let info = b"Debian GNU/Linux 12.5.0 \"Bookworm\" - Official amd64 NETINST\n";
    let files: [(&str, &[u8]); 4] = [
        (".disk/info", info),
        ("install.amd/vmlinuz", b"kernel"),
        ("install.amd/initrd.gz", b"initial"),
        ("boot/grub/grub.cfg", b"set timeout=30"),
    ];
    let disc = vm_cli::iso::write(&"DEBIAN".parse().unwrap(), &files).unwrap();
    let file = folder.join("debian.iso");
    fs::write(&file, disc).unwrap();
    file.display().to_string()
}

#[test]
fn nothing_is_made_of_what_is_refused() {
    let home = home();
    let refused = |code: i32, arguments: &[&str], why: &str| {
        let error = home.error(code, &[arguments, &["--output", "out"]].concat());
        assert!(error.to_string().contains(why), "{arguments:?}: {error}");
        assert!(!home.path().join("out").exists(), "{arguments:?}");
    };
    let windows = &WINDOWS[..3];
    let edition = ["--edition", "Core"];
    refused(9, &[windows, &edition].concat(), "--accept-license");
    refused(2, &[windows, &["--accept-license"]].concat(), "Core, Professional");
    refused(2, &[windows, &["--accept-license", "--edition", "Home"]].concat(), "no edition");
    for (wish, value, why) in [
        ("--username", "a/b", "forbids"),
        ("--username", "Guest", "Windows' own"),
        ("--package", "git", "no packages"),
        ("--time-zone", "Mars/Base", "known here"),
    ] {
        refused(2, &[&WINDOWS[..], &[wish, value]].concat(), why);
    }
    fs::write(home.path().join("key"), "not-a-key").unwrap();
    refused(2, &[&WINDOWS[..], &["--product-key-file", "key"]].concat(), "XXXXX");
    fs::write(home.path().join("empty"), "\n").unwrap();
    refused(2, &[&WINDOWS[..], &["--password-file", "empty"]].concat(), "password");
    let cloud = ["answer-media", "--cloud-image"];
    refused(2, &[&cloud[..], &["--username", "root"]].concat(), "system's own");
    for (wish, value) in [("--hostname", "a b"), ("--locale", "english"), ("--keyboard", "xx")] {
        let run = home.run(&[&cloud[..], &[wish, value, "--output", "out"]].concat());
        assert_eq!(run.code, 2, "{wish} {value}: {run:#?}");
    }
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest/guest.iso");
    refused(1, &["answer-media", "--iso", guest.to_str().unwrap()], "nothing that is known");
}

#[test]
fn a_rehearsal_writes_nothing_and_a_full_folder_is_left_alone() {
    let home = home();
    let cloud = ["answer-media", "--cloud-image", "--output", "seed"];
    let made = item(&home, &[&cloud[..], &["--dry-run"]].concat());
    assert!(made["files"][0].as_str().unwrap().ends_with("seed/files/user-data"), "{made}");
    assert_eq!(made["password"], Value::Null);
    assert!(!home.path().join("seed").exists());
    home.ok(&cloud);
    assert_eq!(home.error(4, &cloud)["code"], "already_exists");
}
