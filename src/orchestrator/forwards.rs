//! Forwards of a VM that is there: listed, added, removed, live or off.

use std::time::Instant;

use super::VmOrchestrator;
use super::naming::nearest;
use super::ports::{near, rule_of};
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Forwarding, Hypervisor, offered};
use crate::model::typed;
use crate::model::{Forward, Vm, VmRef, VmTaskType};
use crate::request::{Changed, ForwardAction, ForwardWish, Forwarded, Outcome, PortWish, Response};
use crate::store::{LeaseKind, PortChoice};

/// Ports below this one need rights that few have.
const FIRST_FREE: u16 = 1024;

/// What leads to a guest's port 80 is looked for from 8080 on.
const ABOVE_FIRST: u16 = 8000;

impl VmOrchestrator {
    /// Does something with a VM's forwards.
    pub(super) async fn forward(
        &self,
        vm: &VmRef,
        action: ForwardAction,
    ) -> Result<Response, Error> {
        let begun = Instant::now();
        let found = self.inspect(vm).await?;
        match action {
            ForwardAction::List => {
                let forwards = found.forwards().cloned().collect();
                Ok(Response::Forwards { vm: found.name, forwards })
            }
            ForwardAction::Add(wish) => {
                let (forward, outcome) = self.add(&found, &wish).await?;
                let (vm, took) = (vm.to_string(), begun.elapsed());
                Ok(Response::Forwarded(Forwarded { vm, forward, outcome, took }))
            }
            ForwardAction::Remove(name) => {
                if !found.forwards().any(|it| it.name == name) {
                    return Err(missing(&found, &name));
                }
                self.remove_forward(vm, &name).await?;
                self.give_back_port(&found, &name);
                let (vm, action, took) = (vm.to_string(), "forward-remove", begun.elapsed());
                let (outcome, state) = (Outcome::Changed, Some(found.state));
                let notes = Vec::new();
                Ok(Response::Changed(Changed { vm, action, outcome, state, notes, took }))
            }
        }
    }

    async fn add(&self, vm: &Vm, wish: &ForwardWish) -> Result<(Forward, Outcome), Error> {
        let mut forward = Forward {
            name: wish.name.clone(),
            protocol: wish.protocol,
            host_address: None,
            host_port: 0,
            guest_port: wish.guest_port,
        };
        if let Some(twin) = vm.forwards().find(|it| it.name == wish.name) {
            if is_as_wished(twin, wish) {
                return Ok((twin.clone(), Outcome::Unchanged));
            }
            let message = format!("`{}` has a forward `{}` already: {twin}", vm.name, wish.name);
            let hint = format!(
                "choose another name, or run `vm-cli forward remove {} {}`",
                typed(&vm.name),
                wish.name
            );
            return Err(Error::new(ErrorKind::AlreadyExists, message).about(&vm.name).hint(hint));
        }
        if !vm.adapters.iter().any(|it| it.slot == 1 && it.attachment == "nat") {
            let message = format!("the first network adapter of `{}` is not on NAT", vm.name);
            let hint = "its guest is reached by its own address";
            return Err(Error::new(ErrorKind::InvalidState, message).about(&vm.name).hint(hint));
        }
        let choices = match wish.host {
            PortWish::Port(port) => PortChoice::Exactly(port),
            PortWish::Free | PortWish::Configured | PortWish::None => self.wished(&forward),
        };
        forward = self.lease_forward(vm.id, &forward, choices, None)?;
        let id = VmRef::from(vm.id);
        let Err(error) = self.add_forward(&id, &forward).await else {
            return Ok((forward, Outcome::Changed));
        };
        if may_have_happened(error.kind()) {
            // Whatever has a port keeps its lease.
            let Ok(found) = self.inspect(&id).await else { return Err(error) };
            if found.forwards().any(|it| it.name == forward.name) {
                return Ok((forward, Outcome::Changed));
            }
        }
        self.give_back_port(vm, &forward.name);
        Err(error)
    }

