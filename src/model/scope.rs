use std::fmt;
use std::str::FromStr;

use super::Invalid;

/// What a client of the server may do. Each stands for itself; only [`Scope::Admin`] holds the
/// others too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Look: at VMs, screens, tasks, events.
    Observe,
    /// Use guests: keyboard, pointer, commands.
    Input,
    /// Change VMs without losing anything: make, start, stop, take snapshots.
    Lifecycle,
    /// Lose something: a VM, a snapshot, what a VM is now.
    Destroy,
    /// Everything, the host's files and the audit trail too.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] =
        [Self::Observe, Self::Input, Self::Lifecycle, Self::Destroy, Self::Admin];

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Input => "input",
            Self::Lifecycle => "lifecycle",
            Self::Destroy => "destroy",
            Self::Admin => "admin",
        }
    }

    /// Returns whether who has these scopes may do what needs this one.
    pub fn is_held_by(self, scopes: &[Self]) -> bool {
        scopes.contains(&self) || scopes.contains(&Self::Admin)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            Invalid::new("scope", text, "is not one of observe, input, lifecycle, destroy, admin")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn only_admin_holds_what_it_is_not() {
        for needed in Scope::ALL {
            assert_eq!(needed.to_string().parse(), Ok(needed));
            for held in Scope::ALL {
                let expected = held == needed || held == Scope::Admin;
                assert_eq!(needed.is_held_by(&[held]), expected, "{needed} by {held}");
            }
            assert!(!needed.is_held_by(&[]));
        }
        assert!("root".parse::<Scope>().is_err());
    }
}
