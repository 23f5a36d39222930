//! Making a VM: all of it or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::VmOrchestrator;
use super::provision::{self, Decided, Fittings};
use super::tasks::Work;
use crate::config::PortRange;
use crate::error::{self, Error, ErrorKind};
use crate::hypervisor::Progress;
use crate::metrics;
use crate::model::{
    ExecutionEngine, Nic, Switch, VmConfiguration, VmId, VmRef, VmState, VmTaskType, typed,
};
use crate::request::{Changed, CreateRequest, Creation, IfExists, Outcome, PortWish, Response};
use crate::store::{LeaseKind, LeaseRequest, PortChoice, port_is_free};

impl VmOrchestrator {
    /// Makes a VM, and starts it if that is wanted.
    pub(super) async fn create(&self, asked: &CreateRequest) -> Result<Creation, Error> {
        let id = VmId::from_random(fastrand::u128(..));
        self.create_fitted(id, asked, || Ok(Fittings::default())).await
    }

    /// Makes a VM for what is to be installed on it. What `fit` writes belongs to the VM: it is
    /// called when the intent is noted, and goes when the VM does.
    pub(super) async fn create_fitted(
        &self,
        id: VmId,
        asked: &CreateRequest,
        fit: impl FnOnce() -> Result<Fittings, Error> + Send,
    ) -> Result<Creation, Error> {
        let begun = Instant::now();
        let iso = asked.iso.as_deref().map(|named| self.find_iso(named)).transpose()?;
        let mut notes = Vec::new();
        // Noted first, so that not even a crash leaves a lease that belongs to nobody.
        self.intend(id, asked.name.as_str())?;
        self.note_group(id, &asked.groups)?;
        let fitted = match fit() {
            Ok(fittings) => self.make(id, asked, (iso, fittings), &mut notes).await,
            Err(error) => Err(Failed::from(error)),
        };
        let wanted = match fitted {
            Ok(wanted) => wanted,
            Err(Failed { error, left }) => {
                if left == Left::Nothing {
                    self.forget(id);
                }
                return Err(error);
            }
        };
        if wanted.execution_engine == ExecutionEngine::Interpreter {
            notes.push(
                "it runs on VirtualBox's interpreter, which is slow: see `vm-cli setup`".to_owned(),
            );
        }
        let mut state = VmState::PoweredOff;
        if let Some(display) = asked.start {
            let vm = VmRef::from(&wanted.name);
            notes.extend(self.start_from_off(&vm, display, asked.wait).await?.notes);
            state = VmState::Running;
        }
        Ok(Creation {
            name: wanted.name.to_string(),
            id,
            state,
            remote_display_port: wanted.remote_display.as_ref().map(|display| display.port),
            forwards: wanted.forwards,
            notes,
            took: begun.elapsed(),
        })
    }

    /// Makes a VM, or leaves the one alone that has its name, if that is wanted.
    pub(super) async fn create_or_keep(&self, asked: &CreateRequest) -> Result<Response, Error> {
        let begun = Instant::now();
        let refusal = match self.create(asked).await {
            Err(e) if is_taken(&e) && asked.if_exists == IfExists::Keep => e,
            made => return made.map(Response::Created),
        };
        // The name can also be taken by a folder without a VM.
        let Ok(found) = self.inspect(&VmRef::from(&asked.name)).await else { return Err(refusal) };
        let (vm, action, outcome) = (found.name, "create", Outcome::Unchanged);
        let (state, took) = (Some(found.state), begun.elapsed());
        let notes = Vec::new();
        Ok(Response::Changed(Changed { vm, action, outcome, state, notes, took }))
    }

