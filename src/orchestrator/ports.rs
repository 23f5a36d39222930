//! Host ports that lead to guests: chosen among those that are free, and moved when another
//! program was quicker.

use std::net::{IpAddr, UdpSocket};

use super::VmOrchestrator;
use super::admission::Admitted;
use super::create::first_of;
use super::provision::listen_address;
use super::ssh_door::SSH_PORT;
use super::tasks::Work;
use crate::error::Error;
use crate::hypervisor::{Cloning, Hypervisor, Refit, offered};
use crate::model::{Forward, Protocol, Vm, VmId, VmRef, VmTaskType};
use crate::store::{Lease, LeaseKind, LeaseRequest, PortChoice, port_is_free};

/// How often a forward is moved before it is left alone.
const MOVES: usize = 3;

/// How many ports after the wanted one are looked at.
const NEAR: u16 = 1000;

/// Returns what a forward's port is leased for.
pub(super) fn kind_of(forward: &Forward) -> LeaseKind {
    let to_ssh = forward.protocol == Protocol::Tcp && forward.guest_port == SSH_PORT;
    if to_ssh { LeaseKind::Ssh } else { LeaseKind::Forward }
}

/// Returns the rule under which a forward's port is leased: its name, unless a remote display's
/// port has that one.
pub(super) fn rule_of(forward: &Forward) -> String {
    match forward.name.as_str() {
        name @ ("rdp" | "vnc") => format!("forward-{name}"),
        name => name.to_owned(),
    }
}

/// Returns the ports from one on.
pub(super) fn near(port: u16) -> PortChoice {
    PortChoice::FirstOf(port..=port.saturating_add(NEAR))
}

impl VmOrchestrator {
    /// Returns the ports among which one for a forward is chosen, the one that it has left out.
    pub(super) fn choices(&self, kind: LeaseKind, port: u16) -> PortChoice {
        let networking = &self.settings().networking;
        match kind {
            LeaseKind::Ssh => first_of(networking.ssh_port_range),
            LeaseKind::Rdp => first_of(networking.rdp_port_range),
            LeaseKind::Vnc => first_of(networking.vnc_port_range),
            LeaseKind::Forward => near(port.saturating_add(1)),
        }
    }

    /// Leases a port for a forward of a VM, and returns the forward with it.
    pub(super) fn lease_forward(
        &self,
        vm: VmId,
        forward: &Forward,
        port: PortChoice,
        avoid: Option<u16>,
    ) -> Result<Forward, Error> {
        let address = listen_address(self.settings());
        let mut leased = Forward { host_address: Some(address), ..forward.clone() };
        if self.rehearses() {
            leased.host_port = match port {
                PortChoice::Exactly(port) => port,
                PortChoice::FirstOf(range) => *range.start(),
            };
            return Ok(leased);
        }
        let (kind, rule) = (kind_of(forward), rule_of(forward));
        let taken = |port| avoid == Some(port) || !is_free(forward.protocol, address, port);
        let wanted = LeaseRequest { kind, address, port, vm, rule };
        leased.host_port = self.store()?.leases().claim(&wanted, self.now(), taken)?;
        Ok(leased)
    }

    /// Moves what a VM that is off has on ports that another program took meanwhile. Failing to is
    /// no failure of the start; it is told of.
    pub(super) async fn free_ports(&self, admitted: &Admitted) -> Vec<String> {
        let Some(id) = admitted.id.filter(|_| !admitted.runs) else { return Vec::new() };
        let busy: Vec<Lease> = match self.store().and_then(|store| store.leases().of_vm(id)) {
            Ok(leases) => {
                leases.into_iter().filter(|it| !port_is_free(it.address, it.port)).collect()
            }
            Err(e) => return vec![format!("its ports could not be checked: {e}")],
        };
        if busy.is_empty() {
            return Vec::new();
        }
        match self.move_off(id, &busy).await {
            Ok(notes) => notes,
            Err(e) => vec![format!("a host port of it is taken, and it could not be moved: {e}")],
        }
    }

    /// Moves leases of a VM that is off, by one change of it.
    async fn move_off(&self, id: VmId, busy: &[Lease]) -> Result<Vec<String>, Error> {
        let vm = VmRef::from(id);
        let found = self.inspect(&vm).await?;
        let (mut refit, mut notes) = (Refit::default(), Vec::new());
        for lease in busy {
            if let Some(forward) = leased_forward(&found, lease) {
                // A UDP forward may have a port on which a program listens by TCP.
                if is_free(forward.protocol, lease.address, lease.port) {
                    continue;
                }
                let choices = self.choices(lease.kind, lease.port);
                let moved = self.lease_forward(id, forward, choices, Some(lease.port))?;
                notes.push(moved_note(forward.host_port, &moved));
                refit.forwards.push(moved);
            } else if found.remote_display_port == Some(lease.port) {
                let port = self.lease_display(id, lease)?;
                notes.push(format!(
                    "host port {} was taken: its remote display is on {port} now",
                    lease.port
                ));
                refit.remote_display_port = Some(port);
            }
        }
        if refit != Refit::default() {
            self.refit(&vm, refit).await?;
        }
        Ok(notes)
    }

