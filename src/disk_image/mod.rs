//! Images of disks, as distributions offer them for clouds: what they are, and whether they are
//! whole.
//!
//! Only headers and tables are read, bounded like [`crate::iso`]; the file is never written. What
//! VirtualBox could not read, or would read wrongly, is refused with the reason. Sources: QEMU's
//! `docs/interop/qcow2.txt`, VMware's "Virtual Disk Format 5.0", VirtualBox's `VDICore.h`,
//! Microsoft's "Virtual Hard Disk Image Format Specification".

mod bytes;
mod fault;
mod qcow2;
mod raw;
#[cfg(test)]
mod tests;
mod vdi;
mod vhd;
mod vmdk;

pub use fault::Fault;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use bytes::Bytes;

use crate::error::{self, Error, ErrorKind};
use crate::model::{DiskFormat, DiskImage};

/// Returns how large the disk of an image is; `None` if it is of another format.
type Reader = fn(&mut Bytes<'_>) -> Result<Option<u64>, Fault>;

/// Finds out what an image is, and how large its disk is in bytes; refuses what is not whole.
pub fn examine(mut source: impl Read + Seek) -> Result<(DiskFormat, u64), Fault> {
    let mut image = Bytes::new(&mut source)?;
    let readers: [(DiskFormat, Reader); 5] = [
        (DiskFormat::Qcow2, qcow2::size),
        (DiskFormat::Vmdk, vmdk::size),
        (DiskFormat::Vdi, vdi::size),
        (DiskFormat::Vhd, vhd::size),
        (DiskFormat::Raw, raw::size),
    ];
    for (format, size) in readers {
        if let Some(size) = size(&mut image)? {
            return Ok((format, size));
        }
    }
    Err(Fault::Foreign(image.foreign()?))
}

/// Finds out what a file is.
pub fn examine_file(file: &Path) -> Result<DiskImage, Error> {
    let shown = file.display();
    let unreadable = |e| {
        error::io(format!("read the image `{shown}`"), e)
            .hint("name the image of a disk that you may read")
    };
    let file = std::path::absolute(file).map_err(unreadable)?;
    let opened = File::open(&file).map_err(unreadable)?;
    if opened.metadata().is_ok_and(|it| !it.is_file()) {
        let message = format!("the image `{shown}` is not a file");
        return Err(Error::new(ErrorKind::Usage, message).hint("name the image of a disk"));
    }
    let found = examine(opened).map_err(|fault| {
        let hint = match fault {
            Fault::Io(e) => return unreadable(e),
            Fault::Cut { .. } | Fault::Damaged { .. } => {
                "get the image again, and compare its checksum with its publisher's"
            }
            Fault::Unsupported { .. } => {
                "make a plain one of it: `qemu-img convert -O vmdk IMAGE new.vmdk`"
            }
            Fault::Foreign(_) => {
                "name a qcow2, VMDK, VDI, VHD or raw image; an ISO goes to `--iso-path`"
            }
        };
        let message = format!("`{shown}` cannot become the disk of a VM");
        Error::new(ErrorKind::Unparseable, message).hint(hint).caused_by(fault)
    });
    let (format, size) = found?;
    Ok(DiskImage { file, format, size })
}
