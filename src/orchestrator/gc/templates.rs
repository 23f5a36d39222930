//! Templates whose saving ended in the middle, or whose VM another program removed.

use super::super::VmOrchestrator;
use super::super::templates::is_abandoned;
use super::records::Noted;
use crate::error::Error;
use crate::model::VmSummary;
use crate::request::{Leftover, Repair};

impl VmOrchestrator {
    /// Removes the snapshots of templates that are half saved, and forgets those without a VM.
    pub(super) async fn mend_templates(
        &self,
        noted: &Noted,
        listed: &[VmSummary],
    ) -> Result<Vec<Repair>, Error> {
        let mut repairs = Vec::new();
        for known in &noted.templates {
            let is_there = listed.iter().any(|vm| vm.id == known.vm);
            let (what, action) = match (is_there, is_abandoned(known)) {
                (true, false) => continue,
                (true, true) => (Leftover::HalfSavedTemplate, "remove"),
                (false, _) => (Leftover::VanishedTemplate, "forget"),
            };
            let unsave = async || self.unsave(known).await;
            repairs.push(self.repair(what, known.name.clone(), action, unsave).await);
        }
        Ok(repairs)
    }
}