    fn lease_display(&self, vm: VmId, lease: &Lease) -> Result<u16, Error> {
        let (kind, address, rule) = (lease.kind, lease.address, lease.rule.clone());
        let wanted = LeaseRequest { kind, address, port: self.choices(kind, lease.port), vm, rule };
        let taken = |port| port == lease.port || !port_is_free(address, port);
        self.store()?.leases().claim(&wanted, self.now(), taken)
    }

    /// Changes a VM that is off.
    pub(super) async fn refit(&self, vm: &VmRef, refit: Refit) -> Result<(), Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Forward), move |hypervisor, _| {
            let (vm, refit) = (target.clone(), refit.clone());
            async move { cloning(hypervisor.as_ref())?.refit(&vm, &refit).await }
        })
        .await
    }

    /// Looks whether every leased forward of a VM that was just started works, and moves those
    /// that do not. VirtualBox starts such a VM without a word.
    pub(super) async fn verify_forwards(&self, admitted: &Admitted) -> Vec<String> {
        let mut notes = Vec::new();
        let Some(id) = admitted.id.filter(|_| !admitted.runs) else { return notes };
        for _ in 0..MOVES {
            match self.move_live(id).await {
                Ok(moved) if moved.is_empty() => break,
                Ok(moved) => notes.extend(moved),
                Err(e) => {
                    notes.push(format!(
                        "a forward of it does not work, and could not be moved: {e}"
                    ));
                    break;
                }
            }
        }
        notes
    }

    /// Moves the leased forwards of a live VM that do not work.
    async fn move_live(&self, id: VmId) -> Result<Vec<String>, Error> {
        let dead = self.hypervisor().dead_forwards(id).await?;
        if dead.is_empty() {
            return Ok(Vec::new());
        }
        let leases = self.store()?.leases().of_vm(id)?;
        let dead: Vec<&Lease> =
            leases.iter().filter(|it| dead.iter().any(|(host, _)| *host == it.port)).collect();
        if dead.is_empty() {
            return Ok(Vec::new());
        }
        let vm = VmRef::from(id);
        let found = self.inspect(&vm).await?;
        let mut notes = Vec::new();
        for lease in dead {
            let Some(forward) = leased_forward(&found, lease) else { continue };
            let choices = self.choices(lease.kind, lease.port);
            let moved = self.lease_forward(id, forward, choices, Some(lease.port))?;
            self.remove_forward(&vm, &forward.name).await?;
            self.add_forward(&vm, &moved).await?;
            notes.push(moved_note(lease.port, &moved));
        }
        Ok(notes)
    }
}

/// Returns the facet of a hypervisor that copies and changes VMs.
pub(super) fn cloning(hypervisor: &dyn Hypervisor) -> Result<&dyn Cloning, Error> {
    offered(hypervisor, hypervisor.cloning(), "copies no VMs")
}

/// Returns the forward that has a leased port.
fn leased_forward<'a>(vm: &'a Vm, lease: &Lease) -> Option<&'a Forward> {
    let is_kind = lease.kind == LeaseKind::Ssh || lease.kind == LeaseKind::Forward;
    vm.forwards().find(|it| is_kind && rule_of(it) == lease.rule && it.host_port == lease.port)
}

pub(super) fn moved_note(old: u16, moved: &Forward) -> String {
    format!("host port {old} was taken: the forward is {moved} now")
}

/// Returns whether a server could listen there now.
pub(super) fn is_free(protocol: Protocol, address: IpAddr, port: u16) -> bool {
    match protocol {
        Protocol::Tcp => port_is_free(address, port),
        Protocol::Udp => UdpSocket::bind((address, port)).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{kind_of, near, rule_of};
    use crate::model::{Forward, Protocol};
    use crate::store::{LeaseKind, PortChoice};

    fn forward(name: &str, protocol: Protocol, guest_port: u16) -> Forward {
        Forward { name: name.into(), protocol, host_address: None, host_port: 1, guest_port }
    }

    #[test]
    fn only_tcp_to_port_22_is_ssh() {
        assert_eq!(kind_of(&forward("x", Protocol::Tcp, 22)), LeaseKind::Ssh);
        assert_eq!(kind_of(&forward("ssh", Protocol::Udp, 22)), LeaseKind::Forward);
        assert_eq!(kind_of(&forward("ssh", Protocol::Tcp, 80)), LeaseKind::Forward);
    }

    #[test]
    fn a_forward_named_like_a_display_has_a_rule_of_its_own() {
        assert_eq!(rule_of(&forward("rdp", Protocol::Tcp, 3389)), "forward-rdp");
        assert_eq!(rule_of(&forward("ssh", Protocol::Tcp, 22)), "ssh");
    }

    #[test]
    fn the_last_ports_have_no_neighbours() {
        assert_eq!(near(65_000), PortChoice::FirstOf(65_000..=65_535));
    }
}
