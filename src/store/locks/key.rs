use std::fmt;

use sha2::Digest as _;
use sha2::Sha256;

use crate::model::{VmId, hex};

/// What a lock is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LockKey {
    /// One VM.
    Vm(VmId),
    /// A name that a VM is going to get.
    Name(String),
    /// The register of VMs: what makes and removes them.
    Registry,
    /// The host's networks.
    Networks,
    /// One VM: who looks after it.
    Watch(VmId),
    /// The host's places for VMs that run: who looks for one.
    Places,
}

impl LockKey {
    /// Returns the name of its file, without extension; the same for all who mean the same.
    pub(super) fn file_stem(&self) -> String {
        match self {
            Self::Vm(id) => format!("vm-{id}"),
            Self::Name(name) => format!("name-{}", hash(name)),
            Self::Watch(id) => format!("watch-{id}"),
            Self::Registry => "registry".to_owned(),
            Self::Networks => "networks".to_owned(),
            Self::Places => "places".to_owned(),
        }
    }
}

impl fmt::Display for LockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vm(id) => write!(f, "VM `{id}`"),
            Self::Name(name) => write!(f, "the name `{name}`"),
            Self::Watch(id) => write!(f, "the watch over VM `{id}`"),
            Self::Registry => f.write_str("the register of VMs"),
            Self::Networks => f.write_str("the host's networks"),
            Self::Places => f.write_str("the host's places for VMs"),
        }
    }
}

/// Hashes a name, for it may hold what no file name may. Names that differ in case alone share a
/// hash, because on most Windows and macOS disks their folders are the same.
fn hash(name: &str) -> String {
    let digest = Sha256::digest(name.to_lowercase().as_bytes());
    let mut text = hex(&digest);
    text.truncate(32);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::LockKey;
    use crate::model::VmId;

    #[test]
    fn different_keys_have_different_files() {
        let keys = [
            LockKey::Vm(VmId::from_random(1)),
            LockKey::Vm(VmId::from_random(2)),
            LockKey::Name("web".into()),
            LockKey::Name("web 2".into()),
            LockKey::Watch(VmId::from_random(1)),
            LockKey::Registry,
            LockKey::Networks,
            LockKey::Places,
        ];
        let mut stems: Vec<_> = keys.iter().map(LockKey::file_stem).collect();
        stems.sort();
        stems.dedup();
        assert_eq!(stems.len(), keys.len());
    }

    proptest! {
        #[test]
        fn any_name_makes_a_safe_file_name(name in any::<String>()) {
            let stem = LockKey::Name(name).file_stem();
            prop_assert!(stem.len() <= 40);
            prop_assert!(stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        }
    }
}
