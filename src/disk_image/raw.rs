//! A disk, sector by sector. It tells how far it reaches by its partitions.

use super::bytes::{Bytes, le32, le64};
use super::fault::Fault;

const SECTOR: u64 = 512;

/// Where a disc says that it is one, and how many sectors of 2048 bytes it has.
const DISC: (u64, &[u8]) = (0x8001, b"CD001");

/// The kind of a partition that stands for a table of another kind.
const GPT: u8 = 0xEE;

/// Returns how large the disk is; `None` if it is none of this kind.
pub(super) fn size(image: &mut Bytes<'_>) -> Result<Option<u64>, Fault> {
    let length = image.length();
    if !image.has(510, &[0x55, 0xAA])? {
        return Ok(None);
    }
    if image.has(DISC.0, DISC.1)? && is_all_disc(image)? {
        return Err(Fault::Foreign("an ISO"));
    }
    let sector = image.read(0, SECTOR)?;
    let entries = sector.get(446..510).unwrap_or_default().chunks_exact(16);
    let mut partitions = 0;
    for entry in entries.filter(|it| it.get(4).is_some_and(|kind| ![0, GPT].contains(kind))) {
        let end = le32(entry, 8).saturating_add(le32(entry, 12));
        image.reaches(end.saturating_mul(SECTOR))?;
        partitions += 1;
    }
    if image.has(SECTOR, b"EFI PART")? {
        // The copy of the table is the last sector.
        let header = image.read(SECTOR, 92)?;
        image.reaches(le64(&header, 32).saturating_add(1).saturating_mul(SECTOR))?;
        partitions += 1;
    }
    if partitions == 0 {
        return Err(Fault::Foreign("without partitions, so nothing starts from it"));
    }
    if !length.is_multiple_of(SECTOR) {
        return Err(Fault::Cut { there: length, whole: length.next_multiple_of(SECTOR) });
    }
    Ok(Some(length))
}

/// Returns whether nothing is in an image but a disc that also starts when it is a disk.
fn is_all_disc(image: &mut Bytes<'_>) -> Result<bool, Fault> {
    let volume = image.read(0x8000, 2048)?;
    // A hybrid is filled up to a whole number of cylinders of 1 MiB.
    let disc = le32(&volume, 80).saturating_mul(2048);
    Ok(image.length() <= disc.saturating_add(2 * 1024 * 1024))
}
