use serde_json::Map;
use serde_json::Value;

use super::Key;
use super::Layer;
use super::Origin;
use super::SECTIONS;
use super::Section;
use super::keys;

/// The value of every key, with where it came from.
#[derive(Debug, Clone)]
pub struct Effective(Vec<Entry>);

/// The value of one key.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: &'static Key,
    /// Its value.
    pub value: Value,
    /// Where the value came from.
    pub origin: Origin,
}

impl Effective {
    /// Stacks layers on the defaults, the last one uppermost.
    pub(super) fn stack(layers: Vec<Layer>) -> Self {
        let default =
            |key: &'static Key| Entry { key, value: key.kind.default(), origin: Origin::Default };
        let mut entries: Vec<_> = keys().map(default).collect();
        for Layer { origin, values } in layers {
            for (key, value) in values {
                if let Some(entry) = entries.iter_mut().find(|entry| entry.key.path == key.path) {
                    *entry = Entry { key, value, origin: origin.clone() };
                }
            }
        }
        Self(entries)
    }

    /// Returns every key with its value, in the order of the sample file.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// Returns the value of a path such as `vm_defaults.memory_mb`.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key.path == path)
    }

    /// Returns the values in the shape of a configuration file.
    pub fn document(&self) -> Value {
        let value = |key: &Key| {
            let value = self.get(key.path).map(|entry| entry.value.clone());
            (key.name().to_owned(), value.unwrap_or(Value::Null))
        };
        let section = |section: &Section| {
            let values: Map<_, _> = section.keys.iter().map(value).collect();
            (section.name.to_owned(), Value::Object(values))
        };
        Value::Object(SECTIONS.iter().map(section).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Effective;
    use crate::config::Layer;
    use crate::config::Origin;
    use crate::config::find;

    #[test]
    fn the_uppermost_layer_wins_and_is_remembered() {
        let key = find("retry.max_attempts").unwrap();
        let layer = |flag: &str, value| Layer {
            origin: Origin::Flag(flag.to_owned()),
            values: vec![(key, json!(value))],
        };
        let effective = Effective::stack(vec![layer("--low", 2), layer("--high", 3)]);
        let entry = effective.get("retry.max_attempts").unwrap();
        assert_eq!((entry.value.clone(), entry.origin.to_string()), (json!(3), "--high".into()));
        assert_eq!(effective.get("retry.base_delay_ms").unwrap().origin, Origin::Default);
        assert_eq!(effective.document()["retry"]["max_attempts"], json!(3));
        assert_eq!(effective.document()["networking"]["vnc_port_range"], json!([5900, 5950]));
    }
}
