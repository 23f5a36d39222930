//! A copy becomes a machine of its own, for its guest too.

use uuid::Uuid;

use crate::error::{Error, ErrorKind};
use crate::guest_os::{self, Randomness};
use crate::hypervisor::offered;
use crate::model::{VmId, VmName, VmRef, VmTaskType};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::tasks::Work;
use crate::request::Renewal;

/// How a drive without a disc is told.
const EMPTY: &str = "emptydrive";

impl VmOrchestrator {
    /// Gives a copy that was just made what its guest becomes itself by.
    pub(in crate::orchestrator) async fn renew(
        &self,
        id: VmId,
        name: &VmName,
        renewal: Renewal,
    ) -> Result<(), Error> {
        match renewal {
            Renewal::None => Ok(()),
            Renewal::CloudInit => self.seed(id, name).await,
        }
    }

    /// Puts a disc into its drive that tells cloud-init of another machine. It stays there: it is
    /// read at every start.
    async fn seed(&self, id: VmId, name: &VmName) -> Result<(), Error> {
        let vm = VmRef::from(id);
        let disc = self.seed_folder(id).join("answers.iso");
        if self.rehearses() {
            self.note(format!("put `{}` into the drive of {name}", disc.display()));
            return Ok(());
        }
        let found = self.inspect(&vm).await?;
        let slot = found.disks.into_iter().find(|it| it.medium == EMPTY).map(|it| it.slot);
        let slot = slot.ok_or_else(|| {
            let message = format!("`{name}` has no empty drive for the disc of cloud-init");
            Error::new(ErrorKind::InvalidState, message)
                .hint("eject the disc of the template's VM, and save it again")
        })?;
        let [one, other] = [Uuid::new_v4(), Uuid::new_v4()];
        let mut randomness = Randomness([0; 32]);
        let (first, second) = randomness.0.split_at_mut(16);
        first.copy_from_slice(one.as_bytes());
        second.copy_from_slice(other.as_bytes());
        guest_os::renewal(name, &randomness)?.write(&self.seed_folder(id), None, Uuid::new_v4())?;
        self.run(Work::on(&vm, VmTaskType::Clone), move |hypervisor, _| {
            let (vm, slot, disc) = (VmRef::from(id), slot.clone(), disc.clone());
            async move {
                let hypervisor = hypervisor.as_ref();
                let lacks = "does not change the discs of its VMs";
                offered(hypervisor, hypervisor.discs(), lacks)?.insert(&vm, &slot, &disc).await
            }
        })
        .await
    }
}
