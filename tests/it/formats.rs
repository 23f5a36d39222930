//! Every command that shows something shows one document to a program that asks for it.

use serde_json::Value;

use crate::support::command::Home;

#[test]
fn a_demonstration_is_one_document() {
    let home = Home::simulated();
    let document = home.json(&["demo"]);
    let steps: Vec<&str> =
        document["items"].as_array().unwrap().iter().filter_map(|it| it["step"].as_str()).collect();
    assert_eq!(steps.first(), Some(&"create a VM"), "{document}");
    assert_eq!(steps.last(), Some(&"delete it"), "{document}");
    assert!(document["items"].as_array().unwrap().iter().all(|it| it["took_ms"].is_u64()));
    assert_eq!(home.ok(&["list", "-q"]), "");
}

#[test]
fn a_log_is_one_document() {
    let home = Home::simulated();
    home.ok(&["list"]);
    let document = home.json(&["logs"]);
    assert_eq!(document["schema"], 1);
    let first = document["items"][0]["line"].as_str().unwrap();
    assert!(first.contains("begins"), "{document}");
    for line in home.ok(&["logs", "--format", "jsonl"]).lines() {
        let item: Value = serde_json::from_str(line).unwrap();
        assert!(item["line"].is_string(), "{item}");
    }
    assert_eq!(home.error(2, &["logs", "--follow"])["code"], "usage");
}
