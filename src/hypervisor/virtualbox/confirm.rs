//! Whether VirtualBox did what it says it did.
//!
//! A VBoxManage that ends well without a word, because something stood before it or it was cut
//! off, must not make us forget a VM that is there. Its register tells, at the cost of reading a
//! file.

use std::path::Path;

use super::manager::VirtualBoxManager;
use super::settings_file;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::VmId;
use crate::model::VmRef;
use crate::model::typed;

/// What the register should tell of a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// It was made.
    Made,
    /// It was deleted.
    Gone,
}

impl VirtualBoxManager {
    /// Fails if the register tells otherwise. A rehearsal, in which nothing is done, is believed,
    /// and so is a VirtualBox whose register cannot be read.
    pub(super) async fn confirm(
        &self,
        vm: &VmRef,
        id: Option<VmId>,
        expected: Expected,
    ) -> Result<(), Error> {
        let Some(id) = id.filter(|_| !self.options.runner.rehearses()) else { return Ok(()) };
        let Some(registry) = self.registry().await else { return Ok(()) };
        let is_there = registry.machines.iter().any(|(it, _)| *it == id);
        let wrong = match (expected, is_there) {
            (Expected::Made, true) | (Expected::Gone, false) => return Ok(()),
            (Expected::Made, false) => "made, and it is not there",
            (Expected::Gone, true) => "deleted, and it is still there",
        };
        let vm = self.known_as(Some(vm)).unwrap_or_else(|| vm.clone());
        Err(untrue(&vm, &format!("`{vm}` was {wrong}")))
    }
}

/// Fails if a new VM's settings can be read, and no disk is attached in them.
pub(super) fn confirm_disk(vm: &VmRef, settings: &Path) -> Result<(), Error> {
    match std::fs::read_to_string(settings) {
        Ok(xml) if settings_file::images(&xml).is_empty() => {
            Err(untrue(vm, &format!("`{vm}` got its disk, and it has none")))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Builds the failure of a VBoxManage that claims what is not so.
pub(super) fn untrue(vm: &VmRef, claim: &str) -> Error {
    let message = format!("VBoxManage says that {claim}");
    Error::new(ErrorKind::OutcomeUnknown, message).about(vm).hint(format!(
        "run `vm-cli status --name {}` to see what became of it, or `vm-cli setup`",
        typed(vm)
    ))
}

#[cfg(test)]
mod tests {
    use super::{Expected, confirm_disk};
    use crate::error::ErrorKind;
    use crate::hypervisor::Hypervisor;
    use crate::hypervisor::virtualbox::testing::Deed;
    use crate::hypervisor::virtualbox::testing::Rig;
    use crate::hypervisor::virtualbox::testing::id;
    use crate::hypervisor::virtualbox::testing::silent;
    use crate::hypervisor::virtualbox::testing::web;
    use crate::model::VmRef;

    fn rig(answers: usize, deed: Deed) -> Rig {
        let rig = Rig::that_deletes(std::iter::repeat_with(silent).take(answers), deed);
        let settings = rig.folder.path().join("vms/web/web.vbox");
        rig.register(id(), &settings, &format!("<Machine uuid=\"{{{}}}\"/>", id()));
        rig
    }

    #[tokio::test]
    async fn a_deletion_that_is_claimed_and_not_done_is_none() {
        let vm = VmRef::from(id());
        assert!(rig(1, Deed::Done).manager.delete(&vm).await.is_ok());
        let error = rig(1, Deed::Undone).manager.delete(&vm).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
        let undone = rig(2, Deed::Undone).manager.undo_create(id(), &web()).await;
        assert_eq!(undone.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    }

    #[test]
    fn a_disk_that_was_claimed_must_be_attached() {
        let folder = tempfile::tempdir().unwrap();
        let (vm, settings) = (VmRef::from(id()), folder.path().join("web.vbox"));
        assert!(confirm_disk(&vm, &settings).is_ok(), "there is nothing to read");
        std::fs::write(&settings, "<Machine/>").unwrap();
        let error = confirm_disk(&vm, &settings).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
        let attached = "<AttachedDevice><Image uuid=\"{1}\"/></AttachedDevice>";
        std::fs::write(&settings, attached).unwrap();
        assert!(confirm_disk(&vm, &settings).is_ok());
    }

    #[tokio::test]
    async fn a_copy_that_is_claimed_must_be_there() {
        let vm = VmRef::from(id());
        let made = rig(0, Deed::Done).manager.confirm(&vm, Some(id()), Expected::Made).await;
        assert!(made.is_ok());
        let nothing = Rig::new([]);
        let unread = nothing.manager.confirm(&vm, Some(id()), Expected::Made).await;
        assert!(unread.is_ok(), "there is no register to read");
        std::fs::write(nothing.folder.path().join("VirtualBox.xml"), "<X/>").unwrap();
        let error = nothing.manager.confirm(&vm, Some(id()), Expected::Made).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    }
}
