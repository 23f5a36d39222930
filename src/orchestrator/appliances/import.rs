use std::path::Path;
use std::time::Instant;

use serde_json::json;

use super::{absolute, supported};
use crate::error::{self, Error, ErrorKind};
use crate::hypervisor::{Appliance, ImportOrder, Refit};
use crate::model::{ExecutionEngine, VmId, VmName, VmRef, VmState, VmTaskType, typed};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::clone::taken_name;
use crate::orchestrator::tasks::Work;
use crate::request::{Creation, ImportRequest};

/// How many numbers are tried for a name that another import took meanwhile.
const NUMBERS: u32 = 50;

impl VmOrchestrator {
    /// Makes a VM from a file: all of it or nothing.
    pub(in crate::orchestrator) async fn import(
        &self,
        asked: &ImportRequest,
    ) -> Result<Creation, Error> {
        let begun = Instant::now();
        supported(self.hypervisor().as_ref())?;
        let file = absolute(&asked.file)?;
        let opened = std::fs::File::open(&file);
        opened.map_err(|e| error::io(format!("read `{}`", file.display()), e))?;
        let found = self.read_appliance(&file).await?;
        if found.vms != 1 {
            let message = format!("`{}` holds {} VMs", file.display(), found.vms);
            return Err(Error::new(ErrorKind::Unsupported, message)
                .hint("import it with VirtualBox, or export each VM into a file of its own"));
        }
        let names = self.names_for(asked, &found).await?;
        self.check_disk(&format!("import `{}`", file.display()), None, found.disk_bytes).await?;
        let mark = VmId::from_random(fastrand::u128(..));
        let order = ImportOrder {
            file,
            working_name: working_name(&names, mark)?,
            folder: self.settings().storage.vm_storage_path.clone(),
        };
        // Its identity is not known before: what a crash leaves is known by the working name.
        self.intend(mark, order.working_name.as_str())?;
        let mut notes = Vec::new();
        let made = self.make_import(&order, &names, &mut notes).await;
        let (id, name, refit) = match made {
            Ok(made) => made,
            Err(failure) => return Err(self.undo_import(&order, mark, failure).await),
        };
        self.forget(mark);
        Ok(Creation {
            name: name.to_string(),
            id,
            state: VmState::PoweredOff,
            forwards: refit.forwards,
            remote_display_port: refit.remote_display_port,
            notes,
            took: begun.elapsed(),
        })
    }

    async fn read_appliance(&self, file: &Path) -> Result<Appliance, Error> {
        let file = file.to_owned();
        self.run(Work::on_all(VmTaskType::Inspect), move |hypervisor, _| {
            let file = file.clone();
            async move { supported(hypervisor.as_ref())?.read(&file).await }
        })
        .await
    }

    /// Returns the names that the VM may get, the best first.
    async fn names_for(
        &self,
        asked: &ImportRequest,
        found: &Appliance,
    ) -> Result<Vec<VmName>, Error> {
        let taken = self.list().await?;
        let is_taken = |name: &VmName| taken.iter().any(|vm| vm.name == name.as_str());
        let Some(name) = &asked.name else {
            let first: VmName = found
                .name
                .parse()
                .map_err(|e| Error::from(e).hint("choose one that fits: `--name NAME`"))?;
            let numbered = numbered(&found.name);
            return Ok(std::iter::once(first).chain(numbered).filter(|it| !is_taken(it)).collect());
        };
        if is_taken(name) {
            let message = format!("a VM named `{name}` exists already");
            return Err(taken_name(Error::new(ErrorKind::AlreadyExists, message), name));
        }
        Ok(vec![name.clone()])
    }

