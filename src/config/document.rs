use serde_json::Map;
use serde_json::Value;

use super::FileRole;
use super::Key;
use super::Layer;
use super::Origin;
use super::Problem;
use super::SECTIONS;
use super::Section;
use super::Trust;
use super::find;
use super::keys;
use super::nearest::nearest;

/// Reads a file's content: the values that are right, and everything that is wrong.
pub(super) fn read(origin: Origin, document: &Value) -> (Layer, Vec<Problem>) {
    let mut reading = Reading { layer: Layer { origin, values: Vec::new() }, problems: Vec::new() };
    match document {
        Value::Object(sections) => reading.sections(sections),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            let why = "must be an object of sections, such as {\"vm_defaults\": {}}";
            reading.problems.push(Problem::whole(&reading.layer.origin, why));
        }
    }
    (reading.layer, reading.problems)
}

/// Checks one value for a key.
///
/// The sample file names every key: null, which leaves the choice to us, may stand anywhere.
pub(super) fn check(origin: &Origin, key: &'static Key, value: &Value) -> Result<Value, Problem> {
    if key.trust == Trust::UserOnly && is_of_project(origin) && !value.is_null() {
        let why = "must not be set by the file in the current folder, which may come with \
                   somebody else's files: set it in your own file, or name this one by `--config`";
        return Err(Problem::with(origin, key.path, why));
    }
    key.kind
        .check(value)
        .map_err(|refusal| Problem::with(origin, key.path, refusal.why).near(refusal.nearest))
}

fn is_of_project(origin: &Origin) -> bool {
    matches!(origin, Origin::File(FileRole::Project, _))
}

struct Reading {
    layer: Layer,
    problems: Vec<Problem>,
}

impl Reading {
    fn sections(&mut self, sections: &Map<String, Value>) {
        for (name, content) in sections {
            match (SECTIONS.iter().find(|section| section.name == name), content) {
                (Some(section), Value::Object(values)) => self.section(section, values),
                (Some(_), _) => self.wrong(name, "must be an object of keys", None),
                // Editors find the schema by it.
                (None, _) if name == "$schema" => {}
                (None, _) if find(name).is_some() => {
                    let nested = name.replacen('.', "\": {\"", 1);
                    self.wrong(name, &format!("must be nested: {{\"{nested}\": …}}}}"), None);
                }
                (None, _) => self.wrong(name, "is not a known section", likely_section(name)),
            }
        }
    }

    fn section(&mut self, section: &'static Section, values: &Map<String, Value>) {
        for (name, value) in values {
            let path = format!("{}.{name}", section.name);
            match section.keys.iter().find(|key| key.name() == name) {
                Some(key) => match check(&self.layer.origin, key, value) {
                    Ok(value) => self.layer.values.push((key, value)),
                    Err(problem) => self.problems.push(problem),
                },
                None => self.wrong(&path, "is not a known key", likely_key(section, name)),
            }
        }
    }

    fn wrong(&mut self, key: &str, why: &str, likely: Option<String>) {
        self.problems.push(Problem::with(&self.layer.origin, key, why).near(likely));
    }
}

/// Returns what was probably meant by a section that is not there: a key without its section, a
/// section, or a key.
fn likely_section(name: &str) -> Option<String> {
    let section = || nearest(name, SECTIONS.iter().map(|section| section.name));
    named(name).or_else(section).or_else(|| nearest_of(keys(), name))
}

/// Returns what was probably meant by a key that is not there: a key of another section, a key of
/// this one, or any.
fn likely_key(section: &Section, name: &str) -> Option<String> {
    named(name).or_else(|| nearest_of(section.keys, name)).or_else(|| nearest_of(keys(), name))
}

fn named(name: &str) -> Option<String> {
    keys().find(|key| key.name() == name).map(|key| key.path.to_owned())
}

