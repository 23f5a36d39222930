use serde::{Deserialize, Serialize};

use crate::model::{NamePattern, VmRef, VmState, VmSummary};

/// Which VMs are meant. Without names it means all of them; groups and states narrow it down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Selection {
    /// The names and patterns, in the order in which they were given.
    pub named: Vec<Named>,
    /// With any: only VMs in one of these groups, or in a group below one.
    pub groups: Vec<String>,
    /// With any: only VMs in one of these states.
    pub states: Vec<VmState>,
}

/// One or several VMs, by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Named {
    /// One VM, which should exist.
    Vm(VmRef),
    /// Every VM whose name fits. A VM whose name is the pattern itself is meant alone.
    Like(NamePattern),
}

impl Selection {
    /// Returns whether nothing narrows it down to groups or states.
    pub fn is_unfiltered(&self) -> bool {
        self.groups.is_empty() && self.states.is_empty()
    }

    /// Returns whether a VM is in the groups and states that are meant.
    pub fn admits(&self, vm: &VmSummary) -> bool {
        let in_group = |wanted: &String| vm.groups.iter().any(|group| is_within(group, wanted));
        (self.groups.is_empty() || self.groups.iter().any(in_group))
            && (self.states.is_empty() || self.states.contains(&vm.state))
    }

    /// Returns whether a VM is meant, as far as its listing tells.
    pub fn means(&self, vm: &VmSummary) -> bool {
        let is_named = |named: &Named| match named {
            Named::Vm(name) => name.as_str() == vm.name || name.as_id() == Some(vm.id),
            Named::Like(pattern) => pattern.to_string() == vm.name || pattern.matches(&vm.name),
        };
        self.admits(vm) && (self.named.is_empty() || self.named.iter().any(is_named))
    }

    /// Describes it after "no VM", such as "matches `test-*` and is running".
    pub fn describe(&self) -> String {
        let quoted = |words: Vec<String>| {
            words.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ")
        };
        let named = self.named.iter().map(|named| match named {
            Named::Vm(vm) => vm.to_string(),
            Named::Like(pattern) => pattern.to_string(),
        });
        let states: Vec<String> = self.states.iter().map(ToString::to_string).collect();
        let parts = [
            (!self.named.is_empty()).then(|| format!("matches {}", quoted(named.collect()))),
            (!self.groups.is_empty()).then(|| format!("is in {}", quoted(self.groups.clone()))),
            (!states.is_empty()).then(|| format!("is {}", states.join(" or "))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }
}

/// Returns whether a group is another one or lies below it.
fn is_within(group: &str, wanted: &str) -> bool {
    let wanted = wanted.trim_end_matches('/');
    group.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{Named, Selection, is_within};
    use crate::model::{NamePattern, VmState};

    #[test]
    fn a_group_holds_what_is_below_it() {
        assert!(is_within("/lab", "/lab") && is_within("/lab/windows", "/lab"));
        assert!(!is_within("/laboratory", "/lab") && !is_within("/", "/lab"));
        assert!(is_within("/anything", "/") && is_within("/", "/"));
    }

    #[test]
    fn it_describes_itself_in_words() {
        let all = Selection {
            named: vec![Named::Like(NamePattern::read("test-*").unwrap())],
            groups: vec!["/lab".to_owned()],
            states: vec![VmState::Running, VmState::Paused],
        };
        let expected = "matches `test-*` and is in `/lab` and is running or paused";
        assert_eq!(all.describe(), expected);
    }
}
