//! Remote displays: switched on with a port of their own and a password, and off again.

use std::time::Instant;

use super::VmOrchestrator;
use super::provision::listen_address;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{DisplayServer, Hypervisor, RemoteDisplays, offered};
use crate::model::{RemoteProtocol, Vm, VmRef, VmTaskType, typed};
use crate::request::{Changed, DisplayAction, DisplayReport, Outcome, Response, Secret};
use crate::store::{LeaseKind, LeaseRequest, port_is_free};

impl VmOrchestrator {
    /// Does something with a VM's remote display.
    pub(super) async fn display(
        &self,
        vm: &VmRef,
        action: &DisplayAction,
    ) -> Result<Response, Error> {
        let begun = Instant::now();
        let found = self.inspect(vm).await?;
        match action {
            DisplayAction::On { password, protocol } => {
                let port = self.display_on(vm, &found, password, *protocol).await?;
                Ok(self.display_report(vm, RemoteProtocol::Vnc, port, Outcome::Changed, begun))
            }
            DisplayAction::Off => {
                let outcome = self.display_off(vm, &found).await?;
                let (vm, took) = (vm.to_string(), begun.elapsed());
                let (state, notes) = (Some(found.state), Vec::new());
                let action = "display-off";
                Ok(Response::Changed(Changed { vm, action, outcome, state, notes, took }))
            }
            DisplayAction::Url => {
                let port = found.remote_display_port.ok_or_else(|| {
                    Error::new(ErrorKind::NotFound, format!("`{vm}` has no remote display"))
                        .hint(format!("run `vm-cli display on {}`", typed(vm)))
                })?;
                let protocol = self.protocol(vm).await?;
                Ok(self.display_report(vm, protocol, port, Outcome::Unchanged, begun))
            }
        }
    }

    fn display_report(
        &self,
        vm: &VmRef,
        protocol: RemoteProtocol,
        port: u16,
        outcome: Outcome,
        begun: Instant,
    ) -> Response {
        let address = listen_address(self.settings());
        let url = format!("{protocol}://{address}:{port}");
        let took = begun.elapsed();
        Response::Display(Box::new(DisplayReport { vm: vm.to_string(), url, outcome, took }))
    }

    async fn display_on(
        &self,
        vm: &VmRef,
        found: &Vm,
        password: &Secret,
        wanted: Option<RemoteProtocol>,
    ) -> Result<u16, Error> {
        let installed = self.protocol(vm).await?;
        if let Some(wanted) = wanted.filter(|wanted| *wanted != installed) {
            return Err(not_installed(wanted, installed).about(vm));
        }
        if installed == RemoteProtocol::Rdp {
            let message = "the remote display of this VirtualBox is RDP, whose password \
                           vm-cli cannot set";
            return Err(Error::new(ErrorKind::Unsupported, message).about(vm).hint(
                "make VNC its default: `VBoxManage setproperty vrdeextpack VNC`, \
                 if that extension pack is installed",
            ));
        }
        // Its server takes new settings only when it is switched on.
        self.display_off(vm, found).await?;
        let (kind, address) = (LeaseKind::Vnc, listen_address(self.settings()));
        let choices = self.choices(kind, 0);
        let port = if self.rehearses() {
            found.remote_display_port.unwrap_or_default()
        } else {
            let rule = kind.as_str().to_owned();
            let wanted = LeaseRequest { kind, address, port: choices, vm: found.id, rule };
            let taken = |port| !port_is_free(address, port);
            self.store()?.leases().claim(&wanted, self.now(), taken)?
        };
        let server = DisplayServer { address, port, password: password.reveal().to_owned() };
        let target = vm.clone();
        let shown = self.run(Work::on(vm, VmTaskType::Forward), move |hypervisor, _| {
            let (vm, server) = (target.clone(), server.clone());
            async move { remote(hypervisor.as_ref())?.show(&vm, &server).await }
        });
        let shown = shown.await;
        if shown.is_err() && !self.rehearses() {
            self.store()?.leases().release(found.id, kind.as_str())?;
        }
        shown.map(|()| port)
    }

    async fn display_off(&self, vm: &VmRef, found: &Vm) -> Result<Outcome, Error> {
        if found.remote_display_port.is_none() {
            return Ok(Outcome::Unchanged);
        }
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Forward), move |hypervisor, _| {
            let vm = target.clone();
            async move { remote(hypervisor.as_ref())?.hide(&vm).await }
        })
        .await?;
        if !self.rehearses() {
            for kind in [LeaseKind::Vnc, LeaseKind::Rdp] {
                self.store()?.leases().release(found.id, kind.as_str())?;
            }
        }
        Ok(Outcome::Changed)
    }

    /// Returns what remote displays speak here.
    async fn protocol(&self, vm: &VmRef) -> Result<RemoteProtocol, Error> {
        let asked = self.run(Work::on_all(VmTaskType::Inspect), |hypervisor, _| async move {
            remote(hypervisor.as_ref())?.protocol().await
        });
        asked.await?.ok_or_else(|| {
            let message = "this VirtualBox has no module for remote displays";
            Error::new(ErrorKind::Unsupported, message).about(vm).hint(
                "install an extension pack: Debian's package `virtualbox` brings VNC, \
                 `virtualbox-ext-pack` or virtualbox.org RDP",
            )
        })
    }
}

/// VirtualBox has one module at a time for all its VMs.
fn not_installed(wanted: RemoteProtocol, installed: RemoteProtocol) -> Error {
    let (wanted_name, installed) =
        (wanted.as_str().to_uppercase(), installed.as_str().to_uppercase());
    let message =
        format!("the remote display of this VirtualBox is {installed}, not {wanted_name}");
    let hint = match wanted {
        RemoteProtocol::Rdp => {
            "install Oracle's extension pack (Debian's package `virtualbox-ext-pack`, or from \
             virtualbox.org) and make it the default: \
             `VBoxManage setproperty vrdeextpack \"Oracle VirtualBox Extension Pack\"`"
        }
        RemoteProtocol::Vnc => {
            "install the VNC extension pack (Debian's package `virtualbox` brings it) and make it \
             the default: `VBoxManage setproperty vrdeextpack VNC`"
        }
    };
    Error::new(ErrorKind::Unsupported, message).hint(hint)
}

fn remote(hypervisor: &dyn Hypervisor) -> Result<&dyn RemoteDisplays, Error> {
    offered(hypervisor, hypervisor.remote_displays(), "has no remote displays")
}
