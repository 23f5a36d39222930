//! QEMU's format. VirtualBox reads versions 2 and 3, clusters plain or compressed by deflate
//! (tried with 7.2), and nothing that version 3 made optional.

use super::bytes::{Bytes, be32, be64};
use super::fault::Fault;

const MAGIC: &[u8] = b"QFI\xFB";

/// The bits of an entry that are a place in the file.
const PLACE: u64 = 0x00FF_FFFF_FFFF_FE00;

/// What version 3 calls incompatible features, by bit.
const FEATURES: [(u64, &str); 5] = [
    (1, "is marked as damaged: `qemu-img check -r all IMAGE` mends one"),
    (2, "keeps its data in another file"),
    (3, "is compressed by another method than deflate, which VirtualBox does not read"),
    (4, "has extended tables, which VirtualBox does not read"),
    (5, "has features that are not known here"),
];

/// Returns how large the disk is; `None` if it is none of this kind.
pub(super) fn size(image: &mut Bytes<'_>) -> Result<Option<u64>, Fault> {
    if !image.has(0, MAGIC)? {
        return Ok(None);
    }
    let header = image.peek(0, 112)?;
    image.reaches(72)?;
    let unsupported = |why| Err(Fault::Unsupported { why });
    let version = be32(&header, 4);
    if ![2, 3].contains(&version) {
        return unsupported("is of a version that is neither 2 nor 3");
    }
    if be64(&header, 8) != 0 {
        return unsupported("holds only what differs from another image (a backing file)");
    }
    if be32(&header, 32) != 0 {
        return unsupported("is encrypted");
    }
    let features = if version == 3 { be64(&header, 72) } else { 0 };
    // Bit 0: it was not closed, which only its reference counts notice.
    let told = FEATURES.iter().find(|(bit, _)| match bit {
        5 => features >> 5 != 0,
        bit => features >> bit & 1 == 1,
    });
    if let Some((_, why)) = told {
        return unsupported(why);
    }
    let (bits, size) = (be32(&header, 20), be64(&header, 24));
    if !(9..=21).contains(&bits) {
        return Err(Fault::Damaged { part: "cluster size" });
    }
    check_tables(image, 1 << bits, be64(&header, 40), be32(&header, 36))?;
    Ok(Some(size))
}

/// Refuses an image whose tables lead behind its end.
fn check_tables(image: &mut Bytes<'_>, cluster: u64, l1: u64, entries: u64) -> Result<(), Fault> {
    let table = image.read(l1, entries.saturating_mul(8))?;
    // The last cluster may be written in part.
    let end = image.length().next_multiple_of(cluster);
    let cut = |whole| Err(Fault::Cut { there: image.length(), whole });
    let mut inner = Vec::new();
    for entry in table.chunks_exact(8).map(|it| be64(it, 0) & PLACE).filter(|it| *it != 0) {
        if end < entry.saturating_add(cluster) {
            return cut(entry.saturating_add(cluster));
        }
        inner.push(entry);
    }
    for place in inner {
        let table = image.peek(place, cluster)?;
        for entry in table.chunks_exact(8).map(|it| be64(it, 0)) {
            let is_compressed = entry >> 62 & 1 == 1;
            let start = if is_compressed { compressed(entry, cluster) } else { entry & PLACE };
            let behind = start.saturating_add(if is_compressed { 1 } else { cluster });
            if start != 0 && end < behind {
                return Err(Fault::Cut { there: image.length(), whole: behind });
            }
        }
    }
    Ok(())
}

/// Returns where a compressed cluster begins.
fn compressed(entry: u64, cluster: u64) -> u64 {
    let bits = 62_u32.saturating_sub(cluster.trailing_zeros().saturating_sub(8));
    entry & ((1_u64 << bits) - 1)
}