    /// Decides what the VM should be, and makes it.
    async fn make(
        &self,
        id: VmId,
        asked: &CreateRequest,
        (iso, fittings): (Option<PathBuf>, Fittings),
        notes: &mut Vec<String>,
    ) -> Result<VmConfiguration, Failed> {
        // Those that were named come before those that are chosen.
        for forward in &asked.forwards {
            self.lease_forward(id, forward, PortChoice::Exactly(forward.host_port), None)?;
        }
        let decided = Decided {
            ssh_port: self.choose_ssh_port(asked, id, notes)?,
            remote_display_port: self.choose_display_port(asked.remote_display, id)?,
            iso,
            fittings,
            engine: self.hypervisor().engine(),
        };
        let wanted = provision::configuration(asked, self.settings(), decided)?;
        self.check_memory(&wanted)?;
        self.check_disk(&format!("create `{}`", wanted.name), None, 0).await?;
        let vm = VmRef::from(&wanted.name);
        let plan = wanted.clone();
        let made = Arc::new(Progress::default());
        let work = Work::on(&vm, VmTaskType::Create).making(id);
        let result = self
            .run(work, move |hypervisor, attempt| {
                let (wanted, made) = (plan.clone(), Arc::clone(&made));
                async move {
                    let before = made.reached();
                    let mut result = hypervisor.go_on_creating(id, &wanted, &made).await;
                    let is_in_the_way = matches!(&result, Err(e) if is_taken(e));
                    if attempt.number > 1 && before == made.reached() && is_in_the_way {
                        // The step that was refused had been taken all the same, perhaps in part.
                        hypervisor.undo_create(id, &wanted).await?;
                        made.begin_anew();
                        result = hypervisor.go_on_creating(id, &wanted, &made).await;
                    }
                    if before < made.reached() {
                        attempt.got_further();
                    }
                    if result.is_ok() {
                        attempt.result(json!({ "id": id.to_string() }));
                    }
                    result
                }
            })
            .await;
        match result {
            Ok(()) => Ok(self.record_made(id).map(|()| wanted)?),
            Err(e) => Err(self.undo(id, &wanted, e).await),
        }
    }

    /// Removes what a failed or canceled create left, and returns the failure.
    async fn undo(&self, id: VmId, wanted: &VmConfiguration, failure: Error) -> Failed {
        let vm = VmRef::from(&wanted.name);
        if self.rehearses() {
            // Nothing was made.
            return Failed::from(failure);
        }
        if failure.kind() == ErrorKind::AlreadyExists {
            return Failed::from(
                failure
                    .or_hint(format!("choose another name, or run `vm-cli delete {}`", typed(vm))),
            );
        }
        let undone = match self.undo_once(id, &vm, wanted).await {
            // What was not seen to its end is looked at again: undoing twice does no harm.
            Err(e) if e.kind() == ErrorKind::OutcomeUnknown => {
                self.undo_once(id, &vm, wanted).await
            }
            decided => decided,
        };
        match undone {
            Ok(()) => Failed::from(failure),
            Err(also) => {
                let left = format!("what was made so far stays ({also}): run `vm-cli gc`");
                let hint = match failure.next_step() {
                    Some(first) => format!("{first}; {left}"),
                    None => left,
                };
                Failed { error: failure.hint(hint), left: Left::Something }
            }
        }
    }

    async fn undo_once(&self, id: VmId, vm: &VmRef, wanted: &VmConfiguration) -> Result<(), Error> {
        let plan = wanted.clone();
        let work = Work::on(vm, VmTaskType::Delete).making(id);
        self.run_to_the_end(work, move |hypervisor, _| {
            let wanted = plan.clone();
            async move { hypervisor.undo_create(id, &wanted).await }
        })
        .await
    }

    /// Refuses a VM that could never start because the host has less memory.
    fn check_memory(&self, wanted: &VmConfiguration) -> Result<(), Error> {
        if self.simulates() {
            return Ok(());
        }
        let host = metrics::memory().0;
        if host == 0 || wanted.memory.bytes() <= host {
            return Ok(());
        }
        let message = format!(
            "`{}` wants {} of memory, this host has {} MiB",
            wanted.name,
            wanted.memory,
            host / (1024 * 1024)
        );
        Err(Error::new(ErrorKind::LimitExceeded, message).hint("give it less `--memory`"))
    }

