//! The table of keys and what a key is. Defaults, checks, schema, sample file and environment
//! names all come from here.

mod check;
mod kind;
mod table;
mod text;

pub use kind::{Kind, Shape};
pub use table::SECTIONS;

/// A part of the configuration file.
#[derive(Debug)]
pub struct Section {
    /// Its name, such as `vm_defaults`.
    pub name: &'static str,
    /// What it is about, in one sentence.
    pub doc: &'static str,
    /// Its keys, in the order of the sample file.
    pub keys: &'static [Key],
}

/// One thing that can be configured.
#[derive(Debug)]
pub struct Key {
    /// Its section and its name, such as `vm_defaults.memory_mb`.
    pub path: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// A shorter name of its environment variable.
    pub alias: Option<&'static str>,
    /// Who may set it.
    pub trust: Trust,
}

/// Who may set a key. The file in the current folder may be anybody's: it came with a checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trust {
    /// Every file, variable and flag.
    Anybody,
    /// All but the file in the current folder: a program of the user's is chosen by it.
    UserOnly,
}

impl Key {
    /// Describes a key.
    pub const fn new(path: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { path, kind, doc, alias: None, trust: Trust::Anybody }
    }

    /// Keeps it from the file in the current folder.
    pub const fn user_only(mut self) -> Self {
        self.trust = Trust::UserOnly;
        self
    }

    /// Gives its environment variable a second, shorter name.
    pub const fn alias(mut self, variable: &'static str) -> Self {
        self.alias = Some(variable);
        self
    }

    /// Returns its name within its section, such as `memory_mb`.
    pub fn name(&self) -> &'static str {
        self.path.split_once('.').map_or(self.path, |(_, name)| name)
    }

    /// Returns its environment variable, such as `VM_CLI_VM_DEFAULTS_MEMORY_MB`.
    pub fn variable(&self) -> String {
        format!("VM_CLI_{}", self.path.replace('.', "_").to_ascii_uppercase())
    }
}

/// Returns every key, in the order of the sample file.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().flat_map(|section| section.keys)
}

/// Returns the key of a path such as `vm_defaults.memory_mb`.
pub fn find(path: &str) -> Option<&'static Key> {
    keys().find(|key| key.path == path)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{SECTIONS, find, keys};
    use crate::model::ExecutionEngine;
    use crate::model::Firmware;
    use crate::model::GraphicsController;
    use crate::model::HypervisorKind;
    use crate::model::ProcessPriority;

    #[test]
    fn every_key_lies_in_its_section_once_and_says_what_it_does() {
        let mut seen = HashSet::new();
        for section in SECTIONS {
            assert!(section.doc.ends_with('.'), "{}", section.name);
            for key in section.keys {
                assert_eq!(key.path, format!("{}.{}", section.name, key.name()));
                assert!(seen.insert(key.path), "{} is there twice", key.path);
                assert!(key.doc.ends_with('.'), "{}", key.path);
            }
        }
    }

    #[test]
    fn every_default_is_a_value_that_its_key_accepts() {
        for key in keys() {
            let default = key.kind.default();
            assert_eq!(key.kind.check(&default).unwrap(), default, "{}", key.path);
        }
    }

    #[test]
    fn no_two_keys_share_an_environment_variable() {
        let mut seen = HashSet::new();
        for key in keys() {
            assert!(seen.insert(key.variable()), "{}", key.path);
            assert!(key.alias.is_none_or(|alias| seen.insert(alias.to_owned())), "{}", key.path);
        }
        assert!(seen.contains("VM_CLI_VM_DEFAULTS_MEMORY_MB"));
        assert!(seen.contains("VM_CLI_VBOXMANAGE"));
        assert!(seen.contains("VM_CLI_HYPERVISOR"));
    }

    #[test]
    fn the_words_are_those_of_the_domain() {
        fn words<T: ToString>(first: &[&str], all: &[T]) -> Vec<String> {
            let first = first.iter().map(ToString::to_string);
            first.chain(all.iter().map(ToString::to_string)).collect()
        }
        let pairs = [
            (
                "hypervisor.driver",
                words(
                    &[],
                    &[HypervisorKind::VirtualBox, HypervisorKind::Qemu, HypervisorKind::Simulated],
                ),
            ),
            ("vm_defaults.execution_engine", words(&[], ExecutionEngine::ALL)),
            ("vm_defaults.firmware", words(&["auto"], Firmware::ALL)),
            ("vm_defaults.graphics_controller", words(&["auto"], GraphicsController::ALL)),
            ("performance.cpu_priority", words(&[], ProcessPriority::ALL)),
        ];
        for (path, expected) in pairs {
            assert_eq!(find(path).unwrap().kind.words(), expected, "{path}");
        }
    }
}
