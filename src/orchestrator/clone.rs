//! Copies of a VM on this host: all of them or none.

use std::time::Instant;

use serde_json::json;

use super::VmOrchestrator;
use super::ports::{cloning, kind_of};
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{CloneContent, CloneOrder, Refit};
use crate::model::typed;
use crate::model::{
    Disk, Forward, Phase, SnapshotId, Vm, VmId, VmName, VmRef, VmState, VmTaskType,
};
use crate::request::{CloneRequest, CloneWish, Creation, Renewal};
use crate::store::{LeaseKind, LeaseRequest, port_is_free};

/// The snapshot that is taken for linked copies of a VM that has none.
const BASE: &str = "vm-cli-base";

impl VmOrchestrator {
    /// Makes copies of a VM.
    pub(super) async fn clone_vm(&self, asked: &CloneRequest) -> Result<Vec<Creation>, Error> {
        self.clone_renewed(asked, Renewal::None).await
    }

    /// Makes copies of a VM whose guests become themselves.
    pub(super) async fn clone_renewed(
        &self,
        asked: &CloneRequest,
        renewal: Renewal,
    ) -> Result<Vec<Creation>, Error> {
        let source = self.inspect(&asked.source).await?;
        let mut notes = Vec::new();
        let content = self.content(asked, &source, &mut notes).await?;
        refuse_live(&source, &content)?;
        let copies = u64::try_from(asked.names.len()).unwrap_or(u64::MAX);
        let needed = match content {
            CloneContent::Full(_) => disk_bytes(&source).await.saturating_mul(copies),
            CloneContent::Linked(_) => 0,
        };
        self.check_disk(&format!("clone `{}`", source.name), None, needed).await?;
        let mut made: Vec<(CloneOrder, Creation)> = Vec::new();
        for name in &asked.names {
            let order = CloneOrder {
                source: VmRef::from(source.id),
                id: VmId::from_random(fastrand::u128(..)),
                name: name.clone(),
                folder: self.settings().storage.vm_storage_path.clone(),
                groups: source.groups.clone(),
                content: content.clone(),
            };
            match self.one_clone(&source, (&order, renewal), &notes).await {
                Ok(creation) => made.push((order, creation)),
                Err(mut failure) => {
                    for (order, _) in made.iter().rev() {
                        failure = self.undo_clone(order, failure).await;
                    }
                    return Err(failure);
                }
            }
        }
        let mut made: Vec<Creation> = made.into_iter().map(|(_, creation)| creation).collect();
        self.tell_state(asked, &mut made).await?;
        Ok(made)
    }

    /// Copies of a snapshot that holds memory are saved; those of one that holds none are off.
    async fn tell_state(&self, asked: &CloneRequest, made: &mut [Creation]) -> Result<(), Error> {
        let is_of_snapshot = asked.content == CloneWish::Linked || asked.snapshot.is_some();
        let first = made.first().filter(|_| is_of_snapshot && !self.rehearses());
        let Some(first) = first.map(|creation| VmRef::from(creation.id)) else { return Ok(()) };
        let state = self.inspect(&first).await?.state;
        for creation in made {
            creation.state = state.clone();
        }
        Ok(())
    }

