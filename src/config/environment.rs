use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fmt;

use super::Key;
use super::Layer;
use super::Origin;
use super::Problem;
use super::SECTIONS;
use super::document;
use super::keys;
use super::nearest::nearest;

/// Environment variables, read once by the program and passed in. An empty one counts as not set.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// Returns a variable that is set to something.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self(variables.filter(|(_, value)| !value.is_empty()).collect())
    }
}

impl fmt::Debug for Environment {
    /// Shows the names alone: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Reads every variable that sets a key, and tells which ones look as if they should.
pub(super) fn read(environment: &Environment) -> (Vec<Layer>, Vec<Problem>) {
    let mut layers = Vec::new();
    let mut problems: Vec<_> = environment.0.keys().filter_map(|name| misspelt(name)).collect();
    for key in keys() {
        let names = [Some(key.variable()), key.alias.map(str::to_owned)];
        let set = names.into_iter().flatten().find_map(|it| Some((environment.get(&it)?, it)));
        if let Some((text, name)) = set {
            match one(Origin::Environment(name), key, text) {
                Ok(layer) => layers.push(layer),
                Err(problem) => problems.push(problem),
            }
        }
    }
    (layers, problems)
}

/// Reads a key's value from the text of a variable or a flag.
pub(super) fn one(origin: Origin, key: &'static Key, text: &OsStr) -> Result<Layer, Problem> {
    let Some(text) = text.to_str() else {
        return Err(Problem::with(&origin, key.path, "must be Unicode"));
    };
    let value = document::check(&origin, key, &key.kind.read(text))?;
    Ok(Layer { origin, values: vec![(key, value)] })
}

/// Tells whether a variable was meant to set a key but sets none. Other `VM_CLI_*` variables, such
/// as `VM_CLI_HOME`, belong to others.
fn misspelt(name: &OsStr) -> Option<Problem> {
    const SLIPS: usize = 2;
    let name = name.to_str()?;
    let rest = name.strip_prefix("VM_CLI_")?;
    let known: Vec<_> = keys()
        .flat_map(|key| key.alias.map(str::to_owned).into_iter().chain([key.variable()]))
        .collect();
    if known.iter().any(|it| it == name) {
        return None;
    }
    let origin = Origin::Environment(name.to_owned());
    let in_section = SECTIONS.iter().find_map(|section| {
        let after = rest.strip_prefix(section.name.to_ascii_uppercase().as_str())?;
        Some(format!("{}.{}", section.name, after.strip_prefix('_')?.to_ascii_lowercase()))
    });
    let problem = match in_section {
        Some(key) => Problem::with(&origin, &key, "is not a known key"),
        None if known.iter().any(|it| strsim::damerau_levenshtein(it, name) <= SLIPS) => {
            Problem::whole(&origin, "sets no key")
        }
        None => return None,
    };
    Some(problem.near(nearest(name, &known)))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::Environment;
    use super::read;

    fn values(variables: &[(&str, &str)]) -> Vec<(String, &'static str, Value)> {
        let (layers, problems) = read(&variables.iter().copied().collect());
        assert_eq!(problems, []);
        let flat = layers.into_iter().flat_map(|layer| {
            let origin = layer.origin.to_string();
            layer.values.into_iter().map(move |(key, value)| (origin.clone(), key.path, value))
        });
        flat.collect()
    }

    fn problems(variables: &[(&str, &str)]) -> Vec<String> {
        let (_, problems) = read(&variables.iter().copied().collect());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_variable_sets_its_key_and_an_empty_one_does_not() {
        let name = "VM_CLI_VM_DEFAULTS_MEMORY_MB";
        let expected = (name.to_owned(), "vm_defaults.memory_mb", json!(8192));
        assert_eq!(values(&[(name, "8192"), ("HOME", "/home/me")]), [expected]);
        assert_eq!(values(&[(name, "")]), []);
    }

    #[test]
    fn the_short_name_works_and_the_full_one_wins() {
        let (short, full) = ("VM_CLI_VBOXMANAGE", "VM_CLI_HYPERVISOR_VBOXMANAGE");
        assert_eq!(values(&[(short, "/a")])[0].2, json!("/a"));
        assert_eq!(values(&[(short, "/a"), (full, "/b")])[0].2, json!("/b"));
        assert_eq!(values(&[("VM_CLI_HYPERVISOR", "simulated")])[0].1, "hypervisor.driver");
    }

    #[test]
    fn a_wrong_value_names_variable_and_key() {
        let expected = "VM_CLI_RETRY_MAX_ATTEMPTS: `retry.max_attempts` must be a whole number \
                        from 1 to 100, not \"many\"";
        assert_eq!(problems(&[("VM_CLI_RETRY_MAX_ATTEMPTS", "many")]), [expected]);
    }

    #[test]
    fn a_misspelt_variable_is_reported_and_those_of_others_are_not() {
        let expected = "VM_CLI_VM_DEFAULTS_MEMROY_MB: `vm_defaults.memroy_mb` is not a known key, \
                        did you mean `VM_CLI_VM_DEFAULTS_MEMORY_MB`?";
        assert_eq!(problems(&[("VM_CLI_VM_DEFAULTS_MEMROY_MB", "1")]), [expected]);
        assert_eq!(problems(&[("VM_CLI_VBOXMANGE", "/x")]).len(), 1);
        let others =
            ["VM_CLI_HOME", "VM_CLI_PASSWORD", "VM_CLI_CONFIG", "VM_CLI_VM", "VM_CLI_LIVE"];
        assert_eq!(problems(&others.map(|name| (name, "x"))), [""; 0]);
    }

    #[test]
    fn no_value_of_a_variable_is_shown_by_debug() {
        let environment: Environment = [("VM_CLI_PASSWORD", "hunter2")].into_iter().collect();
        let shown = format!("{environment:?}");
        assert!(shown.contains("VM_CLI_PASSWORD") && !shown.contains("hunter2"), "{shown}");
    }
}
