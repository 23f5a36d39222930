//! Where a file is: on this host or in a guest, as scp writes it. Pure.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::usage;
use crate::error::Error;
use crate::model::VmRef;

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// On this host.
    Host(PathBuf),
    /// In a guest.
    Guest {
        /// The VM.
        vm: VmRef,
        /// The guest's path.
        path: String,
    },
}

impl Place {
    /// Reads `VM:PATH`, or a path of this host: one without a colon, with a separator before it, or
    /// with a drive before it. Without a VM the default one is meant.
    pub(crate) fn read(word: &OsStr, default: Option<&str>) -> Result<Self, Error> {
        let split = word.to_str().and_then(|text| text.split_once(':'));
        let of_guest = split.filter(|split| !split.0.contains(['/', '\\']) && !is_drive(*split));
        let Some((vm, path)) = of_guest else { return Ok(Self::Host(word.into())) };
        let vm = match (vm, default) {
            ("", Some(default)) => default,
            ("", None) => {
                let message = format!("no VM is named for `:{path}`");
                return Err(usage(message).hint("write VM:PATH, or name the VM by `--name`"));
            }
            (named, _) => named,
        };
        Ok(Self::Guest { vm: vm.parse()?, path: path.to_owned() })
    }

    pub(crate) fn on_host(&self) -> Option<PathBuf> {
        match self {
            Self::Host(path) => Some(path.clone()),
            Self::Guest { .. } => None,
        }
    }

    pub(crate) fn in_guest(&self) -> Option<(VmRef, String)> {
        match self {
            Self::Guest { vm, path } => Some((vm.clone(), path.clone())),
            Self::Host(_) => None,
        }
    }
}

/// Returns whether a letter and what stands behind its colon are a path of Windows: always on
/// Windows, and anywhere else if it goes on as such paths do.
fn is_drive((letter, path): (&str, &str)) -> bool {
    let is_letter = letter.len() == 1 && letter.bytes().all(|it| it.is_ascii_alphabetic());
    is_letter && (cfg!(windows) || path.starts_with('\\'))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use proptest::prelude::*;

    use super::Place;

    proptest! {
        #[test]
        fn a_word_is_of_one_side_and_nothing_of_it_is_lost(word in "[a-zC:/\\\\. ]{1,9}") {
            match Place::read(OsStr::new(&word), Some("default")) {
                Ok(Place::Host(path)) => prop_assert_eq!(path.as_os_str(), OsStr::new(&word)),
                Ok(Place::Guest { vm, path }) => {
                    let bare = format!(":{path}");
                    prop_assert!(word == format!("{vm}:{path}") || word == bare, "{}", word);
                }
                // A VM cannot have such a name.
                Err(_) => prop_assert!(word.contains(':')),
            }
        }
    }
}
