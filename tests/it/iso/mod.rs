//! What an ISO holds: media by other programs, by a builder of our own, and hostile ones.

pub(crate) mod bridge;
mod hostile;

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use vm_cli::iso::{BootKind, Content, Distribution, FileSystem, WindowsRelease, inspect};
use vm_cli::model::Architecture;

use crate::support::command::Home;
use bridge::Bridge;

/// Editions as Microsoft's media of Windows 11 describe them, as far as they are looked at.
pub(super) const EDITIONS: [(&str, &str); 2] =
    [("Core", "Windows 11 Home"), ("Professional", "Windows 11 Pro")];

pub(super) fn description() -> String {
    windows_description(26_100, "Client", 9)
}

/// Describes the images of a Windows of this build: `Client` or `Server`; for PCs (9) or ARM (12).
pub(crate) fn windows_description(build: u32, kind: &str, architecture: u32) -> String {
    let image = |(place, (edition, name)): (usize, &(&str, &str))| {
        format!(
            "<IMAGE INDEX=\"{}\"><DIRCOUNT>2</DIRCOUNT><WINDOWS><ARCH>{architecture}</ARCH>\
             <PRODUCTNAME>Microsoft® Windows® Operating System</PRODUCTNAME>\
             <EDITIONID>{edition}</EDITIONID><INSTALLATIONTYPE>{kind}</INSTALLATIONTYPE>\
             <LANGUAGES><LANGUAGE>en-US</LANGUAGE><DEFAULT>en-US</DEFAULT></LANGUAGES>\
             <VERSION><MAJOR>10</MAJOR><MINOR>0</MINOR><BUILD>{build}</BUILD><SPBUILD>1742</SPBUILD>\
             </VERSION></WINDOWS><NAME>{name}</NAME></IMAGE>",
            place + 1
        )
    };
    let images: String = EDITIONS.iter().enumerate().map(image).collect();
    format!("<WIM><TOTALBYTES>5000000000</TOTALBYTES>{images}</WIM>")
}

pub(crate) fn small_medium() -> Vec<u8> {
    let mut image = Cursor::new(Vec::new());
    Bridge { install: 100_000, xml: &description() }.write(&mut image);
    image.into_inner()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/iso/media").join(name)
}

fn info(home: &Home, file: &Path) -> Value {
    home.json(&["iso", "info", file.to_str().unwrap()])["items"][0].clone()
}

#[test]
fn media_of_other_programs_are_read() {
    let home = Home::simulated();
    let debian = info(&home, &fixture("debian.iso"));
    let known = ["kind", "distribution", "version", "architecture", "label", "boot"];
    let told: Vec<&Value> = known.iter().map(|key| &debian[key]).collect();
    let expected =
        json!(["linux", "debian", "12.5.0", "x64", "Debian 12.5.0 amd64 n", ["bios", "efi"]]);
    assert_eq!(json!(told), expected, "{debian}");
    assert_eq!(debian["file_systems"], json!(["iso9660", "joliet", "rock-ridge"]));
    let alpine = info(&home, &fixture("alpine.iso"));
    let told: Vec<&Value> = known.iter().map(|key| &alpine[key]).collect();
    let expected = json!(["linux", "alpine", "3.19.1", "x64", "alpine-virt 3.19.1 x86_64", []]);
    assert_eq!(json!(told), expected, "{alpine}");
    let windows = info(&home, &fixture("windows.iso"));
    assert_eq!((&windows["kind"], &windows["name"]), (&json!("windows"), &json!("Windows 11")));
    assert_eq!(windows["file_systems"], json!(["iso9660", "udf"]));
    assert_eq!(windows["editions"][1]["edition"], "Professional", "{windows}");
}

#[test]
fn our_own_guests_disc_is_no_installer() {
    let home = Home::simulated();
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest/guest.iso");
    let told = info(&home, &guest);
    assert_eq!((&told["kind"], &told["boot"]), (&json!("other"), &json!(["bios"])), "{told}");
    let error = home.error(2, &["iso", "info", guest.to_str().unwrap(), "--list-editions"]);
    assert!(error["message"].as_str().unwrap().contains("no editions"), "{error}");
}

#[test]
fn editions_are_listed() {
    let home = Home::simulated();
    fs::write(home.path().join("win.iso"), small_medium()).unwrap();
    let listed = home.json(&["iso", "info", "win.iso", "--list-editions"]);
    let editions: Vec<&Value> =
        listed["items"].as_array().unwrap().iter().map(|it| &it["edition"]).collect();
    assert_eq!(json!(editions), json!(["Core", "Professional"]));
    let first = &listed["items"][0];
    let expected = json!({
        "index": 1, "edition": "Core", "name": "Windows 11 Home", "architecture": "x64",
        "installation": "client", "languages": ["en-US"], "build": "10.0.26100.1742"
    });
    assert_eq!(first, &expected);
    let names = home.ok(&["iso", "info", "win.iso", "--list-editions", "-q"]);
    assert_eq!(names, "Core\nProfessional\n");
}

#[test]
fn a_medium_of_six_gigabytes_is_read_where_it_matters() {
    let home = Home::simulated();
    let mut file = File::create_new(home.path().join("large.iso")).unwrap();
    let length = Bridge { install: 6_200_000_000, xml: &description() }.write(&mut file);
    assert!(6_000_000_000 < length);
    let begin = Instant::now();
    let found = inspect(File::open(home.path().join("large.iso")).unwrap()).unwrap();
    let took = begin.elapsed();
    let Content::Windows(medium) = &found.content else { panic!("{found:?}") };
    assert_eq!(medium.release, Some(WindowsRelease::Eleven));
    assert_eq!(medium.images.len(), EDITIONS.len());
    assert_eq!(medium.images[1].architecture, Some(Architecture::X64));
    assert_eq!(found.volume.file_systems, [FileSystem::Iso9660, FileSystem::Udf]);
    assert_eq!(found.volume.boot, [BootKind::Bios, BootKind::Efi]);
    assert!(took.as_millis() < 100, "{took:?}");
    // What is read is what memory is taken for.
    let mut counted =
        Counted { file: File::open(home.path().join("large.iso")).unwrap(), bytes: 0 };
    inspect(&mut counted).unwrap();
    assert!(counted.bytes < 300_000, "{}", counted.bytes);
}

/// Counts what is read of a file.
struct Counted {
    file: File,
    bytes: usize,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.bytes += count;
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// What is read is all that memory is taken for: it stays far below 20 MB.
#[test]
fn little_of_a_medium_is_read() {
    for name in ["debian.iso", "alpine.iso", "windows.iso"] {
        let mut counted = Counted { file: File::open(fixture(name)).unwrap(), bytes: 0 };
        inspect(&mut counted).unwrap();
        assert!(counted.bytes < 300_000, "{name}: {}", counted.bytes);
    }
}

#[test]
fn distributions_are_told_apart() {
    let debian = inspect(File::open(fixture("debian.iso")).unwrap()).unwrap();
    let Content::Linux(medium) = debian.content else { panic!("{debian:?}") };
    assert_eq!(medium.distribution, Distribution::Debian);
    assert_eq!(medium.distribution.to_string(), "Debian");
}
