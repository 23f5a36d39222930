use std::collections::HashMap;
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::LOG_TAIL;
use super::OnDisk;
use super::on_disk;
use super::summary;
use crate::hypervisor::virtualbox::parse::ListedVm;
use crate::model::VmId;
use crate::model::VmState;
use crate::model::VmSummary;

/// One VM on disk, with what it says of itself and of its state.
struct Machine {
    folder: TempDir,
    id: VmId,
}

impl Machine {
    fn new(attributes: &str) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap(), id: VmId::from_random(7) };
        let xml = format!(
            "<Machine uuid=\"{{{}}}\" OSType=\"Debian_64\" {attributes}><Memory RAMSize=\"64\"/></Machine>",
            machine.id
        );
        fs::write(machine.settings(), xml).unwrap();
        fs::create_dir(machine.folder.path().join("Logs")).unwrap();
        machine
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("web.vbox")
    }

    fn log(&self, text: &str) {
        fs::write(self.folder.path().join("Logs/VBox.log"), text).unwrap();
    }

    fn listed(&self, name: &str, running: &[VmId]) -> VmSummary {
        let files: HashMap<VmId, OnDisk> = [(self.id, on_disk(&self.settings()))].into();
        let running: HashSet<VmId> = running.iter().copied().collect();
        summary(ListedVm { name: name.to_owned(), id: self.id }, &running, &files)
    }
}

const PAUSED: &str = "00:00:01.393477 Console: Machine state changed to 'Paused'\n";

#[test]
fn a_vm_that_is_off_is_told_from_its_settings() {
    let vm = Machine::new("stateFile=\"x.sav\"").listed("web", &[]);
    assert_eq!(vm.state, VmState::Saved);
    assert_eq!(vm.os_type.as_deref(), Some("Debian_64"));
    assert_eq!(vm.memory.unwrap().0, 64);
}

#[test]
fn a_live_vm_is_running_unless_its_log_knows_better() {
    let machine = Machine::new("stateFile=\"x.sav\"");
    let live = [machine.id];
    assert_eq!(machine.listed("web", &live).state, VmState::Running);
    machine.log(PAUSED);
    assert_eq!(machine.listed("web", &live).state, VmState::Paused);
    assert_eq!(
        machine.listed("web", &[]).state,
        VmState::Saved,
        "the log of a VM that is off is old"
    );
}

#[test]
fn only_the_end_of_a_long_log_is_read() {
    let machine = Machine::new("");
    let length = usize::try_from(LOG_TAIL).unwrap();
    machine.log(&format!("{PAUSED}{}", "x".repeat(length)));
    assert_eq!(machine.listed("web", &[machine.id]).state, VmState::Running);
    machine.log(&format!("{}{PAUSED}", "ü".repeat(length)));
    assert_eq!(machine.listed("web", &[machine.id]).state, VmState::Paused);
}

#[test]
fn a_vm_without_readable_settings_is_inaccessible_if_virtualbox_says_so() {
    let machine = Machine::new("");
    fs::remove_file(machine.settings()).unwrap();
    assert_eq!(machine.listed("<inaccessible>", &[]).state, VmState::Inaccessible);
    assert_eq!(machine.listed("<nicht zugreifbar>", &[]).state, VmState::Inaccessible);
    let unread = machine.listed("web", &[]);
    assert_eq!((unread.state, unread.cpus), (VmState::PoweredOff, None));
}
