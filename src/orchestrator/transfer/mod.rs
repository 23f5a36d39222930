//! Files on their way between this host and a guest, by the way that there is into it.

mod additions;
mod progress;
mod ssh;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::watch;

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::files::{Copied, GuestFiles, Meter, copy_in, copy_out};
use crate::model::{VmTaskType, typed};
use crate::queue::Attempt;
use crate::request::{Response, Route, TransferReport, TransferRequest, Via};
use progress::Progress;

/// How long a copy that is canceled may take to clean up.
const GRACE: Duration = Duration::from_secs(10);

impl VmOrchestrator {
    /// Copies files between this host and a guest.
    pub(super) async fn transfer(&self, asked: &TransferRequest) -> Result<Response, Error> {
        let begun = Instant::now();
        let report = |via, copied| {
            let (vm, route, took) = (asked.vm.to_string(), asked.route.clone(), begun.elapsed());
            Response::Transferred(Box::new(TransferReport { vm, route, via, copied, took }))
        };
        if self.rehearses() {
            self.note(rehearsed(asked));
            return Ok(report(asked.via, Copied::default()));
        }
        let via = match asked.via {
            Via::Auto => self.pick(&asked.vm, &asked.credentials, asked.reach_within).await?,
            Via::Ssh | Via::Additions => asked.via,
        };
        let copied = match via {
            Via::Additions => self.transfer_by_additions(asked).await?,
            Via::Ssh | Via::Auto if self.simulates() => self.transfer_by_additions(asked).await?,
            Via::Ssh | Via::Auto => self.transfer_by_ssh(asked).await?,
        };
        Ok(report(via, copied))
    }

    /// Copies as a task, over files that are reached already. A canceled one cleans up first.
    async fn transfer_over(
        &self,
        asked: &TransferRequest,
        files: Arc<dyn GuestFiles>,
    ) -> Result<Copied, Error> {
        let (stop, stopped) = watch::channel(false);
        let wanted = Arc::new(asked.clone());
        // Once: a connection that broke serves no second attempt.
        let work = Work::on(&asked.vm, VmTaskType::Copy).unlocked().once();
        let copying = self.run_to_the_end(work, move |_, attempt| {
            let (files, asked, stopped) = (files.clone(), wanted.clone(), stopped.clone());
            async move { copy(files.as_ref(), &asked, stopped, attempt).await }
        });
        self.or_stopped(copying, &stop, asked).await
    }

    /// Waits for a copy; when it is canceled, it is told so and given time to clean up.
    async fn or_stopped(
        &self,
        copying: impl Future<Output = Result<Copied, Error>>,
        stop: &watch::Sender<bool>,
        asked: &TransferRequest,
    ) -> Result<Copied, Error> {
        let mut copying = std::pin::pin!(copying);
        let copied = tokio::select! {
            biased;
            copied = &mut copying => copied,
            () = self.canceled() => {
                stop.send_replace(true);
                let late = || Err(Error::new(ErrorKind::Canceled, "canceled").about(&asked.vm));
                tokio::time::timeout(GRACE, copying).await.unwrap_or_else(|_elapsed| late())
            }
        };
        copied.map_err(|error| with_hint(error, asked))
    }
}

async fn copy(
    files: &dyn GuestFiles,
    asked: &TransferRequest,
    stopped: watch::Receiver<bool>,
    attempt: Attempt,
) -> Result<Copied, Error> {
    let progress = Progress::new(Instant::now());
    let told = attempt.clone();
    let meter = Meter::new(stopped, move |done, all| {
        if let Some(line) = progress.line(done, all, Instant::now()) {
            told.progress(line);
        }
    });
    let copied = match &asked.route {
        Route::Into { sources, target } => {
            copy_in(files, sources, target, asked.options, &meter).await?
        }
        Route::OutOf { sources, target } => {
            copy_out(files, sources, target, asked.options, &meter).await?
        }
    };
    attempt.result(json!({ "files": copied.files, "bytes": copied.bytes }));
    Ok(copied)
}

/// A copy that broke off can be gone on with.
fn with_hint(error: Error, asked: &TransferRequest) -> Error {
    if error.kind() != ErrorKind::GuestUnreachable {
        return error;
    }
    error.hint(format!(
        "see whether the VM still runs (`vm-cli status {}`); `--resume` keeps what has come",
        typed(&asked.vm)
    ))
}

fn rehearsed(asked: &TransferRequest) -> String {
    let vm = &asked.vm;
    let what = match &asked.route {
        Route::Into { sources, target } => {
            let named = sources.iter().map(|it| typed(it.display()));
            format!(
                "{} to {}",
                named.collect::<Vec<_>>().join(" "),
                typed(format!("{vm}:{target}"))
            )
        }
        Route::OutOf { sources, target } => {
            let named = sources.iter().map(|it| typed(format!("{vm}:{it}")));
            format!("{} to {}", named.collect::<Vec<_>>().join(" "), typed(target.display()))
        }
    };
    let way = match asked.via {
        Via::Ssh => " over SSH",
        Via::Additions => " through the Guest Additions",
        Via::Auto => "",
    };
    format!("copy {what}{way}")
}
