//! ISO 9660 (ECMA-119) with the names of Joliet and of Rock Ridge (SUSP 1.12, RRIP 1.12).

use super::fault::Fault;
use super::fields::{Fields, utf16_be};
use super::image::{Image, SECTOR};
use super::tree::{Bytes, Entry, Extent, Kind, Tree};

const FOLDER: &str = "folder";

/// No folder of an installer comes near this many bytes.
const FOLDER_AT_MOST: usize = 4 * 1024 * 1024;

/// How many continuations the fields of one name may have.
const CONTINUATIONS: u32 = 8;

/// How names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// As ISO 9660 has them: few capital letters, a version.
    Plain,
    /// UTF-16.
    Joliet,
    /// In the fields after a record, of which so many bytes are skipped.
    RockRidge {
        /// How many.
        skipped: usize,
    },
}

/// The file system that a volume descriptor leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Iso9660 {
    root: Bytes,
    names: Names,
}

/// A volume descriptor.
#[derive(Debug, Clone)]
pub(super) struct Descriptor {
    pub(super) label: String,
    /// How many bytes the volume has.
    pub(super) size: u64,
    root: Bytes,
}

impl Descriptor {
    /// Reads a primary descriptor, or a supplementary one with the names of Joliet.
    pub(super) fn read(sector: &[u8], names: Names) -> Result<Self, Fault> {
        let fields = Fields::new("volume descriptor", sector);
        if u64::from(fields.u16(128)?) != SECTOR {
            return Err(Fault::Unsupported {
                part: "volume descriptor",
                why: "has blocks of another size than 2048 bytes",
            });
        }
        let label = fields.bytes(40, 32)?;
        let label = match names {
            Names::Joliet => utf16_be(label),
            Names::Plain | Names::RockRidge { .. } => String::from_utf8_lossy(label).into_owned(),
        };
        let label = label.trim_end_matches([' ', '\0']).to_owned();
        let root = Record::read(fields.bytes(156, 34)?)?;
        let size = u64::from(fields.u32(80)?).saturating_mul(SECTOR);
        Ok(Self { label, size, root: Bytes(vec![root.extent]) })
    }

    /// Returns the file system with names as they are written in it.
    pub(super) fn tree(&self, names: Names) -> Iso9660 {
        Iso9660 { root: self.root.clone(), names }
    }

    /// Looks for Rock Ridge: its mark is in the fields of the outermost folder's own record.
    pub(super) fn rock_ridge(&self, image: &mut Image<'_>) -> Result<Option<Names>, Fault> {
        let first = self.root.read(image, 0, usize::try_from(SECTOR).unwrap_or_default())?;
        let record = Record::read(&first)?;
        let fields = Fields::new("folder", record.after_name);
        let has_mark =
            fields.bytes(0, 7).is_ok_and(|mark| matches!(mark, [b'S', b'P', 7, 1, 0xBE, 0xEF, _]));
        if !has_mark {
            return Ok(None);
        }
        let skipped = usize::from(fields.u8(6)?);
        // SUSP alone names nothing: an `ER` or `RR` field of Rock Ridge must say so.
        let fields = every_field(image, record.after_name, 0)?;
        let is_rock_ridge = fields.iter().any(|(mark, _)| matches!(mark, b"ER" | b"RR" | b"PX"));
        Ok(is_rock_ridge.then_some(Names::RockRidge { skipped }))
    }
}

/// A record of a folder.
struct Record<'a> {
    extent: Extent,
    flags: u8,
    name: &'a [u8],
    after_name: &'a [u8],
}

impl<'a> Record<'a> {
    const FOLDER: u8 = 2;
    const GOES_ON: u8 = 0x80;

    fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let fields = Fields::new("folder", bytes);
        let length = usize::from(fields.u8(0)?);
        let fields = Fields::new("folder", fields.bytes(0, length)?);
        let name_length = usize::from(fields.u8(32)?);
        let name = fields.bytes(33, name_length)?;
        // A name of even length is followed by a byte that fills.
        let after = 33 + name_length + (name_length + 1) % 2;
        let after_name = bytes.get(after..length).unwrap_or_default();
        let attributes = u64::from(fields.u8(1)?);
        let at = (u64::from(fields.u32(2)?) + attributes) * SECTOR;
        let extent = Extent { at, length: u64::from(fields.u32(10)?) };
        Ok(Self { extent, flags: fields.u8(25)?, name, after_name })
    }
}

