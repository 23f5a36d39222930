//! What a guest and VirtualBox tell of it beyond commands: its clock, its traffic, its screen as a
//! film.

use serde_json::Value;

use super::{VM, as_root, password_file};
use crate::live::world::World;
use crate::support::command::Home;

/// How a WebM file begins.
const WEBM: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];

pub(super) fn check(world: &World) {
    let (home, secret) = (&world.home, password_file(world).display().to_string());
    let with = |command: &[&'static str], user| [command, &["--username", user]].concat();
    let by = ["--password-file", &secret];
    // Less than its own time service would put right at once.
    assert_eq!(as_root(world, "date -u -s \"@$(( $(date +%s) - 300 ))\"").code, 0);
    let refused = home.error(1, &[&with(&["clock", VM, "--repair"], "admin")[..], &by].concat());
    assert_eq!(refused["code"], "permission_denied", "{refused}");
    let told = drift(&home.json(&[&with(&["clock", VM], "root")[..], &by].concat()), "drift_ms");
    assert!((-305_000..-290_000).contains(&told), "{told}");
    let shown = home.json(&[&with(&["status", VM, "--guest"], "root")[..], &by].concat());
    let guest = &shown["items"][0]["guest"];
    assert!((-305_000..-290_000).contains(&drift_of(guest, "clock_drift_ms")), "{shown}");
    let traffic = &guest["bytes_per_second"];
    assert!(traffic["received"].is_u64() && traffic["written"].is_u64(), "{shown}");
    let repaired = home.json(&[&with(&["clock", VM, "--repair"], "root")[..], &by].concat());
    assert!(drift(&repaired, "drift_before_ms") < -290_000, "{repaired}");
    assert!(drift(&repaired, "drift_ms").abs() < 3_000, "{repaired}");

    // Nobody sits at a desktop there, and it has none.
    let pasted =
        home.error(7, &[&with(&["type", VM, "日本", "--via", "guest"], "root")[..], &by].concat());
    assert_eq!(pasted["code"], "guest_not_ready", "{pasted}");

    film(home);
}

fn film(home: &Home) {
    let file = home.path().join("film.webm");
    home.ok(&["record", VM, "--for", "2s", "--to", &file.display().to_string()]);
    let made = std::fs::read(&file).unwrap();
    assert!(made.starts_with(&WEBM) && made.len() > 1000, "{} bytes", made.len());
    let nowhere = home.error(3, &["record", VM, "--for", "2s", "--to", "nowhere/film.webm"]);
    assert_eq!(nowhere["code"], "file_not_found", "{nowhere}");
}

fn drift(document: &Value, field: &str) -> i64 {
    drift_of(&document["items"][0], field)
}

fn drift_of(item: &Value, field: &str) -> i64 {
    item[field].as_i64().unwrap_or_else(|| panic!("{item}"))
}
