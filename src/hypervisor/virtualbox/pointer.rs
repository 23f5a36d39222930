//! The guest's pointer, which VBoxManage has no verb for: through the web service, or the VM's own
//! remote display.

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::rfb;
use super::rfb::Place;
use super::webservice::{InUse, Machine, Starter};
use crate::error::Error;
use crate::hypervisor::Console;
use crate::hypervisor::Hand;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Pointer;
use crate::model::Monitor;
use crate::model::PointerReport;
use crate::model::Size;
use crate::model::VmRef;
use crate::process::Ledger;
use crate::screen;

/// How a pointer is reached.
#[derive(Debug)]
enum Way {
    /// Through the web service of this host.
    WebService,
    /// Through the VM's own remote display.
    Vnc(Place),
}

impl Way {
    fn name(&self) -> &'static str {
        match self {
            Self::WebService => "vboxwebsrv",
            Self::Vnc(_) => "vnc",
        }
    }
}

#[async_trait]
impl Pointer for VirtualBoxManager {
    async fn way(&self, vm: &VmRef) -> Result<&'static str, Error> {
        self.pointer_way(vm).await.map(|way| way.name())
    }

    async fn take(&self, vm: &VmRef) -> Result<Box<dyn Hand>, Error> {
        let way = self.pointer_way(vm).await?;
        if let Some(ledger) = &self.options.ledger {
            return Ok(Box::new(self.rehearsing_hand(vm, way.name(), ledger).await?));
        }
        let Place { address, password } = match way {
            Way::Vnc(place) => place,
            Way::WebService => {
                let service = self.webservice.get(&self.starter()).await?;
                return match service.server().machine(vm).await {
                    Ok(machine) => Ok(Box::new(ServiceHand { service, machine })),
                    Err(error) => Err(service.given_back(error)),
                };
            }
        };
        let deadline = self.commands.deadlines.query;
        let session = rfb::Session::open(vm, address, &password, deadline).await?;
        Ok(Box::new(VncHand { session, screen: self.screen_size(vm).await? }))
    }
}

/// The pointer in the hand of a VNC client.
#[derive(Debug)]
struct VncHand {
    session: rfb::Session,
    /// By a picture: a server that has been told of no change yet calls every screen 640x480 (seen
    /// on 7.2.22), and takes places beyond that all the same.
    screen: Size,
}

#[async_trait]
impl Hand for VncHand {
    async fn screen(&mut self) -> Result<Size, Error> {
        Ok(self.screen)
    }

    async fn point(&mut self, reports: &[PointerReport]) -> Result<(), Error> {
        self.session.point(reports).await
    }

    async fn let_go(self: Box<Self>) {}
}

/// The pointer in the hand of the web service.
#[derive(Debug)]
struct ServiceHand {
    service: InUse,
    machine: Machine,
}

#[async_trait]
impl Hand for ServiceHand {
    async fn screen(&mut self) -> Result<Size, Error> {
        let size = self.machine.screen().await;
        self.service.heed(size)
    }

    async fn point(&mut self, reports: &[PointerReport]) -> Result<(), Error> {
        let pointed = self.machine.point(reports).await;
        self.service.heed(pointed)
    }

    async fn let_go(self: Box<Self>) {
        self.machine.unlock().await;
        self.service.give_back();
    }
}

/// A hand that notes what it would do.
#[derive(Debug)]
struct RehearsingHand {
    vm: VmRef,
    way: &'static str,
    screen: Size,
    ledger: Ledger,
}

#[async_trait]
impl Hand for RehearsingHand {
    async fn screen(&mut self) -> Result<Size, Error> {
        Ok(self.screen)
    }

    async fn point(&mut self, reports: &[PointerReport]) -> Result<(), Error> {
        for report in reports {
            self.ledger.note(format!("{}: {}, the pointer {report}", self.way, self.vm));
        }
        Ok(())
    }

    async fn let_go(self: Box<Self>) {}
}

impl VirtualBoxManager {
    /// Returns what starts the web service.
    pub(super) fn starter(&self) -> Starter {
        Starter {
            options: self.options.webservice.clone(),
            runner: self.options.runner.clone(),
            commands: self.commands.clone(),
        }
    }

    /// The web service comes first: it knows whether the guest follows.
    async fn pointer_way(&self, vm: &VmRef) -> Result<Way, Error> {
        let Err(missing) = self.options.webservice.program() else { return Ok(Way::WebService) };
        match self.vnc_place(vm).await {
            Some(place) => Ok(Way::Vnc(place)),
            None => Err(missing.about(vm)),
        }
    }

    async fn vnc_place(&self, vm: &VmRef) -> Option<Place> {
        let file = self.registered_settings(self.identify(vm)?).await?;
        rfb::place(&tokio::fs::read_to_string(file).await.ok()?)
    }

    /// A rehearsal starts no service to ask how large the screen is.
    async fn rehearsing_hand(
        &self,
        vm: &VmRef,
        way: &'static str,
        ledger: &Ledger,
    ) -> Result<RehearsingHand, Error> {
        let screen = self.screen_size(vm).await?;
        Ok(RehearsingHand { vm: vm.clone(), way, screen, ledger: ledger.clone() })
    }

    async fn screen_size(&self, vm: &VmRef) -> Result<Size, Error> {
        let png = Console::screenshot(self, vm, Monitor::default()).await?;
        Ok(screen::decode_png(&png).map_err(|error| error.about(vm))?.size())
    }
}

#[cfg(test)]
mod tests {
    use crate::error::ErrorKind;
    use crate::hypervisor::Pointer;
    use crate::hypervisor::virtualbox::testing::{Rig, named};

    #[tokio::test]
    async fn without_the_web_service_it_tells_what_to_install() {
        let rig = Rig::new([]);
        let web = named("web");
        for failed in
            [rig.manager.way(&web).await.map(drop), rig.manager.take(&web).await.map(drop)]
        {
            let error = failed.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HypervisorMissing);
            assert!(error.next_step().is_some_and(|hint| hint.contains("package `virtualbox`")));
        }
        assert_eq!(rig.calls(), Vec::<String>::new());
    }
}
