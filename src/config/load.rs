use std::path::Path;
use std::path::PathBuf;

use super::Effective;
use super::FileRole;
use super::Flag;
use super::Layer;
use super::Origin;
use super::Problem;
use super::Problems;
use super::Settings;
use super::Sources;
use super::combinations;
use super::document;
use super::environment;
use super::file;
use super::find;
use super::typed;
use crate::error::Error;

/// A configuration that was found right.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What holds.
    pub settings: Settings,
    /// The same by key, with where each value came from.
    pub effective: Effective,
    /// The files that were looked for, from the lowest to the highest.
    pub files: Vec<FileFound>,
}

/// A file that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFound {
    /// Why it is read.
    pub role: FileRole,
    /// Where it is.
    pub path: PathBuf,
    /// Whether it was there.
    pub presence: Presence,
}

/// Whether a file was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It was there and was read.
    Read,
    /// It was not there.
    Missing,
}

/// Loads the configuration, or reports everything that is wrong with it at once (see
/// [`Problems::of`]).
pub fn load(sources: &Sources) -> Result<Loaded, Error> {
    let mut loading = Loading::default();
    for (role, path) in sources.files() {
        loading.file(role, path);
    }
    let (layers, problems) = environment::read(&sources.environment);
    loading.layers.extend(layers);
    loading.problems.extend(problems);
    for flag in &sources.flags {
        loading.flag(flag);
    }
    loading.finish(sources.home.as_deref())
}

#[derive(Default)]
struct Loading {
    layers: Vec<Layer>,
    problems: Vec<Problem>,
    files: Vec<FileFound>,
}

impl Loading {
    fn file(&mut self, role: FileRole, path: &Path) {
        let presence = match file::read(role, path) {
            Ok(None) => Presence::Missing,
            Ok(Some(content)) => {
                let origin = Origin::File(role, path.to_owned());
                let (layer, problems) = document::read(origin, &content);
                self.layers.push(layer);
                self.problems.extend(problems);
                Presence::Read
            }
            Err(problem) => return self.problems.push(problem),
        };
        self.files.push(FileFound { role, path: path.to_owned(), presence });
    }

