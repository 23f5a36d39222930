use std::fmt;

use super::el_torito::{self, BootKind};
use super::fault::Fault;
use super::foreign;
use super::image::{Image, SECTOR};
use super::iso9660::{Descriptor, Iso9660, Names};
use super::tree::{Bytes, Kind, Tree};
use super::udf::Udf;

/// The first sector that describes volumes.
const FIRST: u64 = 16;

/// How many sectors describe volumes at most; real discs have four to eight.
const DESCRIPTORS: u64 = 32;

/// A file system of discs, or names that one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileSystem {
    /// ISO 9660.
    Iso9660,
    /// ISO 9660 with the names of Windows.
    Joliet,
    /// ISO 9660 with the names of Unix.
    RockRidge,
    /// UDF.
    Udf,
}

impl fmt::Display for FileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Iso9660 => "iso9660",
            Self::Joliet => "joliet",
            Self::RockRidge => "rock-ridge",
            Self::Udf => "udf",
        })
    }
}

/// What a disc is, whatever it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Its name.
    pub label: String,
    /// How many bytes its file has.
    pub size: u64,
    /// Its file systems.
    pub file_systems: Vec<FileSystem>,
    /// Which firmware can boot it.
    pub boot: Vec<BootKind>,
}

/// A disc whose files can be looked up.
#[derive(Debug)]
pub(super) struct Disc {
    pub(super) volume: Volume,
    iso9660: Option<Iso9660>,
    udf: Option<Udf>,
}

/// What the sectors at a disc's beginning describe.
#[derive(Debug, Default)]
struct Described {
    primary: Option<Descriptor>,
    joliet: Option<Descriptor>,
    catalogue: Option<u64>,
    has_udf: bool,
}

impl Disc {
    /// Reads what an image says of itself.
    pub(super) fn read(image: &mut Image<'_>) -> Result<Self, Fault> {
        let described = Described::read(image)?;
        if described.primary.is_none() && !described.has_udf {
            return Err(foreign::fault(image));
        }
        let mut file_systems = Vec::new();
        let udf = if described.has_udf { Some(Udf::read(image)?) } else { None };
        let mut iso9660 = None;
        if let Some(primary) = &described.primary {
            if image.length() < primary.size {
                return Err(Fault::Cut { there: image.length(), whole: primary.size });
            }
            file_systems.push(FileSystem::Iso9660);
            let joliet = described.joliet.as_ref();
            file_systems.extend(joliet.map(|_| FileSystem::Joliet));
            let rock_ridge = primary.rock_ridge(image)?;
            file_systems.extend(rock_ridge.map(|_| FileSystem::RockRidge));
            iso9660 = Some(match (rock_ridge, joliet) {
                (Some(names), _) => primary.tree(names),
                (None, Some(joliet)) => joliet.tree(Names::Joliet),
                (None, None) => primary.tree(Names::Plain),
            });
        }
        file_systems.extend(udf.as_ref().map(|_| FileSystem::Udf));
        let boot = match described.catalogue {
            Some(sector) => el_torito::boot_kinds(image, sector)?,
            None => Vec::new(),
        };
        // The label that people see: of the richest names.
        let labels = [
            udf.as_ref().map(|it| &it.label),
            described.joliet.as_ref().map(|it| &it.label),
            described.primary.as_ref().map(|it| &it.label),
        ];
        // Joliet's has room for 16 characters only.
        let label = labels.into_iter().flatten().max_by_key(|label| label.chars().count());
        let label = label.cloned().unwrap_or_default();
        let volume = Volume { label, size: image.length(), file_systems, boot };
        Ok(Self { volume, iso9660, udf })
    }

    /// Looks a file up, on the richer side of the disc first.
    pub(super) fn file(&self, image: &mut Image<'_>, path: &str) -> Result<Option<Bytes>, Fault> {
        let on_udf = self.udf.as_ref().map(|tree| open(tree, image, path)).transpose()?;
        if let Some(found) = on_udf.flatten() {
            return Ok(Some(found));
        }
        let on_iso9660 = self.iso9660.as_ref().map(|tree| open(tree, image, path)).transpose()?;
        Ok(on_iso9660.flatten())
    }

    /// Looks a file up that holds text, of at most 64 KB.
    pub(super) fn text(&self, image: &mut Image<'_>, path: &str) -> Result<Option<String>, Fault> {
        const AT_MOST: usize = 64 * 1024;
        let Some(file) = self.file(image, path)? else { return Ok(None) };
        let bytes = file.whole(image, "description of itself", AT_MOST)?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

fn open(tree: &impl Tree, image: &mut Image<'_>, path: &str) -> Result<Option<Bytes>, Fault> {
    match tree.find(image, path)? {
        Some(entry) if entry.kind == Kind::File => tree.open(image, &entry.handle).map(Some),
        Some(_) | None => Ok(None),
    }
}

impl Described {
    fn read(image: &mut Image<'_>) -> Result<Self, Fault> {
        const BOOT: u8 = 0;
        const PRIMARY: u8 = 1;
        const SUPPLEMENTARY: u8 = 2;
        let mut described = Self::default();
        let whole = image.length() / SECTOR;
        for sector in FIRST..whole.min(FIRST + DESCRIPTORS) {
            let bytes = image.sectors(sector, 1)?;
            match (bytes.first(), bytes.get(1..6)) {
                (Some(&BOOT), Some(b"CD001")) => {
                    described.catalogue = described.catalogue.or(el_torito::catalogue(&bytes)?);
                }
                (Some(&PRIMARY), Some(b"CD001")) if described.primary.is_none() => {
                    described.primary = Some(Descriptor::read(&bytes, Names::Plain)?);
                }
                (Some(&SUPPLEMENTARY), Some(b"CD001")) if is_joliet(&bytes) => {
                    described.joliet = Some(Descriptor::read(&bytes, Names::Joliet)?);
                }
                (_, Some(b"NSR02" | b"NSR03")) => described.has_udf = true,
                (_, Some(b"CD001" | b"BEA01" | b"TEA01" | b"BOOT2")) => {}
                _ => break,
            }
        }
        Ok(described)
    }
}

/// Returns whether a supplementary descriptor's names are those of Joliet, of any level.
fn is_joliet(descriptor: &[u8]) -> bool {
    matches!(descriptor.get(88..91), Some([b'%', b'/', b'@' | b'C' | b'E']))
}
