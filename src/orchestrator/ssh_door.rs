//! Where a VM's SSH server is reached.

use crate::error::{Error, ErrorKind};
use crate::guest::Endpoint;
use crate::model::{Forward, Protocol, Vm};

/// The port of SSH servers.
pub(super) const SSH_PORT: u16 = 22;

/// Returns where a VM's SSH server is reached from the host.
pub(super) fn ssh_endpoint(vm: &Vm) -> Result<Endpoint, Error> {
    let leads_to_ssh = |f: &&Forward| f.protocol == Protocol::Tcp && f.guest_port == SSH_PORT;
    let forward = vm.forwards().find(leads_to_ssh).ok_or_else(|| {
        let message = format!("no forward leads to the SSH port of `{}`", vm.name);
        Error::new(ErrorKind::GuestUnreachable, message)
            .about(&vm.name)
            .hint("make the VM with `vm-cli create --ssh-port free`")
    })?;
    let address = forward.host_address.filter(|address| !address.is_unspecified());
    Ok(address.map_or_else(
        || Endpoint::local(forward.host_port),
        |address| Endpoint { host: address.to_string(), port: forward.host_port },
    ))
}
