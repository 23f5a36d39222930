//! The dialog of an installer on the guest's screen, whose truth is the page that it was drawn from.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::VM;
use super::reporter::{LEFT, heard};
use super::session::Session;
use crate::live::world::World;

/// Every label, button, field and check box is found, with its state.
pub(super) fn every_control_is_read(world: &World, session: &mut Session) {
    session.run("show setup");
    world.home.ok(&["wait", VM, "text", "Choose where to install"]);
    let seen = world.home.json(&["analyze", VM]);
    assert_eq!(seen["items"][0]["state"]["kind"], "installer", "{seen}");
    let elements = seen["items"][0]["elements"].as_array().unwrap();
    let of = |kind: &str| elements.iter().filter(|it| it["kind"] == kind).collect::<Vec<&Value>>();
    let told =
        |kind: &str, what: &str| of(kind).iter().map(|it| it[what].clone()).collect::<Vec<_>>();
    let labels = [
        "Choose where to install",
        "Destination folder:",
        "Space required: 248 MB",
        "Space available: 41.7 GB",
        "Start",
        "10:42 AM",
    ];
    assert_eq!(told("text", "text"), labels, "{seen}");
    assert_eq!(told("title-bar", "text"), ["Contoso Backup Setup"]);
    assert_eq!(told("field", "text"), ["C:\\Program Files\\Contoso"]);
    assert_eq!(told("field", "label"), ["Destination folder"]);
    assert_eq!(told("checkbox", "text"), ["Create a desktop shortcut", "Start when I sign in"]);
    assert_eq!(told("checkbox", "checked"), [true, false]);
    assert_eq!(told("button", "text"), ["Browse...", "< Back", "Install", "Cancel"]);
    for button in of("button") {
        let (left, top, width, height) = true_box(button["text"].as_str().unwrap());
        let side = |name: &str| button["box"][name].as_i64().unwrap();
        let far =
            [side("x") - left, side("y") - top, side("width") - width, side("height") - height];
        assert!(far.iter().all(|it| it.abs() <= 3), "{button}: {far:?} off");
    }
    for kind in ["button", "field", "checkbox"] {
        assert!(told(kind, "enabled").iter().all(|it| *it == json!(true)), "{seen}");
        assert!(told(kind, "clickable").iter().all(|it| *it == json!(true)), "{seen}");
    }
}

/// Its button is pressed where it is: nobody tells its place.
pub(super) fn a_button_by_its_text(world: &World, session: &mut Session) {
    let mut place = (-9, -9);
    heard(session, &mut place);
    let clicked = world.home.json(&["click", VM, "--text", "Install", "--kind", "button"]);
    let at = &clicked["items"][0]["at"];
    let (left, top, width, height) = true_box("Install");
    let is_inside =
        |x: i64, y: i64| (left..left + width).contains(&x) && (top..top + height).contains(&y);
    let told = |axis| at[axis].as_i64().unwrap();
    assert!(is_inside(told("x"), told("y")), "{clicked}");
    let seen = heard(session, &mut place);
    assert_eq!(seen.buttons, [(LEFT, 1), (LEFT, 0)]);
    assert_eq!(seen.places, [(told("x"), told("y"))].map(|(x, y)| (small(x), small(y))));
}

fn small(coordinate: i64) -> i32 {
    i32::try_from(coordinate).unwrap()
}

/// Returns where a button of the dialog is: its left, top, width, height in the picture's source.
fn true_box(button: &str) -> (i64, i64, i64, i64) {
    let source =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest/setup.html"));
    let source = source.unwrap();
    let line = |what: &str| source.lines().find(|line| line.contains(what)).unwrap();
    let number = |line: &str, key: &str| -> i64 {
        let (_, rest) = line.split_once(&format!("{key}:")).unwrap();
        rest.split_once("px").unwrap().0.parse().unwrap()
    };
    // The dialog has a border of one pixel, within which its places are counted.
    let (dialog, button) =
        (line("width:600px"), line(&format!(">{}</button>", button.replace('<', "&lt;"))));
    let along = |key| number(dialog, key) + 1 + number(button, key);
    (along("left"), along("top"), number(button, "width"), number(button, "height"))
}
