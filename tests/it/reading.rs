//! What is read from pictures of screens, by the built program.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vm_cli::model::{Frame, Size};
use vm_cli::screen;

use crate::support::command::Home;

/// A home with the pictures of real screens in it.
fn with_screens() -> Home {
    let home = Home::simulated();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens");
    for name in [
        "installer-1024x768.png",
        "console-1024x768.png",
        "console-files-1024x768.png",
        "console-random-1024x768.png",
        "boot-text-720x400.png",
        "bios-logo.png",
    ] {
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
    assert_eq!(told[1], (&json!("Start when I sign in"), &json!(false)));
    assert_eq!(texts(&seen, "text")[0], "Choose where to install", "both of the last letters");
    assert!(texts(&seen, "link").is_empty(), "a blue heading leads nowhere: {seen}");
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

/// Copies a part of a picture to another place of it.
fn patched(png: &[u8], from: (usize, usize), size: (usize, usize), to: (usize, usize)) -> Vec<u8> {
    let frame = screen::decode_png(png).unwrap();
    let width = usize::try_from(frame.size().width).unwrap();
    let mut rgb = frame.rgb().to_vec();
    for row in 0..size.1 {
        let start = ((from.1 + row) * width + from.0) * 3;
        let pixels = frame.rgb()[start..start + size.0 * 3].to_vec();
        let start = ((to.1 + row) * width + to.0) * 3;
        rgb[start..start + size.0 * 3].copy_from_slice(&pixels);
    }
    screen::encode_png(&Frame::new(frame.size(), rgb).unwrap()).unwrap()
}

#[test]
fn what_became_of_each_element_is_told() {
    let home = with_screens();
    let before = std::fs::read(home.path().join(INSTALLER)).unwrap();
    // The second box is ticked as the first one is, and `Cancel` is painted over.
    let ticked = patched(&before, (236, 344), (22, 22), (236, 376));
    let after = patched(&ticked, (240, 480), (130, 40), (682, 530));
    std::fs::write(home.path().join("after.png"), after).unwrap();
    let run = home.run(&["screen-diff", INSTALLER, "after.png", "--elements", "--json"]);
    assert_eq!(run.code, 1, "{run:#?}");
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    let changes = told["items"][0]["elements"].as_array().unwrap();
    let of =
        |kind: &str| -> Vec<&Value> { changes.iter().filter(|it| it["kind"] == kind).collect() };
    assert_eq!(of("changed").len(), 1, "{told}");
    assert_eq!(of("changed")[0]["before"]["checked"], false);
    assert_eq!(of("changed")[0]["after"]["checked"], true);
    assert_eq!(of("changed")[0]["after"]["text"], "Start when I sign in");
    assert_eq!(of("vanished")[0]["before"]["text"], "Cancel", "{told}");
    let text = home.run(&["screen-diff", INSTALLER, "after.png", "--elements"]).stdout;
    assert!(text.contains("off -> on") && text.contains("vanished: ["), "{text}");
    let same = home.json(&["screen-diff", INSTALLER, INSTALLER, "--elements"]);
    assert_eq!(same["items"][0]["elements"], json!([]));
}

#[test]
fn what_stands_together_is_told_as_a_group() {
    let seen = with_screens().json(&["analyze", INSTALLER]);
    let groups = seen["items"][0]["groups"].as_array().unwrap();
    let all = seen["items"][0]["elements"].as_array().unwrap();
    let texts = |kind: &str| -> Vec<Vec<&str>> {
        let groups = groups.iter().filter(|it| it["kind"] == kind);
        let text = |id: &Value| {
            all.iter().find(|it| it["id"] == *id).and_then(|it| it["text"].as_str()).unwrap()
        };
        groups.map(|it| it["elements"].as_array().unwrap().iter().map(text).collect()).collect()
    };
    assert!(texts("row").contains(&vec!["< Back", "Install", "Cancel"]), "{groups:?}");
    assert!(texts("form").iter().any(|it| it.len() == 3), "{groups:?}");
}

#[test]
fn no_picture_is_too_odd_for_a_clear_answer() {
    let home = with_screens();
    let whole = std::fs::read(home.path().join(INSTALLER)).unwrap();
    for (name, bytes) in [
        ("half.png", &whole[..whole.len() / 2]),
        ("jpeg.png", &b"\xff\xd8\xff\xe0\0\x10JFIF\0"[..]),
        ("gif.png", &b"GIF89a\x01\0\x01\0"[..]),
        ("empty.png", &b""[..]),
    ] {
        std::fs::write(home.path().join(name), bytes).unwrap();
        let error = home.error(2, &["analyze", name]);
        assert!(error["message"].as_str().unwrap().contains(name), "{error}");
    }
    let pixel = Frame::new(Size { width: 1, height: 1 }, vec![9; 3]).unwrap();
    std::fs::write(home.path().join("pixel.png"), screen::encode_png(&pixel).unwrap()).unwrap();
    let seen = home.json(&["analyze", "pixel.png", "--quality", "best"]);
    assert_eq!(seen["items"][0]["state"]["kind"], "blank", "{seen}");
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
fn every_word_of_a_console_is_read_as_the_guest_has_written_it() {
    let home = with_screens();
    for name in ["console-files-1024x768", "console-random-1024x768"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens");
        let truth = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
        let text = home.ok(&["analyze", &format!("{name}.png"), "--text"]);
        let read: Vec<&str> = text.split_whitespace().collect();
        let written: Vec<&str> = truth.split_whitespace().collect();
        assert_eq!(read, written, "{name}");
    }
    let boot = home.ok(&["analyze", "boot-text-720x400.png", "--text"]);
    let line = "ISOLINUX 6.04 20200816 ETCD Copyright (C) 1994-2015 H. Peter Anvin et al";
    assert_eq!(boot.trim(), line);
}

#[test]
fn the_logo_of_the_firmware_is_no_desktop() {
    let seen = with_screens().json(&["analyze", "bios-logo.png"]);
    assert_eq!(seen["items"][0]["state"]["kind"], "firmware", "{seen}");
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
    home.ok(&["wait", "web", "text", "This guest is simulated"]);
    home.ok(&["wait", "text", "This guest is simulated", "--name", "web"]);
    home.ok(&["wait", "web", "text", "--text", "This guest is simulated"]);
    let error = home
        .error(5, &["wait", "web", "text", "--text", "guest is stimulating", "--timeout", "5s"]);
    assert!(error.to_string().contains("This guest is simulated"), "{error}");
    home.error(2, &["wait", "web", "text"]);
    home.error(2, &["wait", "web", "text", " "]);
    let taken = home.error(3, &["wait", "text", "ssh"]);
    assert_eq!(taken["vm"], "text", "a condition's word is no text: {taken}");
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