    /// Returns the ports among which a new forward's is chosen when none was named.
    fn wished(&self, forward: &Forward) -> PortChoice {
        match super::ports::kind_of(forward) {
            kind @ LeaseKind::Ssh => self.choices(kind, 0),
            LeaseKind::Vnc | LeaseKind::Rdp | LeaseKind::Forward => match forward.guest_port {
                low if low < FIRST_FREE => near(low.saturating_add(ABOVE_FIRST)),
                port => near(port),
            },
        }
    }

    /// Adds a forward, live or off.
    pub(super) async fn add_forward(&self, vm: &VmRef, forward: &Forward) -> Result<(), Error> {
        let (target, wanted) = (vm.clone(), forward.clone());
        // Trying again is fine: a rule that is there by then is told apart by its error.
        self.run(Work::on(vm, VmTaskType::Forward), move |hypervisor, _| {
            let (vm, forward) = (target.clone(), wanted.clone());
            async move { forwarding(hypervisor.as_ref())?.add(&vm, &forward).await }
        })
        .await
    }

    /// Removes a forward, live or off.
    pub(super) async fn remove_forward(&self, vm: &VmRef, name: &str) -> Result<(), Error> {
        let (target, wanted) = (vm.clone(), name.to_owned());
        self.run(Work::on(vm, VmTaskType::Forward), move |hypervisor, _| {
            let (vm, name) = (target.clone(), wanted.clone());
            async move { forwarding(hypervisor.as_ref())?.remove(&vm, &name).await }
        })
        .await
    }

    /// Gives the lease of a forward back. Failing to is no failure of the command.
    fn give_back_port(&self, vm: &Vm, name: &str) {
        if self.rehearses() {
            return;
        }
        let rule = match vm.forwards().find(|it| it.name == name) {
            Some(forward) => rule_of(forward),
            None => name.to_owned(),
        };
        if let Err(e) = self.store().and_then(|store| store.leases().release(vm.id, &rule)) {
            tracing::warn!("the lease of `{name}` could not be given back: {e}");
        }
    }
}

/// Returns whether a change that failed so can have been made all the same.
fn may_have_happened(kind: ErrorKind) -> bool {
    [ErrorKind::OutcomeUnknown, ErrorKind::TimedOut, ErrorKind::Canceled].contains(&kind)
}

/// Returns whether a forward is what is wished, its port too if one was named.
fn is_as_wished(forward: &Forward, wish: &ForwardWish) -> bool {
    let port_fits = match wish.host {
        PortWish::Port(port) => port == forward.host_port,
        PortWish::Free | PortWish::Configured | PortWish::None => true,
    };
    port_fits && (forward.protocol, forward.guest_port) == (wish.protocol, wish.guest_port)
}

fn missing(vm: &Vm, name: &str) -> Error {
    let message = format!("`{}` has no forward `{name}`", vm.name);
    let hint = match nearest(name, vm.forwards().map(|it| it.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("run `vm-cli forward list {}`", typed(&vm.name)),
    };
    Error::new(ErrorKind::NotFound, message).about(&vm.name).hint(hint)
}

fn forwarding(hypervisor: &dyn Hypervisor) -> Result<&dyn Forwarding, Error> {
    offered(hypervisor, hypervisor.forwarding(), "has no forwards")
}

#[cfg(test)]
mod tests {
    use super::is_as_wished;
    use crate::model::{Forward, Protocol};
    use crate::request::{ForwardWish, PortWish};

    #[test]
    fn the_same_forward_again_is_no_change() {
        let (name, protocol) = ("web".to_owned(), Protocol::Tcp);
        let there = Forward {
            name: name.clone(),
            protocol,
            host_address: None,
            host_port: 8081,
            guest_port: 80,
        };
        let wish = |host| ForwardWish { name: name.clone(), protocol, host, guest_port: 80 };
        assert!(is_as_wished(&there, &wish(PortWish::Free)));
        assert!(is_as_wished(&there, &wish(PortWish::Port(8081))));
        assert!(!is_as_wished(&there, &wish(PortWish::Port(8080))));
        assert!(!is_as_wished(&there, &ForwardWish { guest_port: 81, ..wish(PortWish::Free) }));
    }
}