    /// Decides what copies hold, and takes the snapshot that linked ones need.
    async fn content(
        &self,
        asked: &CloneRequest,
        source: &Vm,
        notes: &mut Vec<String>,
    ) -> Result<CloneContent, Error> {
        let named = match &asked.snapshot {
            Some(snapshot) => Some(super::snapshots::find(source, snapshot)?),
            None => None,
        };
        if asked.content == CloneWish::Full {
            return Ok(CloneContent::Full(named));
        }
        if let Some(id) = named {
            return Ok(CloneContent::Linked(id));
        }
        if let Some(newest) = source.snapshots.current() {
            notes.push(format!(
                "it begins with the snapshot `{}` of `{}`, without what changed since",
                newest.name, source.name
            ));
            return Ok(CloneContent::Linked(newest.id.clone()));
        }
        let vm = VmRef::from(source.id);
        let text = "what linked clones are made from".to_owned();
        self.take(&vm, BASE.parse()?, text).await?;
        notes.push(format!(
            "the snapshot `{BASE}` of `{}` was taken for it: it must stay as long as its clones do",
            source.name
        ));
        if self.rehearses() && self.inspect(&vm).await?.snapshots.is_empty() {
            return Ok(CloneContent::Linked(SnapshotId(BASE.to_owned())));
        }
        // By its place, not by its name: another process may have taken one at the same time.
        let now = self.inspect(&vm).await?;
        let taken = match now.snapshots.current() {
            Some(newest) => newest.id.clone(),
            None => super::snapshots::find(&now, &BASE.parse()?)?,
        };
        Ok(CloneContent::Linked(taken))
    }

    /// Makes one copy: all of it or nothing.
    async fn one_clone(
        &self,
        source: &Vm,
        (order, renewal): (&CloneOrder, Renewal),
        notes: &[String],
    ) -> Result<Creation, Error> {
        let begun = Instant::now();
        // Noted first, so that not even a crash leaves anything that belongs to nobody.
        self.intend(order.id, order.name.as_str())?;
        self.note_group(order.id, &order.groups)?;
        let mut notes = notes.to_vec();
        let refit = match self.make_clone(source, (order, renewal), &mut notes).await {
            Ok(refit) => refit,
            Err(failure) => return Err(self.undo_clone(order, failure).await),
        };
        Ok(Creation {
            name: order.name.to_string(),
            id: order.id,
            state: VmState::PoweredOff,
            forwards: refit.forwards,
            remote_display_port: refit.remote_display_port,
            notes,
            took: begun.elapsed(),
        })
    }

    async fn make_clone(
        &self,
        source: &Vm,
        (order, renewal): (&CloneOrder, Renewal),
        notes: &mut Vec<String>,
    ) -> Result<Refit, Error> {
        let wanted = order.clone();
        let work = Work::on(&order.source, VmTaskType::Clone);
        self.run(work, move |hypervisor, attempt| {
            let order = wanted.clone();
            async move {
                let cloning = cloning(hypervisor.as_ref())?;
                if attempt.number > 1 {
                    // What the attempt before left would be in the way of this one.
                    cloning.undo_clone(&order).await?;
                }
                cloning.clone_vm(&order).await?;
                let (id, name) = (order.id.to_string(), order.name.as_str());
                attempt.result(json!({ "id": id, "name": name }));
                Ok(())
            }
        })
        .await
        .map_err(|e| taken_name(e, &order.name))?;
        // A snapshot's forwards are not those of today, and others may change these meanwhile: only
        // the copy tells what it took over.
        let taken_over = if self.rehearses() {
            source.clone()
        } else {
            Vm { id: source.id, ..self.inspect(&VmRef::from(order.id)).await? }
        };
        let refit = self.ports_of_copy(&taken_over, order.id, notes)?;
        if refit != Refit::default() {
            self.refit(&VmRef::from(order.id), refit.clone()).await?;
        }
        self.renew(order.id, &order.name, renewal).await?;
        self.record_made(order.id)?;
        Ok(refit)
    }

