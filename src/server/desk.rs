use std::sync::Arc;
use std::time::Duration;

use super::answer::Answer;
use super::client::{Client, Reach};
use super::listing::Listed;
use super::office::Office;
use super::printed::Printed;
use crate::config::Settings;
use crate::error::{Error, ErrorKind};
use crate::guest::OutputSink;
use crate::model::{VmId, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::request::{
    Analysis, PictureTo, Request, Response, ScreenReport, ScreenshotRequest, View,
};
use crate::screen::Reading;

/// Where one call of a method is dealt with, for one client. It can be canceled without the others.
#[derive(Debug)]
pub struct Desk {
    orchestrator: VmOrchestrator,
    client: Client,
    office: Office,
}

impl Desk {
    /// Opens one beside others of an office.
    pub(super) fn new(office: &Office, client: &Client, method: &str) -> Self {
        let orchestrator = office.orchestrator_for(client, method);
        Self { orchestrator, client: client.clone(), office: office.clone() }
    }

    /// Ends what is under way: half-made VMs are removed.
    pub fn cancel(&self) {
        self.orchestrator.cancel();
    }

    /// Waits until what is under way is to end.
    pub(super) async fn canceled(&self) {
        self.orchestrator.canceled().await;
    }

    /// Returns the settings.
    pub(super) fn settings(&self) -> &Settings {
        self.orchestrator.settings()
    }

    /// Returns what reads the records.
    pub(super) fn orchestrator(&self) -> &VmOrchestrator {
        &self.orchestrator
    }

    /// Returns who asks.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns what the desks share.
    pub(super) fn office(&self) -> &Office {
        &self.office
    }

    /// Does what is asked.
    pub(super) async fn ask(&self, request: Request) -> Result<Response, Error> {
        self.ask_and_listen(request).await.map(|(response, _)| response)
    }

    /// Does what is asked, and tells it.
    pub(super) async fn tell(&self, request: Request) -> Result<Answer, Error> {
        self.ask(request).await.map(Answer::of)
    }

    /// Does what is asked, and returns what a guest's command printed too.
    pub(super) async fn ask_and_listen(
        &self,
        request: Request,
    ) -> Result<(Response, Arc<Printed>), Error> {
        let printed = Arc::new(Printed::default());
        let response = self.ask_into(request, printed.clone()).await?;
        Ok((response, printed))
    }

    /// Does what is asked, a guest's output going into a sink.
    pub(super) async fn ask_into(
        &self,
        request: Request,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        let request = self.permitted(request).await?;
        let mut response = self.orchestrator.handle(request, sink).await?;
        if let Response::List(vms) = &mut response {
            let reach = &self.client.reach;
            vms.retain(|it| reach.names(&it.name) || reach.names(&it.id.to_string()));
        }
        Ok(response)
    }

    /// Refuses what this client may not ask for now.
    pub(super) async fn permitted(&self, request: Request) -> Result<Request, Error> {
        let request = self.within_reach(request).await?;
        self.may_use(&request).await?;
        Ok(request)
    }

    /// Returns the VMs within reach, as they were at most so long ago.
    pub(super) async fn list(&self, age: Duration) -> Result<Listed, Error> {
        let mut listed = self.office.listing().within(age, &self.orchestrator).await?;
        let reach = &self.client.reach;
        listed.vms.retain(|it| reach.names(&it.name) || reach.names(&it.id.to_string()));
        Ok(listed)
    }

    /// Returns the UUID of a VM.
    pub(super) async fn identify(&self, vm: &VmRef) -> Result<VmId, Error> {
        let Response::Status(found) = self.ask(Request::Status(vm.clone())).await? else {
            return Err(Error::new(ErrorKind::Internal, "a status is no status").about(vm));
        };
        Ok(found.id)
    }

    /// Refuses to use a guest while agents are paused, or while another has the VM for himself.
    async fn may_use(&self, request: &Request) -> Result<(), Error> {
        let Some(vm) = request.used_guest() else { return Ok(()) };
        self.orchestrator.refuse_while_paused(&vm)?;
        if self.orchestrator.vm_leases()?.is_empty() {
            return Ok(());
        }
        let id = Box::pin(self.identify(&vm)).await?;
        self.orchestrator.check_lease(id, &self.client.name)
    }

    /// Refuses what is about a VM that the client may not reach. A name can mean more than it says,
    /// so what is asked is about the VM's UUID from here on.
    async fn within_reach(&self, request: Request) -> Result<Request, Error> {
        if self.client.reach == Reach::Every {
            return Ok(request);
        }
        for name in request.new_names() {
            if !self.client.reach.names(&name) {
                return Err(self.client.out_of_reach(format_args!("`{name}`")));
            }
        }
        let Some(vm) = request.vm() else {
            // Of a list only those within reach are told.
            let is_harmless = matches!(request, Request::Create(_) | Request::List);
            return if is_harmless {
                Ok(request)
            } else {
                Err(self.client.out_of_reach("the host"))
            };
        };
        let refusal = || self.client.out_of_reach(format_args!("`{vm}`"));
        let look = Request::Status(vm.clone());
        match self.orchestrator.handle(look, Arc::new(Printed::default())).await {
            Ok(Response::Status(found)) if self.client.reach.holds(&found) => {
                Ok(request.about(found.id.into()))
            }
            Err(error) if self.client.reach.spells(&vm) => Err(error),
            Ok(_) | Err(_) => Err(refusal()),
        }
    }

    /// Takes a picture of a VM's screen and reads it.
    pub(super) async fn read_screen(&self, vm: &VmRef) -> Result<(ScreenReport, Reading), Error> {
        let request = ScreenshotRequest {
            vm: vm.clone(),
            to: PictureTo::Response,
            analysis: Analysis::Wanted,
            view: View::default(),
        };
        let Response::Screen(mut report) = self.ask(Request::Screenshot(request)).await? else {
            return Err(Error::new(ErrorKind::Unsupported, "a rehearsal takes no pictures"));
        };
        let reading = report.reading.take().ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "this program was built without reading screens")
                .hint("build it with the feature `ocr`")
        })?;
        Ok((*report, reading))
    }

    /// Makes sure that who destroys something knows what: the VM's UUID has to be repeated.
    pub(super) async fn confirm(&self, vm: &VmRef, repeated: &str) -> Result<(), Error> {
        let found = self.identify(vm).await?;
        match repeated.parse::<VmId>() {
            Ok(id) if id == found => Ok(()),
            Ok(_) | Err(_) => {
                let message = format!("`confirm` is not the UUID of `{vm}`, and this destroys");
                Err(Error::new(ErrorKind::Usage, message)
                    .about(vm)
                    .hint("look with `vm_status` whether it is the right VM, then repeat its `id`"))
            }
        }
    }

    /// Returns a time that was asked for in seconds, or the usual one.
    pub(super) fn seconds(asked: Option<f64>, usual: Duration) -> Result<Duration, Error> {
        asked.map_or(Ok(usual), Self::duration)
    }

    /// Returns a time that was asked for in seconds.
    pub(super) fn duration(seconds: f64) -> Result<Duration, Error> {
        Duration::try_from_secs_f64(seconds).map_err(|e| {
            Error::new(ErrorKind::Usage, format!("{seconds} seconds are no time")).caused_by(e)
        })
    }
}
