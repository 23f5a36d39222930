//! VMs are made from a template.

use crate::error::{Error, ErrorKind};
use crate::model::{TemplateName, VmRef, VmState, typed};
use crate::orchestrator::VmOrchestrator;
use crate::request::{CloneRequest, CloneWish, Creation, Renewal, Response, TemplateCopies};
use crate::store::KnownTemplate;

impl VmOrchestrator {
    /// Makes VMs from a template, all or none, and starts them if that is wanted.
    pub(super) async fn make_from_template(
        &self,
        asked: &TemplateCopies,
    ) -> Result<Response, Error> {
        let name = &asked.template;
        let known = self.named_template(name)?;
        let Some(snapshot) = &known.snapshot else {
            let message = format!("the template `{name}` is still being saved");
            return Err(Error::new(ErrorKind::Locked, message).hint(
                "try again in a moment; `vm-cli gc` mends one whose saving was interrupted",
            ));
        };
        let clone = CloneRequest {
            source: VmRef::from(known.vm),
            names: asked.names.clone(),
            content: CloneWish::Linked,
            snapshot: Some(snapshot.0.parse()?),
        };
        let made = self.clone_renewed(&clone, known.renewal).await;
        let mut made = made.map_err(|e| gone(name, e))?;
        let identity = identity(&known);
        for creation in &mut made {
            creation.notes.extend(identity.map(ToOwned::to_owned));
        }
        self.start_made(asked, &mut made).await?;
        Ok(Response::Copied { action: "create", made })
    }

    async fn start_made(&self, asked: &TemplateCopies, made: &mut [Creation]) -> Result<(), Error> {
        let Some(display) = asked.start else { return Ok(()) };
        for creation in made {
            let vm: VmRef = creation.name.parse()?;
            let started = self.start_from_off(&vm, display, asked.wait).await;
            let hint = "all of them were made: `vm-cli start` starts the rest";
            creation.notes.extend(started.map_err(|e| e.or_hint(hint))?.notes);
            creation.state = VmState::Running;
        }
        Ok(())
    }
}

/// Says so if a template's VM or snapshot was removed by another program.
fn gone(name: &TemplateName, error: Error) -> Error {
    if ![ErrorKind::VmNotFound, ErrorKind::SnapshotNotFound].contains(&error.kind()) {
        return error;
    }
    let hint = format!("forget it: `vm-cli template delete {}`", typed(name.as_str()));
    Error::new(ErrorKind::NotFound, format!("what the template `{name}` is made of is gone"))
        .hint(hint)
        .caused_by(error)
}

/// Says what a guest still has in common with that of its template.
fn identity(known: &KnownTemplate) -> Option<&'static str> {
    match known.renewal {
        Renewal::CloudInit => None,
        Renewal::None if known.os.starts_with("Windows") => Some(
            "inside, computer name and machine SID are those of the template: for others run \
             sysprep in it before `template save`",
        ),
        Renewal::None => Some(
            "inside, host name, machine-id and SSH host keys are those of the template: with \
             cloud-init in it, `template save --cloud-init` renews them",
        ),
    }
}
