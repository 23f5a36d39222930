//! Discs in a VM's drives.

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::modify::FIRST_DRIVE;
use super::modify::Generation;
use super::parse;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::hypervisor::Discs;
use crate::model::VmRef;
use std::path::Path;
use std::path::PathBuf;

/// Where a drive is plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot<'a> {
    /// The controller's name.
    pub(super) bus: &'a str,
    /// The port on it.
    pub(super) port: &'a str,
    /// The device on that.
    pub(super) device: &'a str,
}

#[async_trait]
impl Discs for VirtualBoxManager {
    fn slot(&self, os_type: &str, drive: usize) -> String {
        let bus = Generation::of(os_type).bus();
        format!("{}-{}-0", bus.name, FIRST_DRIVE + drive)
    }

    async fn insert(&self, vm: &VmRef, slot: &str, disc: &Path) -> Result<(), Error> {
        self.tell(self.commands.insert(vm, &known(slot)?, disc), vm).await
    }

    async fn eject(&self, vm: &VmRef, slot: &str) -> Result<(), Error> {
        self.tell(self.commands.eject(vm, &known(slot)?), vm).await
    }

    async fn additions(&self) -> Option<PathBuf> {
        let printed = self.call(self.commands.system_properties(), None).await.ok()?;
        parse::additions_disc(&printed).map(PathBuf::from).filter(|disc| disc.is_file())
    }
}

fn known(slot: &str) -> Result<Slot<'_>, Error> {
    read(slot)
        .ok_or_else(|| Error::new(ErrorKind::Internal, format!("`{slot}` is no slot of a drive")))
}

/// Reads a slot as [`crate::model::Disk::slot`] has it: a controller's name can have a `-` too.
fn read(slot: &str) -> Option<Slot<'_>> {
    let mut parts = slot.rsplitn(3, '-');
    let (device, port, bus) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Slot { bus, port, device })
}

#[cfg(test)]
mod tests {
    use super::{Slot, read};
    use crate::hypervisor::Discs;
    use crate::hypervisor::virtualbox::testing::{Rig, silent};

    #[test]
    fn a_slot_is_read_from_its_end() {
        assert_eq!(read("My-Bus-1-0"), Some(Slot { bus: "My-Bus", port: "1", device: "0" }));
        assert_eq!(read("SATA"), None);
    }

    #[tokio::test]
    async fn a_drive_is_emptied_whatever_its_guest_says() {
        let rig = Rig::new([silent()]);
        let slot = rig.manager.slot("Windows11_64", 1);
        rig.manager.eject(&"web".parse().unwrap(), &slot).await.unwrap();
        assert_eq!(
            rig.calls()[0],
            "storageattach web --storagectl SATA --port 2 --device 0 --type dvddrive \
             --medium emptydrive --forceunmount"
        );
    }
}
