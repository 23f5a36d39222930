//! Names that mean no VM: a unique start of a UUID, or a typing error.

use super::VmOrchestrator;
use crate::error::Error;
use crate::model::{VmRef, VmSummary};

/// The shortest start of a UUID that is looked at.
const SHORTEST_START: usize = 4;

/// How alike two names must be for one to be suggested for the other (Jaro-Winkler).
const ALIKE: f64 = 0.8;

/// What a name that means no VM could have meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// The VM whose UUID begins so.
    Vm(VmRef),
    /// Nothing, but this name is like it.
    Perhaps(String),
    /// Nothing.
    Nothing,
}

/// Returns whether a name reads as a UUID or as the start of one.
pub(super) fn may_be_identity(name: &VmRef) -> bool {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '-';
    name.as_str().len() >= SHORTEST_START && name.as_str().chars().all(is_part)
}

/// Finds out what a name could have meant.
pub(super) fn meant(name: &VmRef, vms: &[VmSummary]) -> Meant {
    let start = name.as_str().to_ascii_lowercase();
    if may_be_identity(name) {
        let mut begun = vms.iter().filter(|vm| vm.id.to_string().starts_with(&start));
        if let (Some(vm), None) = (begun.next(), begun.next()) {
            return Meant::Vm(VmRef::from(vm.id));
        }
    }
    nearest(name.as_str(), vms.iter().map(|vm| vm.name.as_str()))
        .map_or(Meant::Nothing, |near| Meant::Perhaps(near.to_owned()))
}

/// Returns the name that is most like the one that was typed, if one is like it at all.
pub(super) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| (strsim::jaro_winkler(&typed.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

impl VmOrchestrator {
    /// Finds out what a name could have meant, from a fresh list. A failing list means nothing.
    pub(super) async fn meant(&self, name: &VmRef) -> Meant {
        match self.list().await {
            Ok(vms) => meant(name, &vms),
            Err(_) => Meant::Nothing,
        }
    }
}

/// Adds to an error what the name could have meant.
pub(super) fn with_suggestion(error: Error, near: Option<&str>) -> Error {
    match near {
        Some(near) => error.hint(format!("did you mean `{near}`? `vm-cli list` shows all names")),
        None => error.hint("run `vm-cli list` to see the names"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Meant, meant};
    use crate::model::{VmId, VmRef, VmState, VmSummary};

    fn vm(name: &str, seed: u128) -> VmSummary {
        VmSummary {
            name: name.into(),
            id: VmId::from_random(seed),
            state: VmState::PoweredOff,
            os_type: None,
            cpus: None,
            memory: None,
            groups: Vec::new(),
        }
    }

    #[test]
    fn a_unique_start_of_a_uuid_means_its_vm() {
        let vms = [vm("web", 0xaaaa_bbbb << 96), vm("db", 0xcccc_dddd << 96)];
        let start: VmRef = vms[1].id.to_string()[..6].parse().unwrap();
        assert_eq!(meant(&start, &vms), Meant::Vm(VmRef::from(vms[1].id)));
        assert_eq!(meant(&"aaa".parse().unwrap(), &vms), Meant::Nothing);
    }

    #[test]
    fn a_typing_error_is_suggested_and_a_stranger_is_not() {
        let vms = [vm("web-server", 1), vm("database", 2)];
        let perhaps = meant(&"web-sever".parse().unwrap(), &vms);
        assert_eq!(perhaps, Meant::Perhaps("web-server".into()));
        assert_eq!(meant(&"xyzzy".parse().unwrap(), &vms), Meant::Nothing);
    }
}
