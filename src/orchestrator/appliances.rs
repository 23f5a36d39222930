//! VMs written into files and made from them.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;

use super::VmOrchestrator;
use super::clone::taken_name;
use super::tasks::Work;
use crate::error::{self, Error, ErrorKind};
use crate::hypervisor::{Appliance, Appliances, Hypervisor, ImportOrder, Refit};
use crate::model::typed;
use crate::model::{ExecutionEngine, Phase, VmId, VmName, VmRef, VmState, VmTaskType};
use crate::request::{Changed, Creation, ExportRequest, IfFileExists, ImportRequest, Outcome};

/// How many numbers are tried for a name that another import took meanwhile.
const NUMBERS: u32 = 50;

impl VmOrchestrator {
    /// Writes a VM into a file: the whole of it or nothing.
    pub(super) async fn export(&self, asked: &ExportRequest) -> Result<Changed, Error> {
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
        let needed = super::clone::disk_bytes(&found).await;
        self.check_disk(&format!("export `{}`", found.name), Some(&folder), needed).await?;
        let mut notes = Vec::new();
        if self.rehearses() {
            self.write_appliance(&asked.vm, file.clone()).await?;
        } else {
            // What a file holds bears its name, so it is made elsewhere under the same one.
            let part = Part::beside(&file)?;
            self.write_appliance(&asked.vm, part.file(&file)).await?;
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

    async fn write_appliance(&self, vm: &VmRef, file: PathBuf) -> Result<(), Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Export).once(), move |hypervisor, _| {
            let (vm, file) = (target.clone(), file.clone());
            async move { supported(hypervisor.as_ref())?.export(&vm, &file).await }
        })
        .await
    }

    /// Makes a VM from a file: all of it or nothing.
    pub(super) async fn import(&self, asked: &ImportRequest) -> Result<Creation, Error> {
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
            .run(Work::on(&vm, VmTaskType::Import).once(), move |hypervisor, attempt| {
                let order = wanted.clone();
                async move {
                    let id = supported(hypervisor.as_ref())?.import(&order).await?;
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

fn supported(hypervisor: &dyn Hypervisor) -> Result<&dyn Appliances, Error> {
    hypervisor.appliances().ok_or_else(|| {
        let message =
            format!("{} VMs are neither written into files nor made from them", hypervisor.kind());
        Error::new(ErrorKind::Unsupported, message).hint("use `--hypervisor virtualbox`")
    })
}

/// VirtualBox's service has another working folder than we have.
fn absolute(file: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(file).map_err(|e| error::io(format!("find `{}`", file.display()), e))
}

/// Returns a name that is nobody else's.
fn working_name(names: &[VmName], mark: VmId) -> Result<VmName, Error> {
    let first = names.first().map_or("vm", VmName::as_str);
    let short: String = first.chars().take(40).collect();
    Ok(format!("{}.import-{mark}", short.trim_end()).parse()?)
}

/// The folder in which a file is made before it is put into its place; gone when this is dropped.
#[derive(Debug)]
struct Part(PathBuf);

impl Part {
    fn beside(file: &Path) -> Result<Self, Error> {
        let name = format!(".vm-cli-export-{:016x}", fastrand::u64(..));
        let folder = file.with_file_name(name);
        let made = std::fs::create_dir(&folder);
        made.map_err(|e| error::io(format!("write `{}`", file.display()), e))?;
        Ok(Self(folder))
    }

    fn file(&self, file: &Path) -> PathBuf {
        self.0.join(file.file_name().unwrap_or_default())
    }

    /// Puts what was made into its place: of an OVF its disks too.
    fn finish(self, folder: &Path) -> Result<(), Error> {
        let failed = |e| error::io(format!("write into `{}`", folder.display()), e);
        for entry in std::fs::read_dir(&self.0).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            std::fs::rename(entry.path(), folder.join(entry.file_name())).map_err(failed)?;
        }
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!("`{}` could not be removed: {e}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, numbered, working_name};
    use crate::model::VmId;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("web.ova");
        let entries = || std::fs::read_dir(folder.path()).unwrap().count();
        drop(Part::beside(&file).unwrap());
        assert_eq!(entries(), 0);
        let part = Part::beside(&file).unwrap();
        std::fs::write(part.file(&file), "whole").unwrap();
        part.finish(folder.path()).unwrap();
        assert_eq!((entries(), std::fs::read(&file).unwrap()), (1, b"whole".to_vec()));
    }

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
