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
/// What [`Shape::Network`] accepts; the name is not blank.
const NETWORK: &str = concat!(
    r"^(none|nat|(bridged|hostonly|intnet|natnetwork):(?=[\s\S]*\S)",
    r"[^\-\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*)$",
);
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use jsonschema::Validator;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::Value;
    use serde_json::json;

    use super::schema;
    use crate::config::Key;
    use crate::config::keys;

    static VALIDATOR: LazyLock<Validator> =
        LazyLock::new(|| jsonschema::draft202012::new(&schema()).unwrap());

    fn document(key: &Key, value: &Value) -> Value {
        let section = key.path.split_once('.').unwrap().0;
        json!({ section: { key.name(): value } })
    }

    fn number() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<i64>().prop_map(Value::from),
            (-2i32..5000).prop_map(Value::from),
            (-2i32..5000).prop_map(|number| json!(f64::from(number))),
            any::<f64>().prop_map(|number| json!(number)),
        ]
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "(nat|none|bridged|intnet):?[ -]?[a-z \\t]{0,3}",
            "[a-z0]{1,6}"
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let words: Vec<_> = keys().flat_map(|key| key.kind.words()).copied().collect();
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number(),
            text().prop_map(Value::from),
            select(words).prop_map(Value::from),
        ];
        let ports = (0u32..70_000, 0u32..70_000).prop_map(|(a, b)| json!([a.min(b), a.max(b)]));
        let list = prop::collection::vec(leaf.clone(), 0..4).prop_map(Value::from);
        prop_oneof![4 => leaf, 1 => ports, 1 => list, 1 => Just(json!({}))]
    }

    #[test]
    fn it_is_a_valid_schema_of_its_draft() {
        assert!(jsonschema::meta::is_valid(&schema()));
    }

    #[test]
    fn it_refuses_what_is_no_section_and_what_is_no_key() {
        assert!(VALIDATOR.is_valid(&json!({ "$schema": "./x.json", "retry": {} })));
        assert!(!VALIDATOR.is_valid(&json!({ "retries": {} })));
        assert!(!VALIDATOR.is_valid(&json!({ "retry": { "max": 1 } })));
        assert!(!VALIDATOR.is_valid(&json!({ "retry": null })));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn it_accepts_a_value_exactly_if_the_key_does(
            key in select(keys().collect::<Vec<_>>()),
            value in value(),
        ) {
            // What a schema cannot say: that the first of two ports is not above the last.
            let ports: Vec<_> = value.as_array().into_iter().flatten().map(Value::as_f64).collect();
            prop_assume!(ports.is_sorted());
            let accepted = key.kind.check(&value).is_ok();
            prop_assert_eq!(VALIDATOR.is_valid(&document(key, &value)), accepted, "{}", value);
        }
    }
}
