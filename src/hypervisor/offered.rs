use super::Hypervisor;
use crate::error::{Error, ErrorKind};

/// Returns a capability, or says in words ("has no snapshots") what its hypervisor lacks.
pub fn offered<'a, T: ?Sized>(
    hypervisor: &'a dyn Hypervisor,
    capability: Option<&'a T>,
    lacks: &str,
) -> Result<&'a T, Error> {
    let refuse = || Error::new(ErrorKind::Unsupported, format!("{} {lacks}", hypervisor.kind()));
    capability.ok_or_else(refuse)
}