impl Iso9660 {
    fn name(&self, image: &mut Image<'_>, record: &Record<'_>) -> Result<String, Fault> {
        Ok(match self.names {
            Names::Plain => plain(&String::from_utf8_lossy(record.name)),
            Names::Joliet => plain(&utf16_be(record.name)),
            Names::RockRidge { skipped } => {
                let fields = every_field(image, record.after_name, skipped)?;
                let parts = fields.iter().filter(|(mark, _)| mark == b"NM");
                let name: Vec<u8> = parts
                    .flat_map(|(_, content)| content.get(1..).unwrap_or_default())
                    .copied()
                    .collect();
                if name.is_empty() {
                    plain(&String::from_utf8_lossy(record.name))
                } else {
                    String::from_utf8_lossy(&name).into_owned()
                }
            }
        })
    }
}

/// Takes the version off a name, and the point of a name without an extension.
fn plain(name: &str) -> String {
    let name = name.split_once(';').map_or(name, |(name, _)| name);
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// A field after a record's name: its mark and its content.
type Field = ([u8; 2], Vec<u8>);

/// Reads the fields after a record's name, those that stand elsewhere too.
fn every_field(image: &mut Image<'_>, area: &[u8], skipped: usize) -> Result<Vec<Field>, Fault> {
    let mut found = Vec::new();
    let mut area = area.get(skipped..).unwrap_or_default().to_vec();
    for _ in 0..CONTINUATIONS {
        let mut rest = area.as_slice();
        let mut next = None;
        while let [first, second, length, _version, ..] = rest {
            let Some(content) = rest.get(4..usize::from(*length)) else { break };
            match [*first, *second] {
                [b'C', b'E'] => {
                    let fields = Fields::new("folder", content);
                    let at = u64::from(fields.u32(0)?) * SECTOR + u64::from(fields.u32(8)?);
                    next = Some((at, fields.length(16)?));
                }
                [b'S', b'T'] => break,
                mark => found.push((mark, content.to_vec())),
            }
            rest = rest.get(usize::from(*length)..).unwrap_or_default();
        }
        match next {
            Some((at, length)) if length <= 2048 => area = image.read(at, length)?,
            Some(_) => return Err(Fault::damaged(FOLDER, "has a name of absurd length")),
            None => return Ok(found),
        }
    }
    Err(Fault::damaged(FOLDER, "has a name without an end"))
}

impl Tree for Iso9660 {
    type Handle = Bytes;

    fn root(&self) -> Bytes {
        self.root.clone()
    }

    fn list(&self, image: &mut Image<'_>, folder: &Bytes) -> Result<Vec<Entry<Bytes>>, Fault> {
        let bytes = folder.whole(image, FOLDER, FOLDER_AT_MOST)?;
        let mut entries: Vec<Entry<Bytes>> = Vec::new();
        let mut goes_on = false;
        // No record crosses the end of a sector; zeros fill what is left of it.
        for sector in bytes.chunks(2048) {
            let mut rest = sector;
            while let Some(length @ 1..) = rest.first() {
                let record = Record::read(rest)?;
                rest = rest.get(usize::from(*length)..).unwrap_or_default();
                // The folder itself, and the one that it is in.
                if matches!(record.name, [0 | 1]) {
                    continue;
                }
                match entries.last_mut() {
                    Some(last) if goes_on => last.handle.0.push(record.extent),
                    Some(_) | None => {
                        let is_folder = record.flags & Record::FOLDER != 0;
                        let kind = if is_folder { Kind::Folder } else { Kind::File };
                        let name = self.name(image, &record)?;
                        let handle = Bytes(vec![record.extent]);
                        entries.push(Entry { name, kind, handle });
                    }
                }
                goes_on = record.flags & Record::GOES_ON != 0;
            }
        }
        Ok(entries)
    }

    fn open(&self, _image: &mut Image<'_>, file: &Bytes) -> Result<Bytes, Fault> {
        Ok(file.clone())
    }
}
