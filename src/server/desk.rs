use std::sync::Arc;
use std::time::Duration;

use super::answer::Answer;
use super::printed::Printed;
use crate::config::Settings;
use crate::error::{Error, ErrorKind};
use crate::model::{VmId, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::request::{
    Analysis, PictureTo, Request, Response, ScreenReport, ScreenshotRequest, View,
};
use crate::screen::Reading;

/// Where one call of a method is dealt with. It can be canceled without the others.
#[derive(Debug)]
pub struct Desk {
    orchestrator: VmOrchestrator,
}

impl Desk {
    /// Opens one beside others over the same VMs.
    pub fn beside(orchestrator: &VmOrchestrator) -> Self {
        Self { orchestrator: orchestrator.afresh() }
    }

    /// Ends what is under way: half-made VMs are removed.
    pub fn cancel(&self) {
        self.orchestrator.cancel();
    }

    /// Returns the settings.
    pub(super) fn settings(&self) -> &Settings {
        self.orchestrator.settings()
    }

    /// Returns what reads the records.
    pub(super) fn orchestrator(&self) -> &VmOrchestrator {
        &self.orchestrator
    }

    /// Does what is asked.
    pub(super) async fn ask(&self, request: Request) -> Result<Response, Error> {
        self.orchestrator.handle(request, Arc::new(Printed::default())).await
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
        let response = self.orchestrator.handle(request, printed.clone()).await?;
        Ok((response, printed))
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
        let Response::Status(found) = self.ask(Request::Status(vm.clone())).await? else {
            return Err(Error::new(ErrorKind::Internal, "a status is no status").about(vm));
        };
        match repeated.parse::<VmId>() {
            Ok(id) if id == found.id => Ok(()),
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
        let Some(seconds) = asked else { return Ok(usual) };
        Duration::try_from_secs_f64(seconds).map_err(|e| {
            Error::new(ErrorKind::Usage, format!("{seconds} seconds are no time")).caused_by(e)
        })
    }
}
