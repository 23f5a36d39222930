use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::Key;
use super::Kind;
use super::SECTIONS;
use super::Section;
use super::Shape;

/// A text that no program takes for an option, see [`Shape::Plain`].
const PLAIN: &str = r"^[^\- \u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";
/// Looser than the check in one point: a name of blanks alone is refused only by the latter.
const NETWORK: &str = r"^(none|nat|(bridged|hostonly|intnet|natnetwork):[^\-\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*)$";
const NO_NUL: &str = r"^[^\u0000]+$";

/// Returns the JSON schema (draft 2020-12) of a configuration file.
pub fn schema() -> Value {
    let link = json!({ "type": "string", "description": "Where this schema is, for editors." });
    let mut properties = Map::from_iter([("$schema".to_owned(), link)]);
    properties.extend(SECTIONS.iter().map(|it| (it.name.to_owned(), section(it))));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of vm-cli",
        "description": "Every section and every key may be left out.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn section(section: &Section) -> Value {
    let properties: Map<_, _> =
        section.keys.iter().map(|key| (key.name().to_owned(), property(key))).collect();
    json!({
        "description": section.doc,
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(key: &Key) -> Value {
    let variable = key.alias.map_or_else(|| key.variable(), str::to_owned);
    let mut property = Map::new();
    let description = format!("{} Environment: {variable}.", key.doc);
    property.insert("description".to_owned(), json!(description));
    if let Value::Object(shape) = shape(&key.kind) {
        property.extend(shape);
    }
    property.insert("default".to_owned(), key.kind.default());
    Value::Object(property)
}

fn shape(kind: &Kind) -> Value {
    match *kind {
        Kind::Integer { min, max, .. } => {
            json!({ "type": "integer", "minimum": min, "maximum": max })
        }
        Kind::Switch { .. } => json!({ "type": "boolean" }),
        Kind::Word { words, .. } => json!({ "type": "string", "enum": words }),
        Kind::Text { shape: Shape::Plain, .. } => json!({ "type": "string", "pattern": PLAIN }),
        Kind::Text { shape: Shape::Network, .. } => {
            json!({ "type": "string", "pattern": NETWORK })
        }
        Kind::Path => json!({ "type": ["string", "null"], "pattern": NO_NUL }),
        Kind::Ports { .. } => json!({
            "type": "array",
            "items": { "type": "integer", "minimum": 1, "maximum": u16::MAX },
            "minItems": 2,
            "maxItems": 2,
        }),
        Kind::Balloon { max } => {
            json!({ "type": ["boolean", "integer"], "minimum": 0, "maximum": max })
        }
    }
}
