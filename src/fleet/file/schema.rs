use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Kind};
use super::read::SCHEMA;
use crate::fleet::Condition;

/// Returns the JSON schema (draft 2020-12) of a file of VMs.
pub fn schema() -> Value {
    let vm: Map<String, Value> =
        KEYS.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "VMs that belong together, for `vm-cli up` and `down`",
        "description": "What is not said of a VM comes from the configuration.",
        "type": "object",
        "required": ["vms"],
        "additionalProperties": false,
        "properties": {
            "$schema": {
                "type": "string", "description": "Where this schema is, for editors."
            },
            "schema": { "const": SCHEMA, "description": "The version of this shape." },
            "vms": {
                "description": "The VMs by their names.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": vm,
                },
            },
        },
    })
}

fn property(key: &Key) -> Value {
    let mut property = Map::from_iter([("description".to_owned(), json!(key.doc))]);
    if let Value::Object(shape) = shape(key.kind) {
        property.extend(shape);
    }
    Value::Object(property)
}

fn shape(kind: Kind) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    match kind {
        Kind::Count { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Amount => json!({ "type": ["integer", "string"], "minimum": 0 }),
        Kind::Port(words) => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": u16::MAX },
            { "enum": words },
            { "type": "string", "pattern": "^[0-9+]+$" },
        ] }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Texts => json!({ "anyOf": [{ "type": "string" }, texts] }),
        Kind::Needs => json!({ "anyOf": [
            { "type": "object", "additionalProperties": { "enum": Condition::WORDS } },
            texts,
        ] }),
    }
}
