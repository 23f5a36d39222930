//! The disks of a VM that is off, through qemu-img.

use std::ffi::OsString;
use std::path::PathBuf;

use super::definition::{Definition, Tag};
use super::driver::QemuDriver;
use super::place::Place;
use super::refused;
use crate::error::{Error, ErrorKind};
use crate::process::CommandLine;

/// The size of the disk that holds a VM's memory, as a guest would see it: what is saved lies
/// beyond its end.
const MEMORY_DISK: &str = "1M";

impl QemuDriver {
    /// Makes a VM's disks.
    pub(super) async fn make_images(&self, it: &Definition, place: &Place) -> Result<(), Error> {
        let size = it.settings.disk.map(|disk| format!("{}G", disk.0));
        let disk = it.disk.clone().zip(size);
        for (file, size) in
            [Some((place.memory(), MEMORY_DISK.to_owned())), disk].into_iter().flatten()
        {
            self.image(["create", "-q", "-f", "qcow2"], file, Some(size)).await?;
        }
        Ok(())
    }

    /// Keeps the present content of a VM's disks.
    pub(super) async fn keep_content(
        &self,
        it: &Definition,
        place: &Place,
        tag: &Tag,
    ) -> Result<(), Error> {
        for file in images(it, place) {
            if let Err(error) = self.image(["snapshot", "-q", "-c", &tag.0], file, None).await {
                // What half of the disks keep is of no use.
                self.drop_content(it, place, tag).await.ok();
                return Err(error);
            }
        }
        Ok(())
    }

    /// Puts a VM's disks back to what was kept.
    pub(super) async fn restore_content(
        &self,
        it: &Definition,
        place: &Place,
        tag: &Tag,
    ) -> Result<(), Error> {
        for file in images(it, place) {
            self.image(["snapshot", "-q", "-a", &tag.0], file, None).await?;
        }
        Ok(())
    }

    /// Lets go of what was kept.
    pub(super) async fn drop_content(
        &self,
        it: &Definition,
        place: &Place,
        tag: &Tag,
    ) -> Result<(), Error> {
        let mut outcome = Ok(());
        for file in images(it, place) {
            let dropped = self.image(["snapshot", "-q", "-d", &tag.0], file, None).await;
            outcome = outcome.and(dropped);
        }
        outcome
    }

    async fn image(
        &self,
        verb: [&str; 4],
        file: PathBuf,
        size: Option<String>,
    ) -> Result<(), Error> {
        let program = self.programs.image.clone().ok_or_else(|| refused::missing("qemu-img"))?;
        let line = CommandLine::write(program, self.deadlines.start)
            .args(verb)
            .arg(file)
            .args(size.map(OsString::from))
            .let_end();
        refused::by_program("qemu-img", self.runner.run(&line).await).map(drop)
    }
}

/// Removes a VM's disk, and the folder that was made for it.
pub(super) fn remove_disk(it: &Definition) -> Result<(), Error> {
    let Some(disk) = &it.disk else { return Ok(()) };
    match std::fs::remove_file(disk) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(crate::error::io(format!("remove `{}`", disk.display()), e));
        }
        Ok(()) | Err(_) => {}
    }
    if it.settings.folder.is_some()
        && let Some(folder) = disk.parent()
    {
        // It stays if something else lies in it.
        std::fs::remove_dir(folder).ok();
    }
    Ok(())
}

/// Refuses to write over a file that is there.
pub(super) fn check_free(disk: &std::path::Path) -> Result<(), Error> {
    if disk.exists() {
        let message = format!("`{}` exists already", disk.display());
        return Err(Error::new(ErrorKind::AlreadyExists, message)
            .hint("choose another name or `--folder`, or move it away"));
    }
    Ok(())
}

fn images(it: &Definition, place: &Place) -> impl Iterator<Item = PathBuf> {
    [Some(place.memory()), it.disk.clone()].into_iter().flatten()
}