    async fn make_import(
        &self,
        order: &ImportOrder,
        names: &[VmName],
        notes: &mut Vec<String>,
    ) -> Result<(VmId, VmName, Refit), Error> {
        let vm = VmRef::from(&order.working_name);
        let wanted = order.clone();
        let id = self
            .run(Work::on(&vm, VmTaskType::Import), move |hypervisor, attempt| {
                let order = wanted.clone();
                async move {
                    let appliances = supported(hypervisor.as_ref())?;
                    if attempt.number > 1 {
                        // What the attempt before left would be in the way of this one.
                        appliances.undo_import(&order).await?;
                    }
                    let id = appliances.import(&order).await?;
                    attempt.result(json!({ "id": id.to_string() }));
                    Ok(id)
                }
            })
            .await?;
        let found = self.inspect(&VmRef::from(id)).await?;
        self.intend(id, order.working_name.as_str())?;
        match self.settle_import(id, &found, names, notes).await {
            Ok((name, refit)) => Ok((id, name, refit)),
            Err(failure) => {
                self.forget(id);
                Err(failure)
            }
        }
    }

    /// Gives an imported VM ports of its own, an engine that works here, and its name.
    async fn settle_import(
        &self,
        id: VmId,
        found: &crate::model::Vm,
        names: &[VmName],
        notes: &mut Vec<String>,
    ) -> Result<(VmName, Refit), Error> {
        let mut refit = self.ports_of_copy(found, id, notes)?;
        let engine = self.hypervisor().engine();
        refit.execution_engine = Some(engine).filter(|it| *it != ExecutionEngine::Default);
        let mut failure = None;
        for name in names {
            let wanted = Refit { name: Some(name.clone()), ..refit.clone() };
            match self.refit(&VmRef::from(id), wanted).await {
                Ok(()) => {
                    self.record_named(id, name)?;
                    return Ok((name.clone(), refit));
                }
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                    failure = Some(taken_name(e, name));
                }
                Err(e) => return Err(e),
            }
        }
        Err(failure.unwrap_or_else(|| Error::new(ErrorKind::Internal, "no name is left")))
    }

    /// Removes what a failed or canceled import left, and returns the failure.
    async fn undo_import(&self, order: &ImportOrder, mark: VmId, failure: Error) -> Error {
        let wanted = order.clone();
        let work = Work::on(&VmRef::from(&order.working_name), VmTaskType::Delete);
        let undone = self
            .run_to_the_end(work, move |hypervisor, _| {
                let order = wanted.clone();
                async move { supported(hypervisor.as_ref())?.undo_import(&order).await }
            })
            .await;
        match undone {
            Ok(()) => {
                self.forget(mark);
                failure
            }
            Err(also) => failure.hint(format!(
                "what was made so far could not be removed ({also}): run `vm-cli delete {} --yes`",
                typed(order.working_name.as_str())
            )),
        }
    }
}

/// Returns the names after one: those after `web 2` are `web 3`, `web 4` and so on.
fn numbered(name: &str) -> impl Iterator<Item = VmName> {
    let last = name.rsplit_once(' ').and_then(|(stem, n)| Some((stem, n.parse::<u32>().ok()?)));
    let (stem, last) = last.unwrap_or((name, 1));
    let next = last.saturating_add(1);
    (next..next.saturating_add(NUMBERS)).filter_map(move |n| format!("{stem} {n}").parse().ok())
}

/// Returns a name that is nobody else's.
fn working_name(names: &[VmName], mark: VmId) -> Result<VmName, Error> {
    let first = names.first().map_or("vm", VmName::as_str);
    let short: String = first.chars().take(40).collect();
    Ok(format!("{}.import-{mark}", short.trim_end()).parse()?)
}

#[cfg(test)]
mod tests {
    use super::{numbered, working_name};
    use crate::model::VmId;

    #[test]
    fn numbers_go_on_where_they_are() {
        let next = |name| numbered(name).next().unwrap().to_string();
        assert_eq!((next("web"), next("web 2")), ("web 2".to_owned(), "web 3".to_owned()));
        assert_eq!(next("web x"), "web x 2");
    }

    #[test]
    fn a_working_name_is_short_and_bears_its_mark() {
        let mark = VmId::from_random(7);
        let long = "x".repeat(200).parse().unwrap();
        let name = working_name(&[long], mark).unwrap();
        assert!(name.as_str().len() < 100 && name.as_str().ends_with(&mark.to_string()));
        assert!(working_name(&[], mark).is_ok());
    }
}