fn nearest_of(keys: impl IntoIterator<Item = &'static Key>, name: &str) -> Option<String> {
    nearest(name, keys.into_iter().map(Key::name)).and_then(|name| named(&name))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::Value;
    use serde_json::json;

    use super::read;
    use crate::config::FileRole;
    use crate::config::Origin;

    fn problems(document: &Value) -> Vec<String> {
        let origin = Origin::File(FileRole::User, PathBuf::from("my.json"));
        read(origin, document).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_misspelt_key_or_section_is_answered_with_the_nearest() {
        let cases = [
            (
                json!({"vm_defaults": {"memroy_mb": 1}}),
                "`vm_defaults.memroy_mb` is not a known key, did you mean `vm_defaults.memory_mb`?",
            ),
            (
                json!({"vm_default": {}}),
                "`vm_default` is not a known section, did you mean `vm_defaults`?",
            ),
            (
                json!({"memory_mb": 1}),
                "`memory_mb` is not a known section, did you mean `vm_defaults.memory_mb`?",
            ),
            (
                json!({"vm_defaults": {"iso_path": "x"}}),
                "`vm_defaults.iso_path` is not a known key, did you mean `storage.iso_path`?",
            ),
            (
                json!({"vm_defaults.memory_mb": 1}),
                r#"`vm_defaults.memory_mb` must be nested: {"vm_defaults": {"memory_mb": …}}"#,
            ),
            (json!({"zzz": 1}), "`zzz` is not a known section"),
            (json!({"ssh": {"qqqq": 1}}), "`ssh.qqqq` is not a known key"),
            (json!({"ssh": []}), "`ssh` must be an object of keys"),
        ];
        for (document, expected) in cases {
            assert_eq!(problems(&document), [format!("my.json: {expected}")]);
        }
    }

    #[test]
    fn everything_that_is_wrong_is_reported_and_what_is_right_is_kept() {
        let document = json!({
            "$schema": "./vm_orchestrator.schema.json",
            "retry": {"max_attempts": 0, "base_delay_ms": 7, "speed": 1},
            "shh": {},
        });
        let (layer, problems) = read(Origin::Default, &document);
        let wrong: Vec<_> = problems.iter().filter_map(|it| it.key.as_deref()).collect();
        assert_eq!(wrong, ["retry.max_attempts", "retry.speed", "shh"]);
        let right: Vec<_> = layer.values.iter().map(|(key, value)| (key.path, value)).collect();
        assert_eq!(right, [("retry.base_delay_ms", &json!(7))]);
    }

    #[test]
    fn the_file_of_a_checkout_cannot_choose_the_program_that_is_run() {
        let document = json!({"hypervisor": {"vboxmanage": "./evil", "driver": "simulated"}});
        let set_by = |role| read(Origin::File(role, PathBuf::from("it.json")), &document);
        for role in [FileRole::User, FileRole::Named] {
            assert_eq!(set_by(role).1, []);
        }
        let (layer, problems) = set_by(FileRole::Project);
        assert_eq!(layer.values.len(), 1);
        assert_eq!(problems.len(), 1);
        let told = problems[0].to_string();
        assert!(told.starts_with("it.json: `hypervisor.vboxmanage` must not be set"), "{told}");
        let sample = json!({"hypervisor": {"vboxmanage": null}});
        let origin = Origin::File(FileRole::Project, PathBuf::from("it.json"));
        assert_eq!(read(origin, &sample).1, []);
    }

    #[test]
    fn a_document_that_is_no_object_is_one_problem() {
        for document in [json!(null), json!([1]), json!("x")] {
            assert!(problems(&document)[0].starts_with("my.json: must be an object"));
        }
    }

    #[test]
    fn an_absurd_key_is_shortened_and_escaped() {
        let problem = &problems(&json!({"a\u{1b}[31m".repeat(1000): 1}))[0];
        assert!(problem.len() < 1000 && !problem.contains('\u{1b}'), "{problem}");
    }
}
