//! Writes small ISOs: ISO 9660 (ECMA-119, interchange level 2) with the names of Joliet.
//!
//! ```text
//!  sector 16  17      18   19…            …           …
//!  primary  Joliet  end  path tables  folders twice  files
//! ```
//! Both trees lead to the same files. What is written of the same files is the same, byte for
//! byte: there is no time in it.

mod hierarchy;
mod label;
#[cfg(test)]
mod tests;

use hierarchy::{Hierarchy, Spelling};
pub use label::Label;

use crate::model::Invalid;

/// The size of a sector, in bytes.
const SECTOR: usize = 2048;

/// Where the first path table is, in sectors.
const TABLES_AT: u32 = 19;

/// A file to be written: its path on the disc, parts separated by `/`, and its bytes.
pub type NewFile<'a> = (&'a str, &'a [u8]);

/// Writes an ISO with these files. Fails if a path cannot stand on a disc.
pub fn write(label: &Label, files: &[NewFile<'_>]) -> Result<Vec<u8>, Invalid> {
    let mut trees =
        [Hierarchy::of(files, Spelling::Plain)?, Hierarchy::of(files, Spelling::Joliet)?];
    let mut next = TABLES_AT;
    for tree in &mut trees {
        tree.tables_at = [next, next + tree.table_sectors()];
        next += 2 * tree.table_sectors();
    }
    for tree in &mut trees {
        next = tree.place_folders(next);
    }
    let mut files_at = Vec::new();
    for (_, bytes) in files {
        files_at.push(next);
        next += sectors(bytes.len());
    }
    let mut disc = Disc(vec![0; 16 * SECTOR]);
    for tree in &trees {
        disc.sector(&volume(label, tree, next));
    }
    disc.sector(&terminator());
    for tree in &trees {
        disc.sector(&tree.path_table(u32::to_le_bytes, u16::to_le_bytes));
        disc.sector(&tree.path_table(u32::to_be_bytes, u16::to_be_bytes));
    }
    for tree in &trees {
        for folder in tree.folders(files, &files_at) {
            disc.sector(&folder);
        }
    }
    for (_, bytes) in files {
        disc.sector(bytes);
    }
    Ok(disc.0)
}

/// Returns how many sectors so many bytes take.
fn sectors(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(SECTOR)).unwrap_or(u32::MAX)
}

/// The bytes of a disc, so far.
struct Disc(Vec<u8>);

impl Disc {
    /// Adds bytes, and zeros up to the end of their last sector.
    fn sector(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(SECTOR), 0);
    }
}

/// Writes a number with the least significant byte first, then with the most significant.
fn both32(value: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    let (little, big) = bytes.split_at_mut(4);
    little.copy_from_slice(&value.to_le_bytes());
    big.copy_from_slice(&value.to_be_bytes());
    bytes
}

/// Writes a number with the least significant byte first, then with the most significant.
fn both16(value: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (value.to_le_bytes(), value.to_be_bytes());
    [a, b, c, d]
}

/// A volume descriptor, which grows from its beginning.
struct Fields(Vec<u8>);

impl Fields {
    fn put(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Fills up to a place: positions of the standard are counted from 1.
    fn fill(mut self, to: usize, with: &[u8]) -> Self {
        let missing = (to - 1).saturating_sub(self.0.len());
        self.0.extend(with.iter().copied().cycle().take(missing));
        self
    }
}

/// Describes a tree (ECMA-119 8.4 and 8.5; Joliet's escape sequence for UCS-2, level 3).
fn volume(label: &Label, tree: &Hierarchy, sectors: u32) -> Vec<u8> {
    // The fields that name files of the disc have an odd length, which UTF-16 cannot fill.
    let (kind, escape, blank, file_blank): (u8, &[u8], &[u8], &[u8]) = match tree.spelling {
        Spelling::Plain => (1, b"", b" ", b" "),
        Spelling::Joliet => (2, b"%/E", b"\0 ", b"\0"),
    };
    let [le, be] = tree.tables_at;
    let no_time = [[b'0'; 16].as_slice(), &[0]].concat();
    Fields(vec![kind])
        .put(b"CD001\x01\0")
        .fill(41, blank)
        .put(&label.spelled(tree.spelling))
        .fill(73, blank)
        .fill(81, &[0])
        .put(&both32(sectors))
        .put(escape)
        .fill(121, &[0])
        .put(&both16(1))
        .put(&both16(1))
        .put(&both16(2048))
        .put(&both32(tree.table_length()))
        .put(&le.to_le_bytes())
        .fill(149, &[0])
        .put(&be.to_be_bytes())
        .fill(157, &[0])
        .put(&tree.root_record())
        .fill(703, blank)
        .fill(814, file_blank)
        .put(&no_time.repeat(4))
        .put(&[1])
        .fill(2049, &[0])
        .0
}

fn terminator() -> Vec<u8> {
    Fields(vec![255]).put(b"CD001\x01").fill(2049, &[0]).0
}
