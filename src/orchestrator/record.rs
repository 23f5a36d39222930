//! Films of a VM's screen, which the hypervisor writes itself.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{Error, ErrorKind, io};
use crate::hypervisor::{Filming, Hypervisor, offered};
use crate::model::{VmRef, VmTaskType};
use crate::request::{Changed, Outcome, RecordRequest};

/// How much longer the hypervisor would film if nobody came to end it.
const UNATTENDED: Duration = Duration::from_mins(1);

impl VmOrchestrator {
    /// Films a screen for a while. One who cancels it has what was filmed until then.
    pub(super) async fn record(&self, request: &RecordRequest) -> Result<Changed, Error> {
        let (since, vm) = (Instant::now(), &request.vm);
        let file = std::path::absolute(&request.to)
            .map_err(|e| io(format!("write `{}`", request.to.display()), e))?;
        if let Some(folder) = file.parent().filter(|folder| !folder.is_dir()) {
            let message = format!("there is no folder `{}` for the film", folder.display());
            return Err(Error::new(ErrorKind::FileNotFound, message).hint("make it first"));
        }
        let early = match self.begin_film(vm, request.span + UNATTENDED).await {
            Ok(()) => self.film_for(vm, request.span).await.err(),
            Err(error) if may_film(&error) => Some(error),
            Err(error) => return Err(error),
        };
        let ended = self.end_film(vm, file).await;
        early.map_or(ended, Err)?;
        let notes = vec![format!("written to {}", request.to.display())];
        let (vm, took) = (vm.to_string(), since.elapsed());
        Ok(Changed { vm, action: "record", outcome: Outcome::Changed, state: None, notes, took })
    }

    async fn begin_film(&self, vm: &VmRef, longest: Duration) -> Result<(), Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Screenshot).once(), move |hypervisor, _| {
            let vm = target.clone();
            async move { filming(hypervisor.as_ref())?.begin(&vm, longest).await }
        })
        .await
    }

    /// Ends a film whatever happens, and puts it into its file.
    async fn end_film(&self, vm: &VmRef, file: PathBuf) -> Result<(), Error> {
        let target = vm.clone();
        let work = Work::on(vm, VmTaskType::Screenshot).once();
        self.run_to_the_end(work, move |hypervisor, _| {
            let (vm, file) = (target.clone(), file.clone());
            async move { filming(hypervisor.as_ref())?.end(&vm, &file).await }
        })
        .await
    }

    /// Waits while a film is made.
    async fn film_for(&self, vm: &VmRef, span: Duration) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(span) => Ok(()),
            () = self.canceled() => Err(Error::new(ErrorKind::Canceled, "canceled").about(vm)),
        }
    }
}

/// Whether a film may be under way after a failure.
fn may_film(error: &Error) -> bool {
    let doubtful = [ErrorKind::OutcomeUnknown, ErrorKind::Canceled, ErrorKind::TimedOut];
    doubtful.contains(&error.kind())
}

fn filming(hypervisor: &dyn Hypervisor) -> Result<&dyn Filming, Error> {
    let filming = offered(hypervisor, hypervisor.filming(), "makes no films of its screens");
    filming.map_err(|e| e.hint("take pictures instead: `vm-cli screenshot NAME --every 1s`"))
}
