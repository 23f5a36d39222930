//! The host's side: what lies there, and what becomes of a file that has arrived.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::guest_path::part_name;
use super::{FileFacts, FileKind, Recursion};
use crate::error::{self, Error, ErrorKind};

/// Something to copy into a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Where it lies on the host.
    pub(super) path: PathBuf,
    /// Where it goes, below the target: names of folders and its own.
    pub(super) below: Vec<String>,
    /// What it is.
    pub(super) facts: FileFacts,
}

/// What is to be copied, folders before what is in them, and what is not.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) items: Vec<Item>,
    pub(super) skipped: Vec<String>,
}

/// Looks at all that is to be copied of a source. A source that is a link is followed.
pub(super) fn survey(
    source: &Path,
    recursion: Recursion,
    survey: &mut Survey,
) -> Result<FileKind, Error> {
    let what = || format!("read `{}`", source.display());
    let facts = facts(&fs::metadata(source).map_err(|e| error::io(what(), e))?);
    match (facts.kind, recursion) {
        (FileKind::File, _) | (FileKind::Folder, Recursion::Descend) => {}
        (FileKind::Folder, Recursion::Refuse) => return Err(is_folder(&source.display())),
        (FileKind::Link | FileKind::Other, _) => return Err(is_odd(&source.display())),
    }
    survey.items.push(Item { path: source.to_owned(), below: Vec::new(), facts });
    if facts.kind == FileKind::Folder {
        descend(source, &[], survey)?;
    }
    Ok(facts.kind)
}

fn descend(folder: &Path, below: &[String], survey: &mut Survey) -> Result<(), Error> {
    let read = |e| error::io(format!("read `{}`", folder.display()), e);
    let mut entries: Vec<_> =
        fs::read_dir(folder).map_err(read)?.collect::<io::Result<_>>().map_err(read)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let facts = facts(&fs::symlink_metadata(&path).map_err(read)?);
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let message = format!("the name of `{}` is no text in UTF-8", path.display());
            return Err(Error::new(ErrorKind::Unsupported, message).hint("rename it"));
        };
        let below: Vec<_> = below.iter().cloned().chain([name.to_owned()]).collect();
        match facts.kind {
            FileKind::File | FileKind::Folder => {
                survey.items.push(Item { path: path.clone(), below: below.clone(), facts });
            }
            FileKind::Link | FileKind::Other => survey.skipped.push(path.display().to_string()),
        }
        if facts.kind == FileKind::Folder {
            descend(&path, &below, survey)?;
        }
    }
    Ok(())
}

/// Builds the failure of a folder that was not to be copied.
pub(super) fn is_folder(path: &impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Usage, format!("`{path}` is a folder"))
        .hint("add `--recursive` to copy it with all that is in it")
}

/// Builds the failure of something that cannot be copied.
pub(super) fn is_odd(path: &impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Usage, format!("`{path}` is neither a file nor a folder"))
        .hint("name files and folders")
}

/// Says what a thing of this host is.
pub fn facts(metadata: &fs::Metadata) -> FileFacts {
    let kind = match metadata.file_type() {
        it if it.is_file() => FileKind::File,
        it if it.is_dir() => FileKind::Folder,
        it if it.is_symlink() => FileKind::Link,
        _ => FileKind::Other,
    };
    FileFacts { kind, size: metadata.len(), mode: permissions::of(metadata) }
}

/// Returns what lies at a path, links followed; `None` if nothing does.
pub(super) fn look(path: &Path) -> Result<Option<FileFacts>, Error> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(facts(&metadata))),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(error::io(format!("read `{}`", path.display()), e)),
    }
}

/// Returns where a file stands while it is not whole.
pub(super) fn part_of(target: &Path) -> PathBuf {
    let name = target.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
    target.with_file_name(part_name(&name))
}

/// Gives a part its mode and its target's name.
pub(super) fn settle(part: &Path, target: &Path, mode: Option<u32>) -> Result<(), Error> {
    let what = |e| error::io(format!("write `{}`", target.display()), e);
    if let Some(mode) = mode {
        permissions::set(part, mode).map_err(what)?;
    }
    fs::rename(part, target).map_err(what)
}

/// Permission bits of this host's files.
pub mod permissions {
    use std::fs;
    use std::io;
    use std::path::Path;

    /// Returns them, where there are such.
    #[cfg(unix)]
    pub fn of(metadata: &fs::Metadata) -> Option<u32> {
        use std::os::unix::fs::MetadataExt as _;
        Some(metadata.mode() & 0o777)
    }

    /// Returns them, where there are such.
    #[cfg(not(unix))]
    pub fn of(_metadata: &fs::Metadata) -> Option<u32> {
        None
    }

    /// Sets them, where there are such.
    #[cfg(unix)]
    pub fn set(path: &Path, mode: u32) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o777))
    }

    /// Sets them, where there are such.
    #[cfg(not(unix))]
    pub fn set(_path: &Path, _mode: u32) -> io::Result<()> {
        Ok(())
    }
}