    fn flag(&mut self, flag: &Flag) {
        let origin = Origin::Flag(flag.name.clone());
        let layer = match find(flag.key) {
            Some(key) => environment::one(origin, key, &flag.value),
            None => Err(Problem::with(&origin, flag.key, "is not a known key")),
        };
        match layer {
            Ok(layer) => self.layers.push(layer),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn finish(mut self, home: Option<&Path>) -> Result<Loaded, Error> {
        let effective = Effective::stack(self.layers);
        self.problems.extend(combinations::check(&effective, &self.problems));
        if !self.problems.is_empty() {
            return Err(Problems::from(self.problems).into_error());
        }
        let settings = typed::settings(&effective, home)?;
        Ok(Loaded { settings, effective, files: self.files })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::Value;
    use serde_json::json;
    use tempfile::TempDir;

    use super::load;
    use crate::config::Environment;
    use crate::config::Flag;
    use crate::config::Key;
    use crate::config::Origin;
    use crate::config::Presence;
    use crate::config::Problem;
    use crate::config::Problems;
    use crate::config::SECTIONS;
    use crate::config::Settings;
    use crate::config::Sources;
    use crate::config::keys;
    use crate::error::ErrorKind;

    /// A folder of configuration files.
    struct Files(TempDir);

    impl Files {
        fn new() -> Self {
            Self(TempDir::new().unwrap())
        }

        fn write(&self, name: &str, content: &impl ToString) -> PathBuf {
            let path = self.0.path().join(name);
            fs::write(&path, content.to_string()).unwrap();
            path
        }
    }

    fn problems(sources: &Sources) -> Vec<Problem> {
        let error = load(sources).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        Problems::of(&error).to_vec()
    }

    fn attempts(number: u32) -> Value {
        json!({ "retry": { "max_attempts": number } })
    }

    #[test]
    fn nothing_said_is_the_defaults() {
        let loaded = load(&Sources::default()).unwrap();
        assert_eq!(loaded.settings, Settings::default());
        assert!(loaded.effective.entries().iter().all(|it| it.origin == Origin::Default));
    }

    #[test]
    fn each_source_stands_over_the_ones_below() {
        let files = Files::new();
        let variable = ("VM_CLI_RETRY_MAX_ATTEMPTS", "14");
        let key = "retry.max_attempts";
        let flag = Flag { name: "--attempts".to_owned(), key, value: "15".into() };
        let mut sources = Sources::default();
        let mut expect = |kind: &str, number: u32, add: &dyn Fn(&mut Sources)| {
            add(&mut sources);
            let loaded = load(&sources).unwrap();
            assert_eq!(loaded.settings.retry.policy.max_attempts, number);
            assert_eq!(loaded.effective.get(key).unwrap().origin.kind(), kind);
        };
        expect("user", 11, &|it| it.user = Some(files.write("user.json", &attempts(11))));
        expect("project", 12, &|it| it.project = Some(files.write("project.json", &attempts(12))));
        expect("named", 13, &|it| it.named = Some(files.write("named.json", &attempts(13))));
        expect("environment", 14, &|it| it.environment = [variable].into_iter().collect());
        expect("flag", 15, &|it| it.flags = vec![flag.clone()]);
    }

    #[test]
    fn files_add_up_key_by_key_and_null_takes_a_path_back() {
        let files = Files::new();
        let user = json!({ "storage": { "iso_path": "/iso", "vm_storage_path": "/vms" } });
        let sources = Sources {
            user: Some(files.write("user.json", &user)),
            project: Some(files.write("project.json", &json!({ "storage": { "iso_path": null } }))),
            ..Sources::default()
        };
        let storage = load(&sources).unwrap().settings.storage;
        assert_eq!(storage.iso_path, None);
        assert_eq!(storage.vm_storage_path, Some(PathBuf::from("/vms")));
    }

    #[test]
    fn a_missing_file_is_told_and_is_a_problem_only_if_it_was_named() {
        let missing = Some(Files::new().0.path().join("gone.json"));
        let sources = Sources { user: missing.clone(), ..Sources::default() };
        let files = load(&sources).unwrap().files;
        assert_eq!(files.iter().map(|it| it.presence).collect::<Vec<_>>(), [Presence::Missing]);
        let problems = problems(&Sources { named: missing, ..Sources::default() });
        assert!(problems[0].to_string().contains("gone.json: cannot be read"));
    }

    #[test]
    fn the_problems_of_all_sources_are_reported_at_once() {
        let files = Files::new();
        let key = "ssh.connect_seconds";
        let sources = Sources {
            user: Some(files.write("user.json", &"{\"retry\": {},}")),
            project: Some(
                files.write("project.json", &json!({ "vm_defaults": { "memroy_mb": 1 } })),
            ),
            named: Some(files.write("named.json", &json!({ "retry": { "base_delay_ms": 9000 } }))),
            environment: [("VM_CLI_TIMEOUTS_STOP_SECONDS", "soon")].into_iter().collect(),
            flags: vec![Flag { name: "--connect".to_owned(), key, value: "0".into() }],
            home: None,
        };
        let error = load(&sources).unwrap_err();
        assert_eq!(error.message(), "the configuration has 5 problems");
        let text = error.causes().concat();
        for part in [
            "user.json: is not valid JSON: trailing comma at line 1 column 14",
            "project.json: `vm_defaults.memroy_mb` is not a known key, did you mean `vm_defaults.m",
            "VM_CLI_TIMEOUTS_STOP_SECONDS: `timeouts.stop_seconds` must be a whole number",
            "--connect: `ssh.connect_seconds` must be a whole number",
            "named.json: `retry.base_delay_ms` is 9000, but `retry.max_delay_ms` is 5000 (default)",
        ] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let sections = SECTIONS.iter().map(|it| it.name);
            let names: Vec<_> = sections.chain(keys().map(Key::name)).collect();
            let name = prop_oneof![select(names).prop_map(str::to_owned), any::<String>()];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..6)
                    .prop_map(|it| Value::Object(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_problem_of_any_json_names_its_file_and_key(document in json_value()) {
            let files = Files::new();
            let named = Some(files.write("any.json", &document));
            if let Err(error) = load(&Sources { named, ..Sources::default() }) {
                prop_assert!(!Problems::of(&error).is_empty());
                for problem in Problems::of(&error) {
                    prop_assert!(problem.to_string().contains("any.json: "));
                    prop_assert_eq!(problem.key.is_some(), document.is_object());
                }
            }
        }

        #[test]
        fn no_bytes_in_a_file_and_no_text_in_a_variable_make_it_panic(
            bytes: Vec<u8>,
            key in select(keys().collect::<Vec<_>>()),
            text: String,
        ) {
            let files = Files::new();
            let named = Some(files.write("any.json", &""));
            fs::write(files.0.path().join("any.json"), bytes).unwrap();
            let variable = (key.variable(), text.replace('\0', ""));
            let environment: Environment = [variable].into_iter().collect();
            if let Err(error) = load(&Sources { named, environment, ..Sources::default() }) {
                prop_assert!(!Problems::of(&error).is_empty());
            }
        }
    }
}
