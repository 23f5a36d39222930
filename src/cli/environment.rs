use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::config;

/// What the program was started in: the only place that asks the system for it.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    variables: BTreeMap<OsString, OsString>,
    folder: PathBuf,
}

impl Environment {
    /// Reads the environment.
    pub(crate) fn read() -> Self {
        Self {
            variables: std::env::vars_os().map(|(name, value)| (one_case(name), value)).collect(),
            folder: std::env::current_dir().unwrap_or_default(),
        }
    }

    /// Returns a variable that is set to something, as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = self.variables.get(&OsString::from(name)).filter(|value| !value.is_empty())?;
        Some(value.to_string_lossy().into_owned())
    }

    /// Sets a variable, as a flag that stands for it does.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Returns the variables for the configuration.
    pub(crate) fn variables(&self) -> config::Environment {
        self.variables.clone().into_iter().collect()
    }

    /// Returns the variables that are text, for the search of programs.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let text = |(name, value): (&OsString, &OsString)| {
            Some((name.to_str()?.to_owned(), value.to_str()?.to_owned()))
        };
        self.variables.iter().filter_map(text).collect()
    }

    /// Returns the current folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Windows takes `Path` and `PATH` for the same: there, names are kept in capitals.
fn one_case(name: OsString) -> OsString {
    if cfg!(windows) { name.to_ascii_uppercase() } else { name }
}

impl fmt::Debug for Environment {
    /// Shows the names alone: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}
