use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::Method;
use serde_json::Value;

use super::connection::{Coming, Sent, ask};
use super::errands::{Brought, Hearing, Unheard};
use super::{Address, EventStream, Interest};
use crate::error::{self, Error, ErrorKind};
use crate::model::VmRef;
use crate::request::{
    Batch, MetricsReport, Pace, PictureTo, Repair, Request, Response, Secret, Selection,
};
use crate::store::{AuditRecord, TaskFilter, TaskRecord};
use crate::wire::{Errand, Heard};

/// A command's input is no longer, in bytes: all of it is sent before the command begins.
const MOST_INPUT: u64 = 32 * 1024 * 1024;

/// What speaks to a server. Clones speak to the same one.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) address: Address,
    pub(super) token: Option<Secret>,
    pub(super) name: Option<String>,
}

impl Client {
    /// Builds one. Nothing is sent before something is asked.
    pub fn new(address: Address, token: Option<Secret>) -> Self {
        Self { address, token, name: None }
    }

    /// Says what it calls itself, where no token says who it is.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Returns where the server is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Does what is asked.
    pub async fn call(&self, request: Request) -> Result<Response, Error> {
        self.call_and_hear(request, &Unheard).await
    }

    /// Does what is asked, and hears what happens meanwhile. A picture that is to go into a file is
    /// written on this host; all other files are the server's.
    pub async fn call_and_hear(
        &self,
        mut request: Request,
        hearing: &dyn Hearing,
    ) -> Result<Response, Error> {
        let input = taken_input(&mut request).await?;
        let file = taken_file(&mut request);
        let errand = Errand::One(Box::new(request));
        let Heard::Response(response) = self.send(errand, &input, hearing).await?.heard else {
            return Err(unexpected());
        };
        written(*response, file).await
    }

    /// Does everything that is asked, and hears what happens meanwhile.
    pub async fn call_all(
        &self,
        mut requests: Vec<Request>,
        pace: Pace,
        hearing: &dyn Hearing,
    ) -> Result<Batch, Error> {
        let files: Vec<Option<PathBuf>> = requests.iter_mut().map(taken_file).collect();
        let errand = Errand::Several { requests, pace };
        let Brought { outcomes, .. } = self.send(errand, &[], hearing).await?;
        let mut batch = Batch { outcomes };
        for (outcome, file) in batch.outcomes.iter_mut().zip(files) {
            let nothing = Err(unexpected());
            outcome.result = match std::mem::replace(&mut outcome.result, nothing) {
                Ok(response) => written(response, file).await,
                failed => failed,
            };
        }
        Ok(batch)
    }

    /// Finds the VMs that are meant.
    pub async fn select(&self, selection: &Selection) -> Result<Vec<VmRef>, Error> {
        let Heard::Vms(vms) = self.bring(Errand::Select(selection.clone())).await? else {
            return Err(unexpected());
        };
        Ok(vms)
    }

    /// Reads the tasks that are remembered.
    pub async fn tasks(
        &self,
        filter: TaskFilter,
        within: Option<Duration>,
    ) -> Result<Vec<TaskRecord>, Error> {
        let Heard::Tasks(tasks) = self.bring(Errand::Tasks { filter, within }).await? else {
            return Err(unexpected());
        };
        Ok(tasks)
    }

    /// Reads, or ends, one task.
    async fn one_task(&self, errand: Errand) -> Result<TaskRecord, Error> {
        let Heard::Tasks(mut tasks) = self.bring(errand).await? else {
            return Err(unexpected());
        };
        tasks.pop().ok_or_else(unexpected)
    }

    /// Reads one task, by the start of its id.
    pub async fn task(&self, id: &str) -> Result<TaskRecord, Error> {
        self.one_task(Errand::Task(id.to_owned())).await
    }

    /// Cancels a task of another process of the server's host, by the start of its id.
    pub async fn cancel_task(&self, id: &str) -> Result<TaskRecord, Error> {
        self.one_task(Errand::CancelTask(id.to_owned())).await
    }

    /// Forgets tasks that ended longer ago than this, and returns how many.
    pub async fn prune_tasks(&self, older_than: Duration) -> Result<usize, Error> {
        let Heard::Pruned(count) = self.bring(Errand::PruneTasks(older_than)).await? else {
            return Err(unexpected());
        };
        Ok(count)
    }

    /// Reads the audit trail, the newest line first.
    pub async fn audit(
        &self,
        vm: Option<String>,
        within: Option<Duration>,
        limit: Option<u32>,
    ) -> Result<Vec<AuditRecord>, Error> {
        let Heard::Audit(lines) = self.bring(Errand::Audit { vm, within, limit }).await? else {
            return Err(unexpected());
        };
        Ok(lines)
    }

