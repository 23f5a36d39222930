//! UDF (ECMA-167, and OSTA's UDF 1.02 to 2.01) as media are written with it: one partition, blocks
//! of 2048 bytes. Windows media are such, and their ISO 9660 side holds a note only.

use super::fault::Fault;
use super::fields::{Fields, utf16_be};
use super::image::{Image, SECTOR};
use super::tree::{Bytes, Entry, Extent, Kind, Tree};

const ANCHOR: u16 = 2;
const PARTITION: u16 = 5;
const LOGICAL_VOLUME: u16 = 6;
const TERMINATOR: u16 = 8;
const FILE_SET: u16 = 256;
const NAME: u16 = 257;
const MORE_EXTENTS: u16 = 258;
const FILE_ENTRY: u16 = 261;
const EXTENDED_FILE_ENTRY: u16 = 266;

/// Where the anchor of a volume is, in sectors.
const ANCHOR_AT: u64 = 256;

/// No folder of an installer comes near this many bytes.
const FOLDER_AT_MOST: usize = 4 * 1024 * 1024;

/// How many sectors of volume descriptors are looked at.
const DESCRIPTORS: u64 = 64;

/// How often the extents of a file may be said to go on elsewhere. A gigabyte takes one extent.
const MORE_AT_MOST: usize = 64;

/// A UDF file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Udf {
    pub(super) label: String,
    partition: Extent,
    root: Icb,
}

/// The place of a file's or folder's own entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Icb {
    block: u32,
}

/// Reads a structure with its tag, if it is one of the kind.
fn tagged(part: &'static str, bytes: &[u8], kinds: &[u16]) -> Result<u16, Fault> {
    let fields = Fields::new(part, bytes);
    let tag = fields.bytes(0, 16)?;
    let sum = tag.iter().enumerate().filter(|(place, _)| *place != 4);
    let sum = sum.fold(0u8, |sum, (_, byte)| sum.wrapping_add(*byte));
    let kind = fields.u16(0)?;
    if sum != fields.u8(4)? || !kinds.contains(&kind) {
        return Err(fields.damaged("is not marked as one"));
    }
    Ok(kind)
}

/// Reads characters as OSTA compresses them: the first byte says how.
fn compressed(bytes: &[u8]) -> String {
    match bytes {
        [8, latin @ ..] => latin.iter().copied().map(char::from).collect(),
        [16, wide @ ..] => utf16_be(wide),
        _ => String::new(),
    }
}

/// Reads such characters in a field whose last byte says how many are used.
fn compressed_field(field: &[u8]) -> String {
    let (used, text) = field.split_last().unwrap_or((&0, &[]));
    compressed(text.get(..usize::from(*used)).unwrap_or_default())
}

impl Udf {
    /// Reads the file system of an image that says it has one.
    pub(super) fn read(image: &mut Image<'_>) -> Result<Self, Fault> {
        let anchor = image.sectors(ANCHOR_AT, 1)?;
        tagged("UDF anchor", &anchor, &[ANCHOR])?;
        let fields = Fields::new("UDF anchor", &anchor);
        let sectors = u64::from(fields.u32(16)?) / SECTOR;
        let first = u64::from(fields.u32(20)?);
        let (mut partition, mut volume) = (None, None);
        for sector in first..first.saturating_add(sectors.min(DESCRIPTORS)) {
            let bytes = image.sectors(sector, 1)?;
            match Fields::new("UDF descriptor", &bytes).u16(0)? {
                TERMINATOR | 0 => break,
                PARTITION => {
                    tagged("UDF partition", &bytes, &[PARTITION])?;
                    partition = Some(self::partition(&bytes)?);
                }
                LOGICAL_VOLUME => {
                    tagged("UDF volume", &bytes, &[LOGICAL_VOLUME])?;
                    volume = Some(logical_volume(&bytes)?);
                }
                _ => {}
            }
        }
        let missing = Fault::damaged("UDF file system", "has no partition or no volume");
        let Some((partition, (label, file_set))) = partition.zip(volume) else {
            return Err(missing);
        };
        let end = partition.at.saturating_add(partition.length);
        if image.length() < end {
            return Err(Fault::Cut { there: image.length(), whole: end });
        }
        let mut udf = Self { label, partition, root: file_set };
        let set = udf.block(image, file_set.block)?;
        tagged("UDF file set", &set, &[FILE_SET])?;
        udf.root = Icb { block: Fields::new("UDF file set", &set).u32(404)? };
        Ok(udf)
    }

    fn place(&self, block: u32) -> u64 {
        self.partition.at.saturating_add(u64::from(block).saturating_mul(SECTOR))
    }

    fn block(&self, image: &mut Image<'_>, block: u32) -> Result<Vec<u8>, Fault> {
        image.read(self.place(block), 2048)
    }

