//! From a guest to the host.

use std::fs;
use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::guest_path::{base_name, is_harmless, join};
use super::host::{self, is_folder, is_odd};
use super::into_guest::{damaged, no_folder};
use super::{Copied, CopyOptions, FileFacts, FileKind, GuestFiles, Meter, Recursion, Resumption};
use crate::error::{self, Error, ErrorKind};

/// Copies files and folders of a guest to a place of the host: into the folder that lies there, or
/// as what is to lie there.
pub async fn copy_out(
    guest: &dyn GuestFiles,
    sources: &[String],
    target: &Path,
    options: CopyOptions,
    meter: &Meter,
) -> Result<Copied, Error> {
    let there = host::look(target)?.map(|it| it.kind);
    let says_folder = target.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    let mut surveyed = Vec::new();
    for source in sources {
        let source = guest.meant(source).await?;
        let top = match there {
            Some(FileKind::Folder) => target.join(name_of(&source)?),
            Some(FileKind::File | FileKind::Link | FileKind::Other) | None
                if sources.len() > 1 || says_folder =>
            {
                return Err(no_folder(&target.display().to_string()));
            }
            Some(FileKind::File | FileKind::Link | FileKind::Other) | None => target.to_owned(),
        };
        surveyed.push(survey(guest, source, top, options).await?);
    }
    let all = surveyed.iter().flat_map(|survey| &survey.items);
    meter.expect(all.filter(|it| it.facts.kind == FileKind::File).map(|it| it.facts.size).sum());
    let mut copied = Copied::default();
    for survey in surveyed {
        Errand { guest, options, meter, copied: &mut copied }.all(survey).await?;
    }
    Ok(copied)
}

fn name_of(source: &str) -> Result<&str, Error> {
    base_name(source).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("`{source}` has no name of its own"))
            .hint("name the file or folder on this host")
    })
}

/// Something to copy to the host.
struct Item {
    from: String,
    to: PathBuf,
    facts: FileFacts,
}

/// What is to be copied, folders before what is in them, and what is not.
struct Survey {
    items: Vec<Item>,
    skipped: Vec<String>,
}

/// Looks at all that is to be copied of a source.
async fn survey(
    guest: &dyn GuestFiles,
    source: String,
    top: PathBuf,
    options: CopyOptions,
) -> Result<Survey, Error> {
    let Some(facts) = guest.look(&source).await? else {
        let message = format!("there is no `{source}` in the guest");
        return Err(Error::new(ErrorKind::NotFound, message).hint("check the path"));
    };
    match (facts.kind, options.recursion) {
        (FileKind::File, _) | (FileKind::Folder, Recursion::Descend) => {}
        (FileKind::Folder, Recursion::Refuse) => return Err(is_folder(&source)),
        (FileKind::Link | FileKind::Other, _) => return Err(is_odd(&source)),
    }
    let mut survey = Survey { items: Vec::new(), skipped: Vec::new() };
    let mut folders = Vec::new();
    let mut found = |item: Item, folders: &mut Vec<(String, PathBuf)>| {
        if item.facts.kind == FileKind::Folder {
            folders.push((item.from.clone(), item.to.clone()));
        }
        survey.items.push(item);
    };
    found(Item { from: source, to: top, facts }, &mut folders);
    while let Some((from, to)) = folders.pop() {
        for entry in guest.list(&from).await? {
            if !is_harmless(&entry.name) {
                let message = format!("the guest names a file `{}`", entry.name);
                return Err(Error::new(ErrorKind::Unparseable, message)
                    .hint("do not trust this guest: such a name leads elsewhere"));
            }
            let place = join(&from, &entry.name);
            match entry.facts.kind {
                FileKind::File | FileKind::Folder => {
                    let to = to.join(&entry.name);
                    found(Item { from: place, to, facts: entry.facts }, &mut folders);
                }
                FileKind::Link | FileKind::Other => survey.skipped.push(place),
            }
        }
    }
    Ok(survey)
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
    async fn all(&mut self, survey: Survey) -> Result<(), Error> {
        let mut modes = Vec::new();
        for item in &survey.items {
            if item.facts.kind == FileKind::Folder {
                make_folder(&item.to)?;
                self.copied.folders += 1;
                modes.extend(item.facts.mode.map(|mode| (&item.to, mode)));
            } else {
                self.file(item).await?;
            }
        }
        self.copied.skipped.extend(survey.skipped);
        // The innermost first, and all when they are full: a folder may forbid writing.
        for (folder, mode) in modes.into_iter().rev() {
            let set = host::permissions::set(folder, mode);
            set.map_err(|e| error::io(format!("write `{}`", folder.display()), e))?;
        }
        Ok(())
    }

    /// Copies a file: all of it or nothing.
    async fn file(&mut self, item: &Item) -> Result<(), Error> {
        let part = host::part_of(&item.to);
        let result = self.part(item, &part).await;
        if result.is_err() && self.options.resumption == Resumption::Anew {
            // It may never have been made.
            drop(fs::remove_file(&part));
        }
        result
    }

    async fn part(&mut self, item: &Item, part: &Path) -> Result<(), Error> {
        let size = item.facts.size;
        let digest = async || {
            let found = self.guest.digest(&item.from, size).await?;
            found.ok_or_else(|| super::digest::changed(&item.from))
        };
        let (mut begin, mut known) = (0, None);
        if self.options.resumption == Resumption::Continue {
            if host::look(&item.to)?.is_some_and(|it| it.kind == FileKind::File && it.size == size)
            {
                let (whole, _) = *known.insert(digest().await?);
                if Digest::of_file(&item.to, size).await? == whole {
                    self.copied.kept_bytes += size;
                    return self.meter.count(size);
                }
            }
            begin = self.come_so_far(item, part).await?;
        }
        self.copied.kept_bytes += begin;
        self.meter.count(begin)?;
        self.guest.read(&item.from, part, begin..size, self.meter).await?;
        let (whole, check) = match known {
            Some(known) => known,
            None => digest().await?,
        };
        if Digest::of_file(part, size).await? != whole {
            return Err(damaged(&item.from));
        }
        host::settle(part, &item.to, item.facts.mode)?;
        self.copied.check = Some(check);
        self.copied.files += 1;
        self.copied.bytes += size - begin;
        Ok(())
    }

    /// Returns how much of a part is as it should be: all that is there, or nothing.
    async fn come_so_far(&self, item: &Item, part: &Path) -> Result<u64, Error> {
        let length =
            host::look(part)?.filter(|it| it.kind == FileKind::File).map_or(0, |it| it.size);
        if !self.guest.goes_on() || length == 0 || item.facts.size < length {
            return Ok(0);
        }
        let expected = self.guest.digest(&item.from, length).await?;
        let found = Digest::of_file(part, length).await?;
        Ok(if expected.is_some_and(|(digest, _)| digest == found) { length } else { 0 })
    }
}

fn make_folder(path: &Path) -> Result<(), Error> {
    match fs::create_dir(path) {
        Err(_) if path.is_dir() => Ok(()),
        made => made.map_err(|e| error::io(format!("make the folder `{}`", path.display()), e)),
    }
}
