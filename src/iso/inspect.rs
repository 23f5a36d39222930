use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::disc::{Disc, Volume};
use super::fault::Fault;
use super::image::Image;
use super::linux::{self, LinuxMedium};
use super::windows::{self, WindowsMedium};
use crate::error::{self, Error, ErrorKind};

/// What was found of an ISO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The disc.
    pub volume: Volume,
    /// What can be installed from it.
    pub content: Content,
}

/// What can be installed from a disc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Windows.
    Windows(WindowsMedium),
    /// A distribution of Linux.
    Linux(LinuxMedium),
    /// Nothing that is known here.
    Other,
}

/// Finds out what an image holds. It reads a few kilobytes, wherever they are.
pub fn inspect(mut source: impl Read + Seek) -> Result<Inspection, Fault> {
    let mut image = Image::new(&mut source)?;
    let disc = Disc::read(&mut image)?;
    let content = if let Some(medium) = windows::medium(&mut image, &disc)? {
        Content::Windows(medium)
    } else if let Some(medium) = linux::medium(&mut image, &disc)? {
        Content::Linux(medium)
    } else {
        Content::Other
    };
    Ok(Inspection { volume: disc.volume, content })
}

/// Finds out what an ISO file holds.
pub fn inspect_file(path: &Path) -> Result<Inspection, Error> {
    let shown = path.display();
    let file = File::open(path).map_err(|e| error::io(format!("read `{shown}`"), e))?;
    if file.metadata().is_ok_and(|it| it.is_dir()) {
        let message = format!("`{shown}` is a folder");
        return Err(Error::new(ErrorKind::Usage, message).hint("name an ISO file"));
    }
    inspect(file).map_err(|fault| {
        let hint = match fault {
            Fault::Io(e) => return error::io(format!("read `{shown}`"), e),
            Fault::Cut { .. } | Fault::Damaged { .. } => {
                "get the ISO again, and compare its checksum with its publisher's"
            }
            Fault::Foreign(_) | Fault::Unsupported { .. } => {
                "name the ISO file as its publisher offers it"
            }
        };
        let message = format!("cannot install from `{shown}`");
        Error::new(ErrorKind::Unparseable, message).hint(hint).caused_by(fault)
    })
}
