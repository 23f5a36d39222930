//! Every VM at once, from two calls that take no lock and from VirtualBox's own files.
//!
//! `list vms` tells names, `list runningvms` who lives. The rest stands in the settings files,
//! and in which state a live VM is, in the last lines of its log. A VM that is just starting,
//! stopping or saving is in neither list of the living: it shows as off until it is done.

use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;

use super::manager::VirtualBoxManager;
use super::parse;
use super::parse::ListedVm;
use super::settings_file;
use super::settings_file::MachineFile;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::hypervisor::log::end_of_log;
use crate::hypervisor::log::log_in;
use crate::model::VmId;
use crate::model::VmState;
use crate::model::VmSummary;

/// How much of the end of a log is read: a state change is followed by little.
const LOG_TAIL: u64 = 64 * 1024;

/// What the files tell of one VM.
#[derive(Debug)]
struct OnDisk {
    /// Its settings; `None` when they cannot be read.
    settings: Option<MachineFile>,
    log: Option<PathBuf>,
}

impl VirtualBoxManager {
    pub(super) async fn list_all(&self) -> Result<Vec<VmSummary>, Error> {
        let (all, running, files) = tokio::join!(
            self.call(self.commands.list_vms(), None),
            self.call(self.commands.list_running(), None),
            self.files(),
        );
        let all = parse::list(&all?);
        for vm in all.iter().filter(|vm| !is_marked(&vm.name)) {
            self.remember(vm.id, &vm.name);
        }
        let running: HashSet<VmId> = parse::list(&running?).into_iter().map(|vm| vm.id).collect();
        let summaries = move || {
            let summary = |vm| summary(vm, &running, &files);
            all.into_iter().map(summary).collect()
        };
        // Live VMs cost a look at their logs.
        let read = tokio::task::spawn_blocking(summaries).await;
        read.map_err(|died| Error::new(ErrorKind::Internal, "reading logs failed").caused_by(died))
    }

    async fn files(&self) -> HashMap<VmId, OnDisk> {
        let Some(registry) = self.registry().await else {
            return HashMap::new();
        };
        let read = move || registry.machines.into_iter().map(|(id, file)| (id, on_disk(&file)));
        tokio::task::spawn_blocking(move || read().collect()).await.unwrap_or_default()
    }
}

fn on_disk(file: &Path) -> OnDisk {
    let settings = std::fs::read_to_string(file).ok().and_then(|xml| settings_file::machine(&xml));
    OnDisk { settings, log: log_of(file) }
}

/// Returns the log of the VM that a settings file describes.
pub(super) fn log_of(settings: &Path) -> Option<PathBuf> {
    Some(log_in(&settings.parent()?.join("Logs")))
}

fn summary(vm: ListedVm, running: &HashSet<VmId>, files: &HashMap<VmId, OnDisk>) -> VmSummary {
    let ListedVm { name, id } = vm;
    let file = files.get(&id);
    let settings = file.and_then(|file| file.settings.as_ref());
    let state = if running.contains(&id) {
        let log = file.and_then(|file| file.log.as_deref());
        log.and_then(live_state).unwrap_or(VmState::Running)
    } else {
        let if_off = settings.map(|settings| settings.state_if_off.clone());
        if_off.unwrap_or_else(|| if_unread(&name))
    };
    VmSummary {
        name,
        id,
        state,
        os_type: settings.and_then(|it| it.os_type.clone()),
        cpus: settings.and_then(|it| it.cpus),
        memory: settings.and_then(|it| it.memory),
        groups: settings.map(|it| it.groups.clone()).unwrap_or_default(),
    }
}

/// A VM without readable settings is inaccessible if VirtualBox shows it so.
fn if_unread(name: &str) -> VmState {
    if is_marked(name) { VmState::Inaccessible } else { VmState::PoweredOff }
}

/// Tells whether a name is VirtualBox's word, which is translated, for a VM that it cannot read.
fn is_marked(name: &str) -> bool {
    name.starts_with('<') && name.ends_with('>')
}

pub(super) fn live_state(log: &Path) -> Option<VmState> {
    parse::live_state(&end_of_log(log, LOG_TAIL).ok()?)
}

#[cfg(test)]
#[path = "listing_tests.rs"]
mod tests;
