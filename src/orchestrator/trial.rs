//! A command from a snapshot: the VM is put back to it whatever comes of the command.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::snapshots::{current, find};
use crate::error::{Error, ErrorKind};
use crate::files::{CopyOptions, Recursion, Resumption};
use crate::guest::OutputSink;
use crate::model::{Display, Evidence, SnapshotId, VmRef};
use crate::request::{
    Analysis, Collect, ExecRequest, IfLive, PictureTo, RanReport, Response, Route, RunRequest,
    ScreenReport, ScreenshotRequest, TransferReport, TransferRequest, View,
};

impl VmOrchestrator {
    /// Runs a command from a snapshot and puts the VM back to it, also when the command fails,
    /// takes too long or is canceled.
    pub(super) async fn run_from(
        &self,
        request: &RunRequest,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        let vm = &request.exec.vm;
        let found = self.inspect(vm).await?;
        let id = match &request.from {
            Some(snapshot) => find(&found, snapshot)?,
            None => current(&found)?,
        };
        self.put_back(vm, &id).await?;
        let ran = self.try_out(request, sink).await;
        let begun = Instant::now();
        // Ctrl-C ends the command, not this.
        let back = Box::pin(self.afresh().put_back(vm, &id)).await;
        match (ran, back) {
            (Ok(ran), Ok(())) => {
                Ok(Response::Ran(Box::new(RanReport { put_back_in: begun.elapsed(), ..ran })))
            }
            (Ok(_), Err(back)) => Err(back),
            (Err(failed), Ok(())) => Err(failed),
            (Err(failed), Err(back)) => {
                tracing::warn!(%vm, %back, "it was not put back to its snapshot");
                Err(failed.hint(format!("it was not put back to its snapshot either: {back}")))
            }
        }
    }

    /// Puts a VM back to a snapshot, whatever it does now.
    async fn put_back(&self, vm: &VmRef, id: &SnapshotId) -> Result<(), Error> {
        let found = self.inspect(vm).await?;
        self.restore_to(vm, &found, id.clone(), IfLive::PowerOff).await
    }

    async fn try_out(
        &self,
        request: &RunRequest,
        sink: Arc<dyn OutputSink>,
    ) -> Result<RanReport, Error> {
        let vm = &request.exec.vm;
        let begun = Instant::now();
        self.start_from_off(vm, Display::Headless, None).await?;
        let resumed_in = begun.elapsed();
        let begun = Instant::now();
        let executed = Box::pin(self.exec(&request.exec, sink)).await;
        let took = begun.elapsed();
        let wanted = request.screenshot.as_deref().filter(|_| !self.rehearses());
        match executed {
            Ok(Response::Executed { vm: name, exit_code, .. }) => {
                let screen = match wanted {
                    Some(file) => Some(self.final_picture(vm, file).await?),
                    None => None,
                };
                let collected = self.collect(request).await.map_err(|error| {
                    let ended = format!(
                        "the command ended with exit code {exit_code}, but what it left could not \
                         be collected"
                    );
                    Error::new(error.kind(), ended).caused_by(error)
                })?;
                let put_back_in = Duration::ZERO;
                let report = RanReport {
                    vm: name,
                    exit_code,
                    resumed_in,
                    took,
                    put_back_in,
                    collected,
                    screen,
                };
                Ok(report)
            }
            Ok(_) => Err(Error::new(ErrorKind::Internal, "a command came to no exit code")),
            Err(failed) => {
                if failed.kind() == ErrorKind::TimedOut
                    && let Err(error) = self.collect(request).await
                {
                    tracing::debug!(%vm, %error, "nothing was brought from it");
                }
                Err(match wanted {
                    Some(file) => self.with_picture(vm, file, failed).await,
                    None => failed,
                })
            }
        }
    }

    /// Brings what is wanted from the guest.
    async fn collect(&self, request: &RunRequest) -> Result<Vec<TransferReport>, Error> {
        let mut collected = Vec::new();
        for Collect { from, to } in &request.collect {
            let ExecRequest { vm, via, credentials, reach_within, .. } = request.exec.clone();
            let route = Route::OutOf { sources: vec![from.clone()], target: to.clone() };
            let (recursion, resumption) = (Recursion::Descend, Resumption::Anew);
            let options = CopyOptions { recursion, resumption };
            let asked = TransferRequest { vm, route, options, via, credentials, reach_within };
            if let Response::Transferred(report) = Box::pin(self.transfer(&asked)).await? {
                collected.push(*report);
            }
        }
        Ok(collected)
    }

    async fn final_picture(&self, vm: &VmRef, file: &Path) -> Result<ScreenReport, Error> {
        let to = PictureTo::File(file.to_path_buf());
        let (vm, analysis, view) = (vm.clone(), Analysis::Skipped, View::default());
        let wanted = ScreenshotRequest { vm, to, analysis, view };
        self.screenshot(&wanted).await
    }

    /// Takes the picture that was wanted of a guest whose command failed: there it tells most.
    async fn with_picture(&self, vm: &VmRef, file: &Path, failed: Error) -> Error {
        if failed.kind() == ErrorKind::Canceled {
            return failed;
        }
        match self.final_picture(vm, file).await {
            Ok(_) => {
                let before = failed.evidence().cloned().unwrap_or_default();
                failed.found(Evidence { screenshot: Some(file.to_path_buf()), ..before })
            }
            Err(error) => {
                tracing::debug!(%vm, %error, "no picture of its screen");
                failed
            }
        }
    }
}