    /// Leases ports of its own for everything that a copy took over from its original.
    ///
    /// Without a free port a forward is left out: nobody asked for it, and a VM without is better
    /// than no VM.
    pub(super) fn ports_of_copy(
        &self,
        original: &Vm,
        copy: VmId,
        notes: &mut Vec<String>,
    ) -> Result<Refit, Error> {
        let mut refit = Refit::default();
        for forward in first_adapter(original) {
            let choices = self.choices(kind_of(forward), forward.host_port);
            // The original's port is not for a copy, even where no lease protects it.
            let avoid = Some(forward.host_port).filter(|_| original.id != copy);
            match self.lease_forward(copy, forward, choices, avoid) {
                Ok(leased) => refit.forwards.push(leased),
                Err(e) if e.kind() == ErrorKind::LimitExceeded => {
                    notes.push(format!("it has no forward `{}`: {e}", forward.name));
                    refit.dropped_forwards.push(forward.name.clone());
                }
                Err(e) => return Err(e),
            }
        }
        if let Some(port) = original.remote_display_port.filter(|_| !self.rehearses()) {
            let address = super::provision::listen_address(self.settings());
            let kind = LeaseKind::Rdp;
            let choices = self.choices(kind, port);
            let rule = kind.as_str().to_owned();
            let wanted = LeaseRequest { kind, address, port: choices, vm: copy, rule };
            let taken = |it| it == port || !port_is_free(address, it);
            let leased = self.store()?.leases().claim(&wanted, self.now(), taken)?;
            refit.remote_display_port = Some(leased);
        }
        Ok(refit)
    }

    /// Removes what a failed or canceled copy left, and returns the failure.
    async fn undo_clone(&self, order: &CloneOrder, failure: Error) -> Error {
        if self.rehearses() {
            // Nothing was made.
            return failure;
        }
        let wanted = order.clone();
        let work = Work::on(&VmRef::from(&order.name), VmTaskType::Delete);
        let undone = self
            .run_to_the_end(work, move |hypervisor, _| {
                let order = wanted.clone();
                async move { cloning(hypervisor.as_ref())?.undo_clone(&order).await }
            })
            .await;
        match undone {
            Ok(()) => {
                self.forget(order.id);
                failure
            }
            Err(also) => failure.hint(format!(
                "what was made of `{}` could not be removed ({also}): run `vm-cli delete {} --yes`",
                order.name, order.id
            )),
        }
    }
}

/// A VM that runs writes to its disks, so these cannot be copied whole.
fn refuse_live(source: &Vm, content: &CloneContent) -> Result<(), Error> {
    let is_whole = *content == CloneContent::Full(None) && disks(source).next().is_some();
    if !is_whole || source.state.phase() == Phase::Offline {
        return Ok(());
    }
    let message = format!("cannot copy `{}` as a whole: it is {}", source.name, source.state);
    let hint = format!(
        "run `vm-cli stop {}` first, name a `--snapshot`, or make a `--linked` one",
        typed(&source.name)
    );
    Err(Error::new(ErrorKind::InvalidState, message).about(&source.name).hint(hint))
}

/// Returns a VM's disks, its discs left out.
fn disks(vm: &Vm) -> impl Iterator<Item = &Disk> {
    let is_disc = |medium: &str| medium == "emptydrive" || medium.to_lowercase().ends_with(".iso");
    vm.disks.iter().filter(move |disk| !is_disc(&disk.medium))
}

/// Returns the forwards that can be changed: those of the first adapter.
pub(super) fn first_adapter(vm: &Vm) -> impl Iterator<Item = &Forward> {
    vm.adapters.iter().filter(|it| it.slot == 1).flat_map(|it| &it.forwards)
}

/// Returns the size of a VM's disk files.
pub(super) async fn disk_bytes(vm: &Vm) -> u64 {
    let mut bytes = 0_u64;
    for disk in disks(vm) {
        let facts = tokio::fs::metadata(&disk.medium).await;
        bytes = bytes.saturating_add(facts.map_or(0, |facts| facts.len()));
    }
    bytes
}

/// Says what to do about a name that is taken.
pub(super) fn taken_name(error: Error, name: &VmName) -> Error {
    if error.kind() != ErrorKind::AlreadyExists {
        return error;
    }
    let hint = format!("choose another name, or run `vm-cli delete {}`", typed(name.as_str()));
    Error::new(ErrorKind::AlreadyExists, format!("a VM or a folder named `{name}` exists already"))
        .about(name)
        .hint(hint)
        .caused_by(error)
}