    /// Reads figures of this time, or of all that is kept.
    pub async fn metrics(&self, within: Option<Duration>) -> Result<MetricsReport, Error> {
        let Heard::Metrics(report) = self.bring(Errand::Metrics(within)).await? else {
            return Err(unexpected());
        };
        Ok(*report)
    }

    /// Repairs what a crash left.
    pub async fn gc(&self) -> Result<Vec<Repair>, Error> {
        let Heard::Repairs(repairs) = self.bring(Errand::Gc).await? else {
            return Err(unexpected());
        };
        Ok(repairs)
    }

    async fn bring(&self, errand: Errand) -> Result<Heard, Error> {
        Ok(self.send(errand, &[], &Unheard).await?.heard)
    }

    /// Calls a method of the API by its name, such as `vm_list`; what it answers is what the
    /// command prints with `--json`.
    pub async fn method(&self, name: &str, arguments: &Value) -> Result<Value, Error> {
        let path = format!("/v1/methods/{name}");
        let (kind, body) = (Some("application/json"), arguments.to_string().into_bytes());
        let sent = Sent { verb: Method::POST, path: &path, kind, body };
        self.ask(sent).await?.json().await
    }

    /// Listens to what happens, from the event after this one on.
    pub fn events(&self, since: Option<u64>, interest: Interest) -> EventStream {
        EventStream::new(self.clone(), since, interest)
    }

    pub(super) async fn ask(&self, sent: Sent<'_>) -> Result<Coming, Error> {
        ask(self, sent).await
    }
}

/// Takes the input of a guest's command out of a request, and reads all of it.
async fn taken_input(request: &mut Request) -> Result<Vec<u8>, Error> {
    let exec = if let Request::Exec(exec) = request {
        exec.as_mut()
    } else if let Request::Run(run) = request {
        &mut run.exec
    } else {
        return Ok(Vec::new());
    };
    if exec.terminal.is_some() {
        let message = "a terminal cannot be lent to a guest through a server";
        return Err(Error::new(ErrorKind::Unsupported, message)
            .hint("leave out `--tty`, or log in on the server's host"));
    }
    let Some(input) = std::mem::take(&mut exec.input).open()? else { return Ok(Vec::new()) };
    let read = move || {
        let mut all = Vec::new();
        input.take(MOST_INPUT + 1).read_to_end(&mut all).map(|_| all)
    };
    let read = tokio::task::spawn_blocking(read).await;
    let broken = |e| Error::new(ErrorKind::Internal, "reading the input broke off").caused_by(e);
    let all = read.map_err(broken)?.map_err(|e| error::io("read the command's input", e))?;
    let length = u64::try_from(all.len()).unwrap_or(u64::MAX);
    if MOST_INPUT < length {
        let message = format!("the command's input has more than {MOST_INPUT} bytes");
        return Err(Error::new(ErrorKind::LimitExceeded, message)
            .hint("copy it into the guest first, and read it there"));
    }
    Ok(all)
}

/// Takes the file out of a request for a picture: it is one of this host.
fn taken_file(request: &mut Request) -> Option<PathBuf> {
    let Request::Screenshot(shot) = request else { return None };
    match std::mem::replace(&mut shot.to, PictureTo::Response) {
        PictureTo::File(file) => Some(file),
        other @ (PictureTo::Response | PictureTo::ResponseUnless(_)) => {
            shot.to = other;
            None
        }
    }
}

/// Writes the picture of a response where it is wanted.
async fn written(mut response: Response, file: Option<PathBuf>) -> Result<Response, Error> {
    if let (Response::Screen(screen), Some(file)) = (&mut response, file) {
        let png = screen.png.take().ok_or_else(unexpected)?;
        write_whole(&file, &png).await?;
        screen.file = Some(file);
    }
    Ok(response)
}

/// Writes a file whole or not at all: beside its place first, then moved there.
async fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |e| error::io(format!("write `{}`", file.display()), e);
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = file.with_file_name(format!(".{name}.{}", std::process::id()));
    tokio::fs::write(&beside, bytes).await.map_err(failed)?;
    let moved = tokio::fs::rename(&beside, file).await;
    if moved.is_err() {
        tokio::fs::remove_file(&beside).await.ok();
    }
    moved.map_err(failed)
}

fn unexpected() -> Error {
    Error::new(ErrorKind::Unparseable, "the server answers something else than was asked")
}
