use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::register::Register;
use crate::error::{Error, ErrorKind};
use crate::model::{Health, Vm};

/// Tells whether a running VM is well. Looks, and changes nothing.
#[async_trait]
pub trait VmHealthCheck: Debug + Send + Sync {
    /// Looks at a VM that runs.
    async fn check(&self, vm: &Vm) -> Result<Checkup, Error>;
}

/// What a [`VmHealthCheck`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// How the VM is.
    pub health: Health,
    /// What was seen, as a clause.
    pub evidence: String,
}

impl Checkup {
    /// Says that a VM is well.
    pub fn healthy(evidence: impl Into<String>) -> Self {
        Self { health: Health::Healthy, evidence: evidence.into() }
    }

    /// Says that a VM is not well.
    pub fn unhealthy(evidence: impl Into<String>) -> Self {
        Self { health: Health::Unhealthy, evidence: evidence.into() }
    }

    /// Says that it cannot be told.
    pub fn unknown(evidence: impl Into<String>) -> Self {
        Self { health: Health::Unknown, evidence: evidence.into() }
    }

    /// Looks by a check, for so long at most. A check that fails, hangs or panics says nothing
    /// about the VM.
    pub async fn by(check: Arc<dyn VmHealthCheck>, vm: &Vm, patience: Duration) -> Self {
        let vm = vm.clone();
        let look = tokio::spawn(async move { check.check(&vm).await });
        let abort = look.abort_handle();
        match tokio::time::timeout(patience, look).await {
            Ok(Ok(Ok(found))) => found,
            Ok(Ok(Err(error))) => Self::unknown(format!("the check failed: {error}")),
            Ok(Err(_panicked)) => Self::unknown("the check broke off"),
            Err(_elapsed) => {
                abort.abort();
                Self::unknown(format!("the check did not answer within {} s", patience.as_secs()))
            }
        }
    }
}

/// The health checks of VMs that were registered. Clones share them.
#[derive(Debug, Clone)]
pub struct VmHealthChecks {
    register: Register<dyn VmHealthCheck>,
    taken: &'static [&'static str],
}

impl VmHealthChecks {
    /// Begins a register; nothing can be registered by the names that are taken.
    pub fn new(taken: &'static [&'static str]) -> Self {
        Self { register: Register::new("health check of VMs"), taken }
    }

    /// Adds a check; refuses a name that is empty or was taken.
    pub fn register(
        &self,
        name: impl Into<String>,
        check: Arc<dyn VmHealthCheck>,
    ) -> Result<(), Error> {
        let name = name.into();
        if self.taken.contains(&name.as_str()) {
            let message = format!("`{name}` is one of the built-in health checks");
            return Err(Error::new(ErrorKind::AlreadyExists, message).hint("choose another name"));
        }
        self.register.add(name, check)
    }

    /// Returns the check of a name.
    pub fn get(&self, name: &str) -> Option<Arc<dyn VmHealthCheck>> {
        self.register.get(name)
    }

    /// Returns the names, in order.
    pub fn names(&self) -> Vec<String> {
        self.register.names()
    }
}

#[cfg(test)]
mod tests {
    use std::future;
    use std::sync::Arc;

    use async_trait::async_trait;

    use super::{Checkup, VmHealthCheck, VmHealthChecks};
    use crate::error::{Error, ErrorKind};
    use crate::model::Vm;

    #[derive(Debug)]
    struct Hangs;

    #[async_trait]
    impl VmHealthCheck for Hangs {
        async fn check(&self, _vm: &Vm) -> Result<Checkup, Error> {
            future::pending().await
        }
    }

    #[test]
    fn a_built_in_check_cannot_be_replaced_and_a_registered_one_is_found() {
        let checks = VmHealthChecks::new(&["ssh"]);
        let error = checks.register("ssh", Arc::new(Hangs)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        checks.register("licence", Arc::new(Hangs)).unwrap();
        assert!(checks.get("licence").is_some() && checks.get("ssh").is_none());
        assert_eq!(checks.names(), ["licence"]);
    }
}
