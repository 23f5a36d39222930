//! WIM, the format of Windows' images: its header leads to a description in XML. Only these two
//! are read. ESD and SWM files have the same header ([MS-WIM] 2.2, and wimlib's `header.h`).

use super::fault::Fault;
use super::fields::{Fields, utf16_le};
use super::image::Image;
use super::tree::Bytes;
use super::wim_xml::{self, WindowsImage};

const HEADER: usize = 208;

/// Real descriptions have some 10 KB for each edition.
const DESCRIPTION_AT_MOST: u64 = 4 * 1024 * 1024;

/// Returns the images that a file describes.
pub(super) fn images(image: &mut Image<'_>, file: &Bytes) -> Result<Vec<WindowsImage>, Fault> {
    let header = file.read(image, 0, HEADER)?;
    let fields = Fields::new("Windows image", &header);
    if fields.bytes(0, 8)? != b"MSWIM\0\0\0" || fields.length(8)? < HEADER {
        return Err(fields.damaged("is not marked as one"));
    }
    // The length shares its eight bytes with flags, of which the third says "compressed".
    let size_and_flags = fields.u64(72)?;
    let (length, is_compressed) =
        (size_and_flags & 0x00FF_FFFF_FFFF_FFFF, size_and_flags >> 58 & 1);
    if is_compressed == 1 {
        let why = "has a compressed description";
        return Err(Fault::Unsupported { part: "Windows image", why });
    }
    if length == 0 || DESCRIPTION_AT_MOST < length {
        return Err(fields.damaged("has a description of absurd length"));
    }
    let length = usize::try_from(length).unwrap_or_default();
    let description = file.read(image, fields.u64(80)?, length)?;
    let Some(text) = description.strip_prefix(&[0xFF, 0xFE]) else {
        return Err(fields.damaged("has a description that is not UTF-16"));
    };
    wim_xml::images(&utf16_le(text)).ok_or(fields.damaged("has a description that is not XML"))
}
