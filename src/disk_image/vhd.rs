//! Microsoft's first format: what it is stands at its end.

use super::bytes::{Bytes, be32, be64};
use super::fault::Fault;

const MAGIC: &[u8] = b"conectix";
const FOOTER: u64 = 512;

/// What holds only differences.
const DIFFERENCE: u64 = 4;

/// Returns how large the disk is; `None` if it is none of this kind.
pub(super) fn size(image: &mut Bytes<'_>) -> Result<Option<u64>, Fault> {
    let place = image.length().saturating_sub(FOOTER);
    let (begins, ends) = (image.has(0, MAGIC)?, image.has(place, MAGIC)?);
    if begins && !ends {
        // Where it grows, its beginning repeats its end.
        let (there, whole) = (image.length(), image.length().saturating_add(1));
        return Err(Fault::Cut { there, whole });
    }
    if !ends {
        return Ok(None);
    }
    let footer = image.read(place, FOOTER)?;
    if be32(&footer, 60) == DIFFERENCE {
        let why = "holds only what differs from another image (its parent)";
        return Err(Fault::Unsupported { why });
    }
    Ok(Some(be64(&footer, 48)))
}
