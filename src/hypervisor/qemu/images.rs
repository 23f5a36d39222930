//! The disks of a VM that is off, through qemu-img.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::definition::{Definition, Tag};
use super::driver::QemuDriver;
use super::place::{self, Place};
use super::refused;
use crate::error::{Error, ErrorKind};
use crate::model::{DiskFormat, DiskImage, Gibibytes};
use crate::process::CommandLine;

/// The size of the disk that holds a VM's memory, as a guest would see it: what is saved lies
/// beyond its end.
const MEMORY_DISK: &str = "1M";

/// How long copying a disk may take: 2 TB at a slow disk's 50 MB a second.
const COPY: Duration = Duration::from_hours(12);

impl QemuDriver {
    /// Makes the disk that holds a VM's memory.
    pub(super) async fn make_memory(&self, place: &Place) -> Result<(), Error> {
        self.create(&[], &place.memory(), Some(MEMORY_DISK)).await
    }

    /// Makes an empty disk.
    pub(super) async fn make_disk(&self, file: &Path, size: Gibibytes) -> Result<(), Error> {
        self.create(&[], file, Some(&format!("{}G", size.0))).await
    }

    /// Makes a disk that begins with an image, which is only read.
    pub(super) async fn fill_disk(
        &self,
        file: &Path,
        size: Gibibytes,
        image: &DiskImage,
    ) -> Result<(), Error> {
        let read_as = match image.format {
            DiskFormat::Qcow2 => "qcow2",
            DiskFormat::Vmdk => "vmdk",
            DiskFormat::Vdi => "vdi",
            DiskFormat::Vhd => "vpc",
            DiskFormat::Raw => "raw",
        };
        let line = self.copying(&image.file, file)?.args(["-f", read_as]);
        self.run_image(line).await?;
        let line = self.change()?.args(["resize", "-q", "-f", "qcow2"]).arg(file);
        self.run_image(line.arg(format!("{}G", size.0))).await
    }

    /// Makes a disk that holds only what differs from another one.
    pub(super) async fn make_upon(&self, base: &Path, file: &Path) -> Result<(), Error> {
        let on = ["-F".as_ref(), "qcow2".as_ref(), "-b".as_ref(), base.as_os_str()];
        self.create(&on, file, None).await
    }

    /// Copies a disk as it is, or as it was kept, whole and without what else it keeps.
    pub(super) async fn copy_disk(
        &self,
        from: &Path,
        tag: Option<&Tag>,
        to: &Path,
    ) -> Result<(), Error> {
        let kept = tag.map(|tag| format!("snapshot.name={}", tag.0));
        let line = self.copying(from, to)?.args(kept.iter().flat_map(|kept| ["-l", kept]));
        self.run_image(line).await
    }

    /// Keeps the present content of a VM's disks.
    pub(super) async fn keep_content(
        &self,
        it: &Definition,
        place: &Place,
        tag: &Tag,
    ) -> Result<(), Error> {
        for file in images(it, place) {
            if let Err(error) = self.keep("-c", tag, &file).await {
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
            self.keep("-a", tag, &file).await?;
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
            let dropped = self.keep("-d", tag, &file).await;
            outcome = outcome.and(dropped);
        }
        outcome
    }

    fn copying(&self, from: &Path, to: &Path) -> Result<CommandLine, Error> {
        let line = CommandLine::write(self.image_program()?, COPY);
        Ok(line.args(["convert", "-q", "-O", "qcow2"]).args([from, to]))
    }

    async fn create(&self, on: &[&OsStr], file: &Path, size: Option<&str>) -> Result<(), Error> {
        let line = self.change()?.args(["create", "-q", "-f", "qcow2"]).args(on);
        self.run_image(line.arg(file).args(size)).await
    }

    async fn keep(&self, how: &str, tag: &Tag, file: &Path) -> Result<(), Error> {
        let line = self.change()?.args(["snapshot", "-q", how, &tag.0]);
        self.run_image(line.arg(file)).await
    }

    /// Begins a call that takes a moment, and that nobody ends in the middle.
    fn change(&self) -> Result<CommandLine, Error> {
        Ok(CommandLine::write(self.image_program()?, self.deadlines.start).let_end())
    }

    async fn run_image(&self, line: CommandLine) -> Result<(), Error> {
        refused::by_program("qemu-img", self.runner.run(&line).await).map(drop)
    }

    fn image_program(&self) -> Result<PathBuf, Error> {
        self.programs.image.clone().ok_or_else(|| refused::missing("qemu-img"))
    }
}

/// Removes a VM's disk, and the folder that was made for it.
pub(super) fn remove_disk(it: &Definition) -> Result<(), Error> {
    let Some(disk) = &it.disk else { return Ok(()) };
    place::remove(disk)?;
    if it.settings.folder.is_some()
        && let Some(folder) = disk.parent()
    {
        // It stays if something else lies in it.
        std::fs::remove_dir(folder).ok();
    }
    Ok(())
}

/// Refuses to write over a file that is there.
pub(super) fn check_free(disk: &Path) -> Result<(), Error> {
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
