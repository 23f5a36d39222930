use super::happening::Kind;
use super::hub::Told;
use crate::server::client::Reach;

/// Which events somebody wants; nothing said is every one that costs nothing to find out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::server) struct Interest {
    /// Kinds such as `vm.state`, or `task.*`.
    pub(in crate::server) types: Vec<String>,
    /// VMs, by their names.
    pub(in crate::server) vms: Vec<String>,
}

impl Interest {
    /// Returns whether it wants an event.
    pub(in crate::server) fn wants(&self, told: &Told) -> bool {
        self.covers(told.kind, told.vm.as_deref())
    }

    /// Returns whether it wants events of a kind about a VM, or about none.
    pub(super) fn covers(&self, kind: Kind, vm: Option<&str>) -> bool {
        self.names(kind)
            && (self.vms.is_empty() || vm.is_some_and(|it| self.vms.iter().any(|one| one == it)))
    }

    /// Returns whether it wants events of a kind, about whichever VM.
    pub(super) fn names(&self, kind: Kind) -> bool {
        let of_type = |wanted: &String| match wanted.strip_suffix('*') {
            Some(start) => kind.as_str().starts_with(start),
            None => kind.as_str() == wanted,
        };
        if self.types.is_empty() { !kind.is_dear() } else { self.types.iter().any(of_type) }
    }
}

impl Reach {
    /// Returns whether who reaches some VMs only may hear of an event.
    pub(in crate::server) fn hears(&self, told: &Told) -> bool {
        match self {
            Self::Every => true,
            Self::Only(_) => told.vm.as_ref().is_some_and(|it| self.names(it)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Interest, Kind, Told};
    use crate::server::client::Reach;

    #[test]
    fn types_and_vms_narrow_it_and_reach_too() {
        let told = |kind, vm: Option<&str>| Told {
            seq: 1,
            kind,
            vm: vm.map(ToOwned::to_owned),
            line: String::new(),
        };
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let interest =
            |types: &[&str], vms: &[&str]| Interest { types: words(types), vms: words(vms) };
        let (state, done) = (told(Kind::VmState, Some("web")), told(Kind::TaskDone, None));
        assert!(interest(&[], &[]).wants(&state) && interest(&[], &[]).wants(&done));
        assert!(interest(&["vm.*"], &[]).wants(&state) && !interest(&["vm.*"], &[]).wants(&done));
        assert!(interest(&["x", "vm.state"], &["web"]).wants(&state));
        assert!(!interest(&["vm"], &[]).wants(&state) && !interest(&[], &["db"]).wants(&state));
        assert!(!interest(&[], &["web"]).wants(&done));
        let screen = told(Kind::VmScreen, Some("web"));
        assert!(!interest(&[], &[]).wants(&screen) && interest(&["*"], &[]).wants(&screen));
        let only = Reach::Only(words(&["web"]));
        assert!(only.hears(&state) && !only.hears(&done) && Reach::Every.hears(&done));
        assert!(!only.hears(&told(Kind::VmState, Some("db"))));
    }
}
