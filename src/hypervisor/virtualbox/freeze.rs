//! Snapshots of a paused VM with a keyboard or a pointer on USB.
//!
//! Once VirtualBox has saved the state of such a VM while it was paused, the next saving kills it,
//! be it resumed before or not: the process dies in `VBoxDD` (seen on 7.2.22 with every USB
//! controller, with the tablet, the touch screen and the keyboard; not once the guest has switched
//! the controller off). Of a running VM, which VirtualBox pauses itself, any number of states
//! can be saved. So a paused one runs for the moment in which its snapshot begins.

use super::listing;
use super::manager::VirtualBoxManager;
use super::settings_file;
use super::settings_file::InputBus;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::hypervisor::Hypervisor;
use crate::model::VmRef;
use crate::model::VmState;
use crate::process::CommandLine;

/// What saving the state of a VM as it is now does to a later saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freeze {
    /// Nothing.
    Safe,
    /// The VM would die of it.
    Deadly,
}

impl VirtualBoxManager {
    /// Finds out, from VirtualBox's own files, whether the state of a VM can be saved as it is.
    pub(super) async fn freeze(&self, vm: &VmRef) -> Freeze {
        let Some(id) = self.identify(vm) else { return Freeze::Safe };
        let Some(file) = self.registered_settings(id).await else { return Freeze::Safe };
        let look = move || {
            let settings = settings_file::machine(&std::fs::read_to_string(&file).ok()?)?;
            let state = listing::live_state(&listing::log_of(&file)?)?;
            Some(settings.input == InputBus::Usb && state == VmState::Paused)
        };
        match tokio::task::spawn_blocking(look).await {
            Ok(Some(true)) => Freeze::Deadly,
            Ok(Some(false) | None) | Err(_) => Freeze::Safe,
        }
    }

    /// Takes a snapshot of a paused VM: resumes it, takes it, and pauses it again.
    pub(super) async fn take_awake(&self, line: CommandLine, vm: &VmRef) -> Result<(), Error> {
        match self.tell(self.commands.resume(vm), vm).await {
            Ok(()) => {}
            // The log of a VM that died paused ends like that of a paused one.
            Err(error) if error.kind() == ErrorKind::InvalidState => {
                return self.tell(line, vm).await;
            }
            Err(error) => return Err(error),
        }
        let taken = self.tell(line, vm).await;
        let paused = self.tell(self.commands.pause(vm), vm).await;
        match (taken, paused) {
            (Err(error), _) => Err(error),
            (Ok(()), Ok(())) => Ok(()),
            (Ok(()), Err(error)) => {
                let message = format!("the snapshot of `{vm}` was taken, but the VM runs now");
                let hint = format!("run `vm-cli pause {}`", crate::model::typed(vm));
                let error = Error::new(ErrorKind::OutcomeUnknown, message).caused_by(error);
                Err(error.about(vm).hint(hint))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::error::ErrorKind;
    use crate::hypervisor::Snapshots;
    use crate::hypervisor::virtualbox::testing::{Rig, failed, id, silent};
    use crate::model::VmRef;
    use crate::process::Output;

    const USB: &str = "<HID Pointing=\"USBTablet\"/>";

    /// A VM whose log ends with a state.
    fn rig(hid: &str, state: &str, answers: impl IntoIterator<Item = Output>) -> Rig {
        let rig = Rig::new(answers);
        let settings = rig.folder.path().join("vms/web/web.vbox");
        let xml = format!("<Machine uuid=\"{{{}}}\" name=\"web\">{hid}</Machine>", id());
        rig.register(id(), &settings, &xml);
        let logs = settings.with_file_name("Logs");
        fs::create_dir(&logs).unwrap();
        let line = format!("00:00:01 Console: Machine state changed to '{state}'\n");
        fs::write(logs.join("VBox.log"), line).unwrap();
        rig
    }

    async fn take(rig: &Rig) -> Result<(), ErrorKind> {
        let vm: VmRef = "web".parse().unwrap();
        let taken = rig.manager.take(&vm, &"clean".parse().unwrap(), "").await;
        taken.map_err(|error| error.kind())
    }

    fn verbs(rig: &Rig) -> Vec<String> {
        rig.calls().iter().map(|call| call.split(' ').nth(2).unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn a_paused_vm_with_a_usb_pointer_is_awake_when_its_snapshot_begins() {
        let rig = rig(USB, "Paused", [silent(), silent(), silent()]);
        assert_eq!(take(&rig).await, Ok(()));
        assert_eq!(verbs(&rig), ["resume", "take", "pause"]);
    }

    #[tokio::test]
    async fn a_vm_that_runs_or_has_no_usb_pointer_is_photographed_as_it_is() {
        for (hid, state) in [(USB, "Running"), ("", "Paused"), (USB, "PoweredOff")] {
            let rig = rig(hid, state, [silent()]);
            assert_eq!(take(&rig).await, Ok(()));
            assert_eq!(verbs(&rig), ["take"], "{hid} {state}");
        }
    }

    #[tokio::test]
    async fn a_vm_that_died_paused_is_photographed_without_being_woken() {
        let dead = failed("Machine 'web' is not currently running", 0x80bb_0002);
        let rig = rig(USB, "Paused", [dead, silent()]);
        assert_eq!(take(&rig).await, Ok(()));
        assert_eq!(verbs(&rig), ["resume", "take"]);
    }

    #[tokio::test]
    async fn a_vm_is_paused_again_after_a_snapshot_that_failed_and_told_running_if_it_is() {
        let full = || failed("no space", 0x80bb_0004);
        let rig = rig(USB, "Paused", [silent(), full(), silent()]);
        assert!(take(&rig).await.is_err());
        assert_eq!(verbs(&rig), ["resume", "take", "pause"]);
        let rig = self::rig(USB, "Paused", [silent(), silent(), full()]);
        assert_eq!(take(&rig).await, Err(ErrorKind::OutcomeUnknown));
    }
}
