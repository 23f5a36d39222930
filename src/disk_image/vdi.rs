//! VirtualBox's own format.

use super::bytes::{Bytes, le32, le64};
use super::fault::Fault;

const MAGIC: &[u8] = &[0x7F, 0x10, 0xDA, 0xBE];

/// What holds only differences.
const DIFFERENCE: u64 = 4;

/// Returns how large the disk is; `None` if it is none of this kind.
pub(super) fn size(image: &mut Bytes<'_>) -> Result<Option<u64>, Fault> {
    if !image.has(64, MAGIC)? {
        return Ok(None);
    }
    let header = image.read(0, 400)?;
    if le32(&header, 68) >> 16 != 1 {
        return Err(Fault::Unsupported { why: "is of a version that is not known here" });
    }
    if le32(&header, 76) == DIFFERENCE {
        let why = "holds only what differs from another image (its parent)";
        return Err(Fault::Unsupported { why });
    }
    let (data, block, allocated) = (le32(&header, 344), le32(&header, 376), le32(&header, 388));
    image.reaches(allocated.saturating_mul(block).saturating_add(data))?;
    Ok(Some(le64(&header, 368)))
}
