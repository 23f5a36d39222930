//! VMware's format, in one file: growing, or compressed as a stream.

use super::bytes::{Bytes, le32, le64};
use super::fault::Fault;

const MAGIC: &[u8] = b"KDMV";
const SECTOR: u64 = 512;

/// Where the directory is when the header does not know: then a footer does.
const AT_THE_END: u64 = u64::MAX;

/// Returns how large the disk is; `None` if it is none of this kind.
pub(super) fn size(image: &mut Bytes<'_>) -> Result<Option<u64>, Fault> {
    if image.has(0, b"# Disk DescriptorFile")? {
        let why = "only describes a VMDK whose data is in other files";
        return Err(Fault::Unsupported { why });
    }
    if !image.has(0, MAGIC)? {
        return Ok(None);
    }
    let header = image.read(0, SECTOR)?;
    let sectors = |at| le64(&header, at).saturating_mul(SECTOR);
    let (text, length) = (sectors(28), sectors(36).min(64 * 1024));
    let description = image.read(text, length)?;
    let description = String::from_utf8_lossy(&description);
    let parent = description.lines().find_map(|line| line.trim().strip_prefix("parentCID="));
    if parent.is_some_and(|it| !it.trim_matches('\0').eq_ignore_ascii_case("ffffffff")) {
        let why = "holds only what differs from another image (a parent)";
        return Err(Fault::Unsupported { why });
    }
    let size = sectors(12);
    let directory = match le64(&header, 56) {
        AT_THE_END => {
            // Footer and end of stream are the last two sectors.
            let place = image.length().saturating_sub(2 * SECTOR);
            if !image.has(place, MAGIC)? {
                let (there, whole) = (image.length(), image.length().saturating_add(1));
                return Err(Fault::Cut { there, whole });
            }
            let footer = image.read(place, SECTOR)?;
            le64(&footer, 56)
        }
        place => place,
    };
    let grain = sectors(20);
    let covered = le32(&header, 44).saturating_mul(grain);
    if grain == 0 || covered == 0 {
        return Err(Fault::Damaged { part: "table size" });
    }
    let tables = size.div_ceil(covered);
    let directory = image.read(directory.saturating_mul(SECTOR), tables.saturating_mul(4))?;
    for table in directory.chunks_exact(4).map(|it| le32(it, 0)).filter(|it| *it != 0) {
        let entries = le32(&header, 44).saturating_mul(4);
        let table = image.read(table.saturating_mul(SECTOR), entries)?;
        let last = table.chunks_exact(4).map(|it| le32(it, 0)).max().unwrap_or(0);
        image.reaches(last.saturating_mul(SECTOR))?;
    }
    Ok(Some(size))
}
