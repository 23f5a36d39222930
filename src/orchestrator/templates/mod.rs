//! Templates: VMs that others are made from as linked clones.
//!
//! ```text
//!  save: note ─► snapshot ─► note whole        make: clones of the snapshot ─► themselves ─► start
//!          (what a crash leaves, gc undoes)          (all or none)
//! ```
//! A template is not started, and not deleted: what stands on its disks would be lost.

mod guard;
mod make;
mod renew;
mod save;

pub(super) use guard::Intrusion;
pub(super) use save::is_abandoned;

use std::time::Instant;

use super::VmOrchestrator;
use super::naming;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::Hypervisor;
use crate::model::{TemplateName, VmId, VmRef, VmSummary};
use crate::request::{Changed, Outcome, Response, Template, TemplateAction};
use crate::store::KnownTemplate;

impl VmOrchestrator {
    /// Does something with templates.
    pub(super) async fn template(&self, action: &TemplateAction) -> Result<Response, Error> {
        match action {
            TemplateAction::Save { vm, name, renewal } => {
                self.save_template(vm, name.as_ref(), *renewal).await.map(Response::Changed)
            }
            TemplateAction::List => {
                let known = self.known_templates()?;
                Ok(Response::Templates(self.describe(known).await?))
            }
            TemplateAction::Show(name) => {
                let known = vec![self.named_template(name)?];
                let found = self.describe(known).await?.pop();
                found.map(|it| Response::Template(Box::new(it))).ok_or_else(|| unknown(name, &[]))
            }
            TemplateAction::Delete(name) => self.give_up(name).await.map(Response::Changed),
            TemplateAction::Make(asked) => self.make_from_template(asked).await,
        }
    }

    /// Reads the templates, those too that are being saved.
    pub(super) fn known_templates(&self) -> Result<Vec<KnownTemplate>, Error> {
        // A rehearsal, and a look, make no store where there is none.
        if self.folders().store_file().exists() {
            self.store()?.templates().list()
        } else {
            Ok(Vec::new())
        }
    }

    fn named_template(&self, name: &TemplateName) -> Result<KnownTemplate, Error> {
        let mut known = self.known_templates()?;
        let place = known.iter().position(|it| it.name == name.as_str());
        place.map(|place| known.swap_remove(place)).ok_or_else(|| unknown(name, &known))
    }

    async fn describe(&self, known: Vec<KnownTemplate>) -> Result<Vec<Template>, Error> {
        if known.is_empty() {
            return Ok(Vec::new());
        }
        let listed = self.list().await?;
        let mut templates = Vec::new();
        for KnownTemplate { name, vm: vm_id, os, renewal, saved_at, .. } in known {
            let vm = listed.iter().find(|it: &&VmSummary| it.id == vm_id);
            let vm = vm.map(|it| it.name.clone());
            let clones = dependants(self.hypervisor().as_ref(), vm_id).await;
            templates.push(Template { name, vm, vm_id, os, renewal, saved_at, clones });
        }
        Ok(templates)
    }

    /// Makes a template an ordinary VM again, if nothing stands on it.
    async fn give_up(&self, name: &TemplateName) -> Result<Changed, Error> {
        let begun = Instant::now();
        let known = self.named_template(name)?;
        let clones = dependants(self.hypervisor().as_ref(), known.vm).await;
        if !clones.is_empty() {
            let message =
                format!("cannot delete the template `{name}`: VMs need it: {}", clones.join(", "));
            return Err(Error::new(ErrorKind::InvalidState, message).hint("delete them first"));
        }
        self.unsave(&known).await?;
        Ok(Changed {
            vm: name.to_string(),
            action: "template-delete",
            outcome: Outcome::Changed,
            state: None,
            notes: vec!["its VM stays".to_owned()],
            took: begun.elapsed(),
        })
    }
}

async fn dependants(hypervisor: &dyn Hypervisor, vm: VmId) -> Vec<String> {
    match hypervisor.cloning() {
        Some(cloning) => cloning.dependants(&VmRef::from(vm)).await,
        None => Vec::new(),
    }
}

fn unknown(name: &TemplateName, known: &[KnownTemplate]) -> Error {
    let names = known.iter().map(|it| it.name.as_str());
    let hint = naming::nearest(name.as_str(), names).map_or_else(
        || "`vm-cli template list` shows them, `vm-cli template save VM` makes one".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Error::new(ErrorKind::NotFound, format!("there is no template `{name}`")).hint(hint)
}
