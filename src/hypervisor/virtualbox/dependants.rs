//! Who stands on a VM's disks. VirtualBox takes a VM away before it finds that its disks must
//! stay, so this is asked first; the settings files tell.

use std::collections::HashSet;
use std::path::Path;

use super::manager::VirtualBoxManager;
use super::occupancy;
use super::settings_file;
use super::settings_file::Registry;
use crate::model::VmRef;

impl VirtualBoxManager {
    /// Returns the names of the VMs that are linked clones of one.
    pub(super) async fn find_dependants(&self, vm: &VmRef) -> Vec<String> {
        let Some(registry) = self.registry().await else {
            return Vec::new();
        };
        let vm = vm.clone();
        let find = move || dependants(&registry, &vm);
        tokio::task::spawn_blocking(find).await.unwrap_or_default()
    }
}

fn dependants(registry: &Registry, vm: &VmRef) -> Vec<String> {
    let Some(id) = occupancy::candidate(registry, vm).map(|found| found.id) else {
        return Vec::new();
    };
    let read = |file: &Path| std::fs::read_to_string(file).unwrap_or_default();
    let own = registry.machines.iter().find(|(it, _)| *it == id);
    let disks = own.map(|(_, file)| settings_file::disks_above(&read(file))).unwrap_or_default();
    if disks.is_empty() {
        return Vec::new();
    }
    let others = registry.machines.iter().filter(|(it, _)| *it != id);
    let mut names: Vec<String> = others
        .filter_map(|(_, file)| {
            let xml = read(file);
            let used: HashSet<String> = settings_file::images(&xml).into_iter().collect();
            let name = settings_file::machine(&xml)?.name?;
            disks.iter().any(|disk| used.contains(disk)).then_some(name)
        })
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::dependants;
    use crate::hypervisor::virtualbox::settings_file::Registry;
    use crate::model::{VmId, VmRef};

    #[test]
    fn linked_clones_are_those_who_use_a_disk_that_stands_on_an_own_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, number: u128, disks: &str, image: &str| {
            let id = VmId::from_random(number);
            let path = folder.path().join(format!("{name}.vbox"));
            let xml = format!(
                "<X><Machine uuid=\"{{{id}}}\" name=\"{name}\"><MediaRegistry><HardDisks>{disks}\
                 </HardDisks></MediaRegistry><AttachedDevice><Image uuid=\"{image}\"/>\
                 </AttachedDevice></Machine></X>"
            );
            fs::write(&path, xml).unwrap();
            (id, path)
        };
        let tree = "<HardDisk uuid=\"{1}\" location=\"web.vdi\"><HardDisk uuid=\"{2}\" \
             location=\"/vms/copy/Snapshots/{2}.vdi\"/><HardDisk uuid=\"{3}\" \
             location=\"Snapshots/{3}.vdi\"/></HardDisk>";
        let clones = "<HardDisk uuid=\"{1}\" location=\"/vms/web/web.vdi\"><HardDisk \
             uuid=\"{2}\" location=\"Snapshots/{2}.vdi\"/><HardDisk uuid=\"{4}\" \
             location=\"/vms/other/Snapshots/{4}.vdi\"/></HardDisk>";
        let machines = vec![
            file("web", 1, tree, "{3}"),
            file("copy", 2, clones, "{2}"),
            file("other", 3, "", "{9}"),
        ];
        let registry = Registry { machines, machine_folder: None };
        let of = |name: &str| dependants(&registry, &name.parse::<VmRef>().unwrap());
        assert_eq!(of("web"), ["copy"]);
        assert!(of("copy").is_empty(), "a sibling does not stand on it");
        assert!(of("nobody").is_empty());
    }
}
