//! What is read from pictures of screens, by the built program.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::command::Home;

/// A home with the pictures of real screens in it.
fn with_screens() -> Home {
    let home = Home::simulated();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens");
    for name in ["installer-1024x768.png", "console-1024x768.png", "boot-text-720x400.png"] {
        std::fs::copy(folder.join(name), home.path().join(name)).unwrap();
    }
    home
}

const INSTALLER: &str = "installer-1024x768.png";

fn elements(seen: &Value, kind: &str) -> Vec<Value> {
    let all = seen["items"][0]["elements"].as_array().unwrap();
    all.iter().filter(|it| it["kind"] == kind).cloned().collect()
}

fn texts(seen: &Value, kind: &str) -> Vec<String> {
    elements(seen, kind).iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_control_of_a_real_installer_is_found_with_its_state() {
    let home = with_screens();
    let seen = home.json(&["analyze", INSTALLER, "--annotate", "boxes.png"]);
    assert_eq!(seen["items"][0]["state"]["kind"], "installer", "{seen}");
    assert_eq!(texts(&seen, "button"), ["Browse...", "< Back", "Install", "Cancel"]);
    let fields = elements(&seen, "field");
    assert_eq!(fields.len(), 1);
    assert_eq!(fields[0]["label"], "Destination folder");
    assert_eq!(fields[0]["text"], "C:\\Program Files\\Contoso");
    let boxes = elements(&seen, "checkbox");
    let told: Vec<_> = boxes.iter().map(|it| (&it["text"], &it["checked"])).collect();
    assert_eq!(told[0], (&json!("Create a desktop shortcut"), &json!(true)));
    assert_eq!(told[1].1, &json!(false));
    assert_eq!(texts(&seen, "dialog"), ["Contoso Backup Setup"]);
    let drawn = std::fs::read(home.path().join("boxes.png")).unwrap();
    let plain = std::fs::read(home.path().join(INSTALLER)).unwrap();
    assert_ne!(drawn, plain);
}

#[test]
fn what_is_looked_for_is_found_or_the_nearest_is_told() {
    let home = with_screens();
    let place = home.ok(&["find", INSTALLER, "install", "--kind", "button", "--first", "-q"]);
    let numbers: Vec<i32> = place.split_whitespace().map(|it| it.parse().unwrap()).collect();
    assert!((numbers[0] - 631).abs() < 20 && (numbers[1] - 552).abs() < 8, "{place}");
    let error = home.error(3, &["find", INSTALLER, "Instal now!!", "--kind", "button"]);
    assert!(error["hint"].as_str().unwrap().contains("button `Install`"), "{error}");
    home.error(2, &["find", INSTALLER, "Install", "--kind", "knob"]);
}

#[test]
fn scripts_can_rely_on_exit_codes() {
    let home = with_screens();
    home.ok(&["assert", "text", INSTALLER, "Space required"]);
    home.ok(&[
        "assert",
        "element",
        INSTALLER,
        "Create a desktop",
        "--kind",
        "checkbox",
        "--state",
        "on",
    ]);
    home.error(4, &["assert", "element", INSTALLER, "Create a desktop shortcut", "--state", "off"]);
    home.error(3, &["assert", "text", INSTALLER, "Setup is complete"]);
    home.error(3, &["assert", "text", "nowhere.png", "x"]);
}

#[test]
fn a_console_is_read_as_text() {
    let home = with_screens();
    let text = home.ok(&["analyze", "console-1024x768.png", "--text"]);
    assert!(text.contains("Unpacking initramfs..."), "{text}");
    let seen = home.json(&["analyze", "boot-text-720x400.png"]);
    assert_eq!(seen["items"][0]["state"]["kind"], "boot-loader");
}

#[test]
fn a_click_finds_its_place_by_the_text() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    home.ok(&["wait", "web", "screen-stable", "--still", "1500ms"]);
    let text = home.ok(&["analyze", "web", "--text"]);
    let word = text.split_whitespace().max_by_key(|it| it.len()).unwrap();
    let found = home.json(&["find", "web", word, "--first"])["items"][0]["center"].clone();
    let clicked = home.json(&["click", "web", "--text", word]);
    assert_eq!(clicked["items"][0]["at"], found, "{clicked}");
    home.error(3, &["click", "web", "--text", "there is no such text anywhere"]);
    home.error(2, &["click", "web", "5", "5", "--text", word]);
}

#[test]
fn a_wait_for_text_ends_when_it_is_there_and_tells_the_nearest_when_not() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    home.ok(&["wait", "web", "text", "--text", "This guest is simulated"]);
    let error = home
        .error(5, &["wait", "web", "text", "--text", "guest is stimulating", "--timeout", "5s"]);
    assert!(error.to_string().contains("This guest is simulated"), "{error}");
    home.error(2, &["wait", "web", "text"]);
    home.error(2, &["wait", "web", "ssh", "--text", "x"]);
}

#[test]
fn the_models_are_those_that_the_script_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screen/models");
    let sums = std::fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 3);
    for line in sums.lines() {
        let (expected, name) = line.split_once("  ").unwrap();
        let content = std::fs::read(folder.join(name)).unwrap();
        let sum = Sha256::digest(content);
        let bytes = expected.as_bytes().chunks(2).map(|it| std::str::from_utf8(it).unwrap());
        let expected: Vec<u8> = bytes.map(|it| u8::from_str_radix(it, 16).unwrap()).collect();
        assert_eq!(sum.as_slice(), expected, "{name}");
    }
}
