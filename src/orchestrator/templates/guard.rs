//! What is not done to templates by accident.

use super::dependants;
use crate::error::{Error, ErrorKind};
use crate::model::{SnapshotId, VmRef, typed};
use crate::orchestrator::VmOrchestrator;
use crate::store::KnownTemplate;

/// What somebody wants to do to a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::orchestrator) enum Intrusion<'a> {
    Start,
    Delete,
    DeleteSnapshot(&'a SnapshotId),
}

impl VmOrchestrator {
    /// Refuses what would spoil a template, and names those who stand on it.
    pub(in crate::orchestrator) async fn spare_template(
        &self,
        vm: &VmRef,
        intrusion: Intrusion<'_>,
    ) -> Result<(), Error> {
        let Some(known) = self.template_of(vm).await? else { return Ok(()) };
        let (doing, way_out) = match intrusion {
            Intrusion::Start => {
                let made = format!("`vm-cli create NAME --template {}`", typed(&known.name));
                ("start", format!("make a VM of it: {made}"))
            }
            Intrusion::Delete => ("delete", "first it must be a template no more".to_owned()),
            Intrusion::DeleteSnapshot(id) if known.snapshot.as_ref() == Some(id) => {
                ("delete that snapshot of", "it goes with the template".to_owned())
            }
            Intrusion::DeleteSnapshot(_) => return Ok(()),
        };
        let clones = dependants(self.hypervisor().as_ref(), known.vm).await;
        let (needed, first) = if clones.is_empty() {
            (String::new(), "")
        } else {
            (format!(", and VMs need it: {}", clones.join(", ")), "delete those, then ")
        };
        let message = format!("cannot {doing} `{vm}`: it is the template `{}`{needed}", known.name);
        let give_up = format!("{first}run `vm-cli template delete {}`", typed(&known.name));
        Err(Error::new(ErrorKind::InvalidState, message)
            .about(vm)
            .hint(format!("{way_out}; {give_up}")))
    }

    async fn template_of(&self, vm: &VmRef) -> Result<Option<KnownTemplate>, Error> {
        let mut known = self.known_templates()?;
        if known.is_empty() {
            return Ok(None);
        }
        let id = match self.hypervisor().identify(vm) {
            Some(id) => Some(id),
            None => self.hypervisor().look_up(vm).await?,
        };
        let place = known.iter().position(|it| Some(it.vm) == id);
        Ok(place.map(|place| known.swap_remove(place)))
    }
}
