//! Who runs, found out without a call: a VM that runs is a process that names it.

use std::path::Path;
use std::path::PathBuf;

use sysinfo::Pid;
use sysinfo::ProcessRefreshKind;
use sysinfo::ProcessesToUpdate;
use sysinfo::System;
use sysinfo::UpdateKind;

use super::folder;
use super::manager::VirtualBoxManager;
use super::parse;
use super::settings_file;
use super::settings_file::Registry;
use crate::error::Error;
use crate::hypervisor::Candidate;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Occupancy;
use crate::hypervisor::Thoroughness;
use crate::model::VmId;
use crate::model::VmRef;

impl VirtualBoxManager {
    /// Windows shows nobody the command line of a VM's process.
    pub(super) async fn find_occupancy(
        &self,
        vm: &VmRef,
        how: Thoroughness,
    ) -> Result<Occupancy, Error> {
        if how == Thoroughness::Quick
            && cfg!(unix)
            && let Some(registry) = self.registry().await
        {
            let asked = vm.clone();
            let look = move || glance(&registry, &asked);
            if let Ok(Some(found)) = tokio::task::spawn_blocking(look).await {
                return Ok(found);
            }
        }
        Ok(Occupancy::of(&self.list().await?, vm))
    }

    /// Reads a VM's log from its beginning: a forward that cannot be had is told of there only.
    pub(super) async fn read_dead_forwards(&self, vm: VmId) -> Vec<(u16, u16)> {
        parse::dead_forwards(&self.log_of(vm).await)
    }
}

/// Looks at files and processes; `None` if these do not tell.
fn glance(registry: &Registry, asked: &VmRef) -> Option<Occupancy> {
    let mut system = System::new().ok()?;
    let names = ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, names);
    let is_ours = |name: &str| name.contains("VBox") || name.contains("VirtualBox");
    let ours: Vec<Pid> = system
        .processes()
        .iter()
        .filter(|(_, process)| is_ours(&process.name().to_string_lossy()))
        .map(|(id, _)| *id)
        .collect();
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&ours),
        false,
        names.with_cmd(UpdateKind::Always),
    );
    let started = ours.iter().filter_map(|id| started_vm(system.process(*id)?.cmd()));
    let is_known = |id: &VmId| registry.machines.iter().any(|(known, _)| known == id);
    let mut running: Vec<VmId> = started.filter(is_known).collect();
    running.sort_unstable();
    running.dedup();
    Some(Occupancy { running, asked: candidate(registry, asked) })
}

/// Returns the VM that a process runs: `VBoxHeadless --comment NAME --startvm UUID`.
fn started_vm(words: &[std::ffi::OsString]) -> Option<VmId> {
    let place = words.iter().position(|word| word == "--startvm")?;
    words.get(place + 1)?.to_str()?.parse().ok()
}

/// Finds a VM in its settings file. A file that is called like the VM is read before the others.
pub(super) fn candidate(registry: &Registry, asked: &VmRef) -> Option<Candidate> {
    let read = |file: &Path| {
        let xml = std::fs::read_to_string(file).ok()?;
        settings_file::machine(&xml)
    };
    let id = asked.as_id();
    let stem = folder::as_file_name(asked.as_str());
    let is_likely = |id_of_it: VmId, file: &Path| match id {
        Some(id) => id == id_of_it,
        None => file.file_stem().is_some_and(|it| it == stem.as_str()),
    };
    let (likely, others): (Vec<_>, Vec<_>) =
        registry.machines.iter().partition(|(id, file)| is_likely(*id, file));
    let rest: &[&(VmId, PathBuf)] = if id.is_some() { &[] } else { &others };
    likely.iter().chain(rest).find_map(|(listed, file)| {
        let found = read(file)?;
        let is_asked = id.map_or(found.name.as_deref() == Some(asked.as_str()), |id| id == *listed);
        is_asked.then_some(Candidate { id: *listed, memory: found.memory })
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{candidate, started_vm};
    use crate::hypervisor::virtualbox::settings_file::Registry;
    use crate::model::{Mebibytes, VmId, VmRef};

    #[test]
    fn the_process_of_a_vm_names_it() {
        let id = VmId::from_random(3);
        let words = |line: &str| line.split(' ').map(Into::into).collect::<Vec<_>>();
        let line =
            format!("/usr/lib/virtualbox/VBoxHeadless --comment web --startvm {id} --vrde x");
        assert_eq!(started_vm(&words(&line)), Some(id));
        assert_eq!(started_vm(&words("VBoxSVC --auto-shutdown")), None);
        assert_eq!(started_vm(&words("VBoxHeadless --startvm")), None);
    }

    #[test]
    fn a_vm_is_found_by_its_identity_its_files_name_or_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, machine: &str, id: VmId| {
            let path = folder.path().join(name);
            let xml = format!(
                "<X><Machine uuid=\"{{{id}}}\" name=\"{machine}\"><Hardware>\
                 <Memory RAMSize=\"64\"/></Hardware></Machine></X>"
            );
            fs::write(&path, xml).unwrap();
            (id, path)
        };
        let (one, two) = (VmId::from_random(1), VmId::from_random(2));
        let machines = vec![file("web.vbox", "web", one), file("a_b.vbox", "c", two)];
        let registry = Registry { machines, machine_folder: None };
        let find = |vm: &str| candidate(&registry, &vm.parse::<VmRef>().unwrap());
        assert_eq!(find("web").map(|it| (it.id, it.memory)), Some((one, Some(Mebibytes(64)))));
        assert_eq!(find("c").map(|it| it.id), Some(two));
        assert_eq!(find(&two.to_string()).map(|it| it.id), Some(two));
        assert_eq!(find("a_b"), None, "a file's name is not the VM's");
    }
}
