//! From the host into a guest.

use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::guest_path::{base_name, join, part_of, says_folder};
use super::host::{self, Item, Survey};
use super::{Copied, CopyOptions, FileKind, GuestFiles, Meter, Resumption};
use crate::error::{Error, ErrorKind};

/// Copies files and folders of the host to a place in a guest: into the folder that lies there, or
/// as what is to lie there.
pub async fn copy_in(
    guest: &dyn GuestFiles,
    sources: &[PathBuf],
    target: &str,
    options: CopyOptions,
    meter: &Meter,
) -> Result<Copied, Error> {
    let mut surveyed = Vec::new();
    for source in sources {
        surveyed.push(surveyed_as(source, options)?);
    }
    let all = surveyed.iter().flat_map(|(_, survey)| &survey.items);
    meter.expect(all.filter(|it| it.facts.kind == FileKind::File).map(|it| it.facts.size).sum());
    let target = guest.meant(target).await?;
    let there = guest.look(&target).await?.map(|it| it.kind);
    let mut copied = Copied::default();
    for (source, survey) in surveyed {
        let top = match there {
            Some(FileKind::Folder) => join(&target, &name_of(source)?),
            Some(FileKind::File | FileKind::Link | FileKind::Other) | None
                if sources.len() > 1 || says_folder(&target) =>
            {
                return Err(no_folder(&target));
            }
            Some(FileKind::File | FileKind::Link | FileKind::Other) | None => target.clone(),
        };
        Errand { guest, options, meter, copied: &mut copied }.all(&top, survey).await?;
    }
    Ok(copied)
}

fn surveyed_as(source: &Path, options: CopyOptions) -> Result<(&Path, Survey), Error> {
    let mut survey = Survey::default();
    host::survey(source, options.recursion, &mut survey)?;
    Ok((source, survey))
}

/// Returns the name that a source has in a folder.
fn name_of(source: &Path) -> Result<String, Error> {
    let whole = if source.file_name().is_some() {
        source.to_owned()
    } else {
        // `.` and `..` are called by the folder that they are.
        std::fs::canonicalize(source).unwrap_or_default()
    };
    let name = whole.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| {
        let message = format!("`{}` has no name of its own", source.display());
        Error::new(ErrorKind::Usage, message).hint("name the file or folder in the guest")
    })
}

/// Builds the failure of a target that must be a folder and is none.
pub(super) fn no_folder(target: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no folder `{target}`"))
        .hint("make it first, or name one that is there")
}

/// What is under way.
struct Errand<'a> {
    guest: &'a dyn GuestFiles,
    options: CopyOptions,
    meter: &'a Meter,
    copied: &'a mut Copied,
}

impl Errand<'_> {
    /// Copies a source to its place.
    async fn all(&mut self, top: &str, survey: Survey) -> Result<(), Error> {
        let mut modes = Vec::new();
        for item in &survey.items {
            let place = item.below.iter().fold(top.to_owned(), |folder, name| join(&folder, name));
            if item.facts.kind == FileKind::Folder {
                self.guest.make_folder(&place).await?;
                self.copied.folders += 1;
                modes.extend(item.facts.mode.map(|mode| (place, mode)));
            } else {
                self.file(item, &place).await?;
            }
        }
        self.copied.skipped.extend(survey.skipped);
        // The innermost first, and all when they are full: a folder may forbid writing.
        modes.reverse();
        if modes.is_empty() { Ok(()) } else { self.guest.set_modes(&modes).await }
    }

    /// Copies a file: all of it or nothing.
    async fn file(&mut self, item: &Item, place: &str) -> Result<(), Error> {
        if base_name(place).is_none() {
            return Err(Error::new(ErrorKind::Usage, format!("`{place}` is no name of a file")));
        }
        let part = part_of(place);
        let result = self.part(item, place, &part).await;
        if result.is_err() && self.options.resumption == Resumption::Anew {
            // The first failure is the one to tell; a guest that is gone keeps its part.
            drop(self.guest.remove(&part).await);
        }
        result
    }

    async fn part(&mut self, item: &Item, place: &str, part: &str) -> Result<(), Error> {
        let size = item.facts.size;
        let whole = Digest::of_file(&item.path, size).await?;
        let begin = match self.options.resumption {
            Resumption::Anew => 0,
            Resumption::Continue => {
                if self.is_there(place, whole, size).await? {
                    self.copied.kept_bytes += size;
                    return self.meter.count(size);
                }
                self.come_so_far(item, part).await?
            }
        };
        self.copied.kept_bytes += begin;
        self.meter.count(begin)?;
        self.guest.write(&item.path, part, begin, self.meter).await?;
        let check = self.guest.seal(part, place, item.facts.mode, (whole, size)).await?;
        let Some(check) = check else {
            // Who wrote to it meanwhile, here or on its way?
            let now = Digest::of_file(&item.path, size).await?;
            let here = item.path.display().to_string();
            return Err(if now == whole { damaged(&here) } else { super::digest::changed(&here) });
        };
        self.copied.check = Some(check);
        self.copied.files += 1;
        self.copied.bytes += size - begin;
        Ok(())
    }

    async fn is_there(&self, place: &str, whole: Digest, size: u64) -> Result<bool, Error> {
        let there = self.guest.look(place).await?;
        if there.is_none_or(|it| it.kind != FileKind::File || it.size != size) {
            return Ok(false);
        }
        let found = self.guest.digest(place, size).await?;
        Ok(found.is_some_and(|(digest, _)| digest == whole))
    }

    /// Returns how much of a part is as it should be: all that is there, or nothing.
    async fn come_so_far(&self, item: &Item, part: &str) -> Result<u64, Error> {
        let there = self.guest.look(part).await?;
        let length = there.filter(|it| it.kind == FileKind::File).map_or(0, |it| it.size);
        if !self.guest.goes_on() || length == 0 || item.facts.size < length {
            return Ok(0);
        }
        let expected = Digest::of_file(&item.path, length).await?;
        let found = self.guest.digest(part, length).await?;
        Ok(if found.is_some_and(|(digest, _)| digest == expected) { length } else { 0 })
    }
}

/// Builds the failure of a file that did not arrive as it was.
pub(super) fn damaged(file: &str) -> Error {
    Error::new(ErrorKind::Io, format!("`{file}` did not arrive as it was: the checksums differ"))
        .hint("copy it again")
}
