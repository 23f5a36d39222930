use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::part::Part;
use super::{absolute, supported};
use crate::error::{Error, ErrorKind};
use crate::model::{Phase, VmRef, VmTaskType, typed};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::clone;
use crate::orchestrator::tasks::Work;
use crate::request::{Changed, ExportRequest, IfFileExists, Outcome};

impl VmOrchestrator {
    /// Writes a VM into a file: the whole of it or nothing.
    pub(in crate::orchestrator) async fn export(
        &self,
        asked: &ExportRequest,
    ) -> Result<Changed, Error> {
        let begun = Instant::now();
        supported(self.hypervisor().as_ref())?;
        let file = absolute(&asked.file)?;
        if asked.if_exists == IfFileExists::Fail && file.exists() {
            let message = format!("`{}` exists already", file.display());
            return Err(Error::new(ErrorKind::AlreadyExists, message)
                .hint("name another file, or add `--force`"));
        }
        let found = self.inspect(&asked.vm).await?;
        if found.state.phase() != Phase::Offline {
            let message = format!("cannot export `{}`: it is {}", found.name, found.state);
            let hint = format!("run `vm-cli stop {}` first", typed(&found.name));
            return Err(Error::new(ErrorKind::InvalidState, message).about(&found.name).hint(hint));
        }
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        let needed = clone::disk_bytes(&found).await;
        self.check_disk(&format!("export `{}`", found.name), Some(&folder), needed).await?;
        let mut notes = Vec::new();
        if self.rehearses() {
            self.write_appliance(&asked.vm, file.clone(), None).await?;
        } else {
            // What a file holds bears its name, so it is made elsewhere under the same one.
            let part = Arc::new(Part::beside(&file)?);
            self.write_appliance(&asked.vm, part.file(&file), Some(part.clone())).await?;
            part.finish(&folder)?;
            let bytes = std::fs::metadata(&file).map_or(0, |facts| facts.len());
            notes.push(format!("`{}` has {} KiB", file.display(), bytes >> 10));
        }
        Ok(Changed {
            vm: asked.vm.to_string(),
            action: "export",
            outcome: Outcome::Changed,
            state: Some(found.state),
            notes,
            took: begun.elapsed(),
        })
    }

    async fn write_appliance(
        &self,
        vm: &VmRef,
        file: PathBuf,
        part: Option<Arc<Part>>,
    ) -> Result<(), Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Export), move |hypervisor, attempt| {
            let (vm, file, part) = (target.clone(), file.clone(), part.clone());
            async move {
                if let Some(part) = part.filter(|_| attempt.number > 1) {
                    // What the attempt before left would be in the way of this one.
                    part.empty()?;
                }
                supported(hypervisor.as_ref())?.export(&vm, &file).await
            }
        })
        .await
    }
}