    /// Returns the file that was named: here, or in the configured folder.
    pub(super) fn in_iso_folder(&self, named: &Path) -> PathBuf {
        let bare = named.parent().is_none_or(|folder| folder.as_os_str().is_empty());
        match (&self.settings().storage.iso_path, bare, named.exists()) {
            (Some(folder), true, false) => folder.join(named),
            (Some(_) | None, ..) => named.to_path_buf(),
        }
    }

    /// Finds the disc image that was named.
    pub(super) fn find_iso(&self, named: &Path) -> Result<PathBuf, Error> {
        let file = self.in_iso_folder(named);
        let unreadable = |e| {
            error::io(format!("read the ISO `{}`", file.display()), e)
                .hint("name a disc image that you may read")
        };
        let facts = std::fs::metadata(&file).map_err(unreadable)?;
        if !facts.is_file() || facts.len() == 0 {
            let why = if facts.is_file() { "is empty" } else { "is not a file" };
            let message = format!("the ISO `{}` {why}", file.display());
            return Err(Error::new(ErrorKind::Usage, message).hint("name a disc image"));
        }
        // Only now, because Windows opens no folder.
        drop(std::fs::File::open(&file).map_err(unreadable)?);
        // VirtualBox's service has another working folder than we have.
        std::path::absolute(&file).map_err(unreadable)
    }

    fn choose_ssh_port(
        &self,
        asked: &CreateRequest,
        id: VmId,
        notes: &mut Vec<String>,
    ) -> Result<Option<u16>, Error> {
        let networking = &self.settings().networking;
        let nic = asked.nic.as_ref().unwrap_or(&self.settings().vm_defaults.nic);
        let range = networking.ssh_port_range;
        match asked.ssh {
            PortWish::None => Ok(None),
            PortWish::Port(port) => {
                self.lease(LeaseKind::Ssh, PortChoice::Exactly(port), id).map(Some)
            }
            PortWish::Free => self.lease(LeaseKind::Ssh, first_of(range), id).map(Some),
            PortWish::Configured => {
                if networking.enable_port_forwarding == Switch::Off || *nic != Nic::Nat {
                    return Ok(None);
                }
                match self.lease(LeaseKind::Ssh, first_of(range), id) {
                    // Nobody asked for it: a VM without is better than no VM.
                    Err(e) if e.kind() == ErrorKind::LimitExceeded => {
                        notes.push(format!("it has no SSH forward: {e}"));
                        Ok(None)
                    }
                    port => port.map(Some),
                }
            }
        }
    }

    fn choose_display_port(&self, wish: PortWish, id: VmId) -> Result<Option<u16>, Error> {
        match wish {
            PortWish::None | PortWish::Configured => Ok(None),
            PortWish::Port(port) => {
                self.lease(LeaseKind::Rdp, PortChoice::Exactly(port), id).map(Some)
            }
            PortWish::Free => {
                let range = self.settings().networking.rdp_port_range;
                self.lease(LeaseKind::Rdp, first_of(range), id).map(Some)
            }
        }
    }

    /// Leases a free port to a VM.
    fn lease(&self, kind: LeaseKind, port: PortChoice, vm: VmId) -> Result<u16, Error> {
        if self.rehearses() {
            // A rehearsal takes no lease: it shows the port that would be tried first.
            return Ok(match port {
                PortChoice::Exactly(port) => port,
                PortChoice::FirstOf(range) => *range.start(),
            });
        }
        let address = provision::listen_address(self.settings());
        let rule = kind.as_str().to_owned();
        let wanted = LeaseRequest { kind, address, port, vm, rule };
        let taken = |port| !port_is_free(address, port);
        self.store()?.leases().claim(&wanted, self.now(), taken)
    }
}

/// Why nothing was made, and whether something of it is left.
struct Failed {
    error: Error,
    left: Left,
}

/// What a failed creation left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    Nothing,
    Something,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, left: Left::Nothing }
    }
}

fn is_taken(error: &Error) -> bool {
    error.kind() == ErrorKind::AlreadyExists
}

/// Returns the choice of the first free port of a range.
pub(super) fn first_of(range: PortRange) -> PortChoice {
    PortChoice::FirstOf(range.first..=range.last)
}