    /// Adds the extents that a list of short or long descriptors names. Returns the place of those
    /// that follow it, and how many bytes they take.
    fn extents(
        &self,
        list: &[u8],
        width: usize,
        found: &mut Vec<Extent>,
    ) -> Result<Option<(u32, usize)>, Fault> {
        const LENGTH: u32 = 0x3FFF_FFFF;
        for descriptor in list.chunks_exact(width) {
            let fields = Fields::new("UDF file entry", descriptor);
            let (length, block) = (fields.u32(0)?, fields.u32(4)?);
            let (kind, length) = (length >> 30, length & LENGTH);
            match (kind, length) {
                (_, 0) => return Ok(None),
                (0, _) => found.push(Extent { at: self.place(block), length: length.into() }),
                (3, _) => return Ok(Some((block, usize::try_from(length).unwrap_or(usize::MAX)))),
                _ => {
                    return Err(Fault::Unsupported {
                        part: "UDF file entry",
                        why: "has parts that were never written",
                    });
                }
            }
        }
        Ok(None)
    }
}

/// Returns where a partition lies.
fn partition(bytes: &[u8]) -> Result<Extent, Fault> {
    let fields = Fields::new("UDF partition", bytes);
    let sectors = |at| fields.u32(at).map(|count| u64::from(count) * SECTOR);
    Ok(Extent { at: sectors(188)?, length: sectors(192)? })
}

/// Returns a volume's label, and the place of its file set.
fn logical_volume(bytes: &[u8]) -> Result<(String, Icb), Fault> {
    let fields = Fields::new("UDF volume", bytes);
    let unsupported = |why| Fault::Unsupported { part: "UDF volume", why };
    if u64::from(fields.u32(212)?) != SECTOR {
        return Err(unsupported("has blocks of another size than 2048 bytes"));
    }
    // One map of type 1: a partition as it lies on the disc.
    if fields.u32(268)? != 1 || fields.u8(440)? != 1 {
        return Err(unsupported("has virtual or several partitions"));
    }
    let label = compressed_field(fields.bytes(84, 128)?);
    Ok((label, Icb { block: fields.u32(252)? }))
}

impl Tree for Udf {
    type Handle = Icb;

    fn root(&self) -> Icb {
        self.root
    }

    fn list(&self, image: &mut Image<'_>, folder: &Icb) -> Result<Vec<Entry<Icb>>, Fault> {
        const IS_FOLDER: u8 = 2;
        const DELETED_OR_PARENT: u8 = 4 | 8;
        let bytes = self.open(image, folder)?.whole(image, "UDF folder", FOLDER_AT_MOST)?;
        let mut entries = Vec::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            tagged("UDF folder", rest, &[NAME])?;
            let fields = Fields::new("UDF folder", rest);
            let traits = fields.u8(18)?;
            let (length, used) = (usize::from(fields.u8(19)?), usize::from(fields.u16(36)?));
            let name = fields.bytes(38 + used, length)?;
            if traits & DELETED_OR_PARENT == 0 {
                let kind = if traits & IS_FOLDER == 0 { Kind::File } else { Kind::Folder };
                let handle = Icb { block: fields.u32(24)? };
                entries.push(Entry { name: compressed(name), kind, handle });
            }
            let whole = (38 + used + length).next_multiple_of(4);
            rest = rest.get(whole..).unwrap_or_default();
        }
        Ok(entries)
    }

    fn open(&self, image: &mut Image<'_>, file: &Icb) -> Result<Bytes, Fault> {
        let entry = self.block(image, file.block)?;
        let kind = tagged("UDF file entry", &entry, &[FILE_ENTRY, EXTENDED_FILE_ENTRY])?;
        let fields = Fields::new("UDF file entry", &entry);
        let lengths_at = if kind == FILE_ENTRY { 168 } else { 208 };
        let begin = (lengths_at + 8usize).saturating_add(fields.length(lengths_at)?);
        let length = fields.length(lengths_at + 4)?;
        let list = fields.bytes(begin, length)?;
        let size = fields.u64(56)?;
        let width = match fields.u16(34)? & 7 {
            0 => 8,
            1 => 16,
            // The bytes themselves stand in the entry.
            3 => {
                let at = self.place(file.block).saturating_add(u64::try_from(begin).unwrap_or(0));
                let inside = u64::try_from(length).unwrap_or(0);
                return Ok(Bytes(vec![Extent { at, length: size.min(inside) }]));
            }
            _ => return Err(fields.damaged("has extents of an unknown kind")),
        };
        let mut found = Vec::new();
        let mut next = self.extents(list, width, &mut found)?;
        for _ in 0..MORE_AT_MOST {
            let Some((block, length)) = next else { return Ok(cut_to(found, size)) };
            let more = image.read(self.place(block), length.min(2048))?;
            tagged("UDF extents", &more, &[MORE_EXTENTS])?;
            let fields = Fields::new("UDF extents", &more);
            next = self.extents(fields.bytes(24, fields.length(20)?)?, width, &mut found)?;
        }
        Err(Fault::damaged("UDF extents", "have no end"))
    }
}

/// Cuts the last extents to a file's size.
fn cut_to(mut extents: Vec<Extent>, size: u64) -> Bytes {
    let mut left = size;
    for extent in &mut extents {
        extent.length = extent.length.min(left);
        left -= extent.length;
    }
    Bytes(extents)
}
