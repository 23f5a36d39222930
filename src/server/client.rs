use crate::error::{Error, ErrorKind};
use crate::model::{Scope, Vm, VmRef};
#[cfg(feature = "serve")]
use crate::store::Token;

/// What the names of tokens' bearers begin with.
#[cfg(feature = "serve")]
const BEARER: &str = "token:";

/// Who asks for something, and what he may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Who, as the audit trail and the events tell it, such as `token:ci`.
    pub name: String,
    /// From where, such as the address of the connection.
    pub origin: String,
    /// What he may do.
    pub scopes: Vec<Scope>,
    /// To which VMs.
    pub reach: Reach,
}

/// Which VMs a client may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every one, and the host.
    Every,
    /// These, by names or UUIDs.
    Only(Vec<String>),
}

impl Client {
    /// Describes who may do everything.
    pub fn trusted(name: impl Into<String>, origin: impl Into<String>) -> Self {
        let (name, origin) = (name.into(), origin.into());
        Self { name, origin, scopes: vec![Scope::Admin], reach: Reach::Every }
    }

    /// Describes the bearer of a token.
    #[cfg(feature = "serve")]
    pub(super) fn bearing(token: Token, origin: impl Into<String>) -> Self {
        let reach = if token.vms.is_empty() { Reach::Every } else { Reach::Only(token.vms) };
        let (name, origin) = (format!("{BEARER}{}", token.name), origin.into());
        Self { name, origin, scopes: token.scopes, reach }
    }

    /// Returns the name of the token whose bearer is called so.
    #[cfg(feature = "serve")]
    pub(super) fn token_name(name: &str) -> Option<&str> {
        name.strip_prefix(BEARER)
    }

    /// Refuses what needs a scope that he does not have.
    pub(super) fn permit(&self, needed: Scope) -> Result<(), Error> {
        if needed.is_held_by(&self.scopes) {
            return Ok(());
        }
        let message = format!("`{}` may not do this: it needs the scope `{needed}`", self.name);
        Err(Error::new(ErrorKind::PermissionDenied, message)
            .hint(format!("ask for a token made with `vm-cli token create --scope {needed}`")))
    }

    /// Refuses who may reach some VMs only.
    pub(super) fn permit_everywhere(&self) -> Result<(), Error> {
        match self.reach {
            Reach::Every => Ok(()),
            Reach::Only(_) => Err(self.out_of_reach("what is not one of its VMs")),
        }
    }

    /// Builds the refusal of something that is out of reach.
    pub(super) fn out_of_reach(&self, what: impl std::fmt::Display) -> Error {
        let message = format!("the token of `{}` does not reach {what}", self.name);
        Error::new(ErrorKind::PermissionDenied, message)
            .hint("a token reaches every VM unless it was made with `--vm`")
    }
}

impl Reach {
    /// Returns whether a VM that exists is within reach.
    pub(super) fn holds(&self, found: &Vm) -> bool {
        self.names(&found.name) || self.names(&found.id.to_string())
    }

    /// Returns whether a name or UUID, as it is written, is within reach.
    pub(super) fn names(&self, name: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Only(names) => names.iter().any(|it| it == name),
        }
    }

    /// Returns whether a VM is within reach as it was referred to, whatever that may mean.
    pub(super) fn spells(&self, vm: &VmRef) -> bool {
        self.names(vm.as_str())
    }
}
