//! The tool calls of models' vendors, every kind of each, and what becomes of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vm_cli::computer::Dialect;
use vm_cli::model::Size;
use vm_cli::request::{Picture, Space};

/// Every kind of call that a vendor documents, by the field that names it.
fn documented(dialect: Dialect) -> (&'static str, &'static [&'static str]) {
    match dialect {
        Dialect::Anthropic => (
            "action",
            &[
                "key",
                "type",
                "mouse_move",
                "left_click",
                "left_click_drag",
                "right_click",
                "middle_click",
                "double_click",
                "screenshot",
                "cursor_position",
                "left_mouse_down",
                "left_mouse_up",
                "scroll",
                "hold_key",
                "wait",
                "triple_click",
                "zoom",
            ],
        ),
        Dialect::OpenAi => (
            "type",
            &[
                "click",
                "double_click",
                "drag",
                "keypress",
                "move",
                "screenshot",
                "scroll",
                "type",
                "wait",
            ],
        ),
        Dialect::Gemini => (
            "name",
            &[
                "open_web_browser",
                "wait_5_seconds",
                "go_back",
                "go_forward",
                "search",
                "navigate",
                "click_at",
                "hover_at",
                "type_text_at",
                "key_combination",
                "scroll_document",
                "scroll_at",
                "drag_and_drop",
            ],
        ),
    }
}

fn file(dialect: Dialect, kind: &str) -> PathBuf {
    let name = format!("tests/fixtures/computer/calls/{}.{kind}", dialect.as_str());
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn calls(dialect: Dialect) -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(file(dialect, "json")).unwrap()).unwrap()
}

/// Returns every text under a field of this name, however deep.
fn under<'a>(value: &'a Value, name: &str, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(name).and_then(Value::as_str));
            fields.values().for_each(|it| under(it, name, found));
        }
        Value::Array(items) => items.iter().for_each(|it| under(it, name, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_call_becomes_what_is_committed_or_is_refused_clearly() {
    for dialect in Dialect::ALL {
        let mut told = String::new();
        for call in calls(dialect) {
            writeln!(told, "{call}").unwrap();
            match dialect.actions(&call) {
                Ok(actions) => {
                    for action in actions {
                        writeln!(told, "    {action:?}").unwrap();
                    }
                }
                Err(error) => writeln!(told, "    {}: {error}", error.kind().code()).unwrap(),
            }
        }
        let golden = file(dialect, "golden");
        if std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite") {
            std::fs::write(&golden, &told).unwrap();
        }
        let committed = std::fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(told, committed, "{}: SNAPSHOTS=overwrite updates it", golden.display());
    }
}

#[test]
fn every_documented_kind_of_call_is_among_them() {
    for dialect in Dialect::ALL {
        let (field, kinds) = documented(dialect);
        let (calls, mut found) = (calls(dialect), BTreeSet::new());
        for call in &calls {
            under(call, field, &mut found);
        }
        for kind in kinds {
            assert!(found.contains(kind), "{}: no call is a `{kind}`", dialect.as_str());
        }
    }
}

#[test]
fn places_are_counted_in_pixels_of_what_was_shown_or_in_thousandths() {
    let size = Size { width: 1280, height: 800 };
    let image = Space::Image(Picture { size, crop: None });
    for (dialect, shown, space) in [
        (Dialect::Anthropic, None, Space::Native),
        (Dialect::Anthropic, Some(size), image),
        (Dialect::OpenAi, None, Space::Native),
        (Dialect::OpenAi, Some(size), image),
        (Dialect::Gemini, None, Space::Thousandths),
        (Dialect::Gemini, Some(size), Space::Thousandths),
    ] {
        assert_eq!(dialect.space(shown), space, "{}", dialect.as_str());
    }
}
