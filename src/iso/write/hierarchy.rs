use std::collections::{BTreeMap, BTreeSet};

use super::{NewFile, SECTOR, both16, both32, sectors};
use crate::model::Invalid;

/// How names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Capital letters, digits and `_`, and a version.
    Plain,
    /// UTF-16.
    Joliet,
}

impl Spelling {
    /// Returns the bytes of a text.
    pub(super) fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Plain => text.as_bytes().to_vec(),
            Self::Joliet => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

/// A folder: what it holds, by the names on the disc, in their order.
#[derive(Debug, Default)]
struct Folder {
    name: Vec<u8>,
    parent: usize,
    /// The numbers of files, by name.
    files: BTreeMap<Vec<u8>, usize>,
    /// The numbers of folders, by name.
    folders: BTreeMap<Vec<u8>, usize>,
    sector: u32,
}

/// The folders of a disc in one spelling, the outermost first, then level by level.
#[derive(Debug)]
pub(super) struct Hierarchy {
    pub(super) spelling: Spelling,
    pub(super) tables_at: [u32; 2],
    folders: Vec<Folder>,
}

/// What is in a folder: the rest of paths, and the numbers of their files.
type Inside<'a> = BTreeMap<Vec<&'a str>, usize>;

/// How long a part of a path may be: Joliet's limit.
const LONGEST: usize = 64;
/// How deep folders may be: the standard's limit.
const DEEPEST: usize = 8;

impl Hierarchy {
    /// Builds the folders that files lie in.
    pub(super) fn of(files: &[NewFile<'_>], spelling: Spelling) -> Result<Self, Invalid> {
        let mut paths = BTreeMap::new();
        for (place, (path, _)) in files.iter().enumerate() {
            let parts: Vec<&str> = path.split('/').collect();
            check(path, &parts)?;
            if paths.insert(parts, place).is_some() {
                return Err(Invalid::new("path", path, "is there twice"));
            }
        }
        let mut tree = Self { spelling, tables_at: [0; 2], folders: vec![Folder::default()] };
        let mut levels: Vec<(usize, Inside<'_>)> = vec![(0, paths)];
        while !levels.is_empty() {
            let mut deeper = Vec::new();
            for (number, inside) in std::mem::take(&mut levels) {
                deeper.extend(tree.fill(number, inside)?);
            }
            levels = deeper;
        }
        Ok(tree)
    }

    /// Puts things into a folder; returns its new folders, with what is in them.
    fn fill<'a>(
        &mut self,
        number: usize,
        inside: Inside<'a>,
    ) -> Result<Vec<(usize, Inside<'a>)>, Invalid> {
        let mut files: BTreeMap<&str, usize> = BTreeMap::new();
        let mut folders: BTreeMap<&str, Inside<'a>> = BTreeMap::new();
        for (parts, place) in inside {
            match parts.as_slice() {
                [] => {}
                [name] => drop(files.insert(name, place)),
                [name, rest @ ..] => {
                    folders.entry(name).or_default().insert(rest.to_vec(), place);
                }
            }
        }
        if let Some(name) = folders.keys().find(|name| files.contains_key(*name)) {
            return Err(Invalid::new("path", name, "is both a file and a folder"));
        }
        let mut taken = BTreeSet::new();
        for (name, place) in files {
            let name = self.spelled(name, ";1", &mut taken);
            self.change(number, |folder| folder.files.extend([(name, place)]));
        }
        let mut named = BTreeMap::new();
        for (name, inside) in folders {
            named.insert(self.spelled(name, "", &mut taken), inside);
        }
        let mut new = Vec::new();
        for (name, inside) in named {
            let child = self.folders.len();
            self.change(number, |folder| folder.folders.extend([(name.clone(), child)]));
            self.folders.push(Folder { name, parent: number, ..Folder::default() });
            new.push((child, inside));
        }
        Ok(new)
    }

    fn change(&mut self, number: usize, how: impl FnOnce(&mut Folder)) {
        if let Some(folder) = self.folders.get_mut(number) {
            how(folder);
        }
    }

    /// Spells a name so that no other in its folder is the same.
    fn spelled(&self, name: &str, version: &str, taken: &mut BTreeSet<Vec<u8>>) -> Vec<u8> {
        let mut spelled = match self.spelling {
            Spelling::Plain => plain(name, 0),
            Spelling::Joliet => name.to_owned(),
        };
        let mut count = 0;
        while !taken.insert(spelled.clone().into_bytes()) {
            count += 1;
            spelled = plain(name, count);
        }
        self.spelling.bytes(&(spelled + version))
    }

    pub(super) fn table_length(&self) -> u32 {
        u32::try_from(self.path_table(u32::to_le_bytes, u16::to_le_bytes).len()).unwrap_or(u32::MAX)
    }

    pub(super) fn table_sectors(&self) -> u32 {
        sectors(self.path_table(u32::to_le_bytes, u16::to_le_bytes).len())
    }

    /// Gives every folder its place, and returns the first sector after them.
    pub(super) fn place_folders(&mut self, mut next: u32) -> u32 {
        let lengths: Vec<usize> = self.folders.iter().map(Folder::length).collect();
        for (folder, length) in self.folders.iter_mut().zip(lengths) {
            folder.sector = next;
            next += sectors(length);
        }
        next
    }

    /// Writes the table of all folders (ECMA-119 9.4), numbers as they are wanted.
    pub(super) fn path_table(
        &self,
        number32: fn(u32) -> [u8; 4],
        number16: fn(u16) -> [u8; 2],
    ) -> Vec<u8> {
        let mut table = Vec::new();
        for folder in &self.folders {
            let name = if folder.name.is_empty() { &[0] } else { folder.name.as_slice() };
            table.extend([u8::try_from(name.len()).unwrap_or(u8::MAX), 0]);
            table.extend(number32(folder.sector));
            table.extend(number16(u16::try_from(folder.parent + 1).unwrap_or(u16::MAX)));
            table.extend(name);
            table.extend((name.len() % 2 == 1).then_some(0));
        }
        table
    }

    pub(super) fn root_record(&self) -> Vec<u8> {
        self.folders.first().map(|root| root.record(&[0])).unwrap_or_default()
    }

    /// Writes every folder.
    pub(super) fn folders(&self, files: &[NewFile<'_>], files_at: &[u32]) -> Vec<Vec<u8>> {
        self.folders.iter().map(|folder| self.folder(folder, files, files_at)).collect()
    }

    fn folder(&self, folder: &Folder, files: &[NewFile<'_>], files_at: &[u32]) -> Vec<u8> {
        let parent = self.folders.get(folder.parent).unwrap_or(folder);
        let mut inside: BTreeMap<&[u8], Vec<u8>> = BTreeMap::new();
        for (name, number) in &folder.folders {
            inside.extend(self.folders.get(*number).map(|it| (name.as_slice(), it.record(name))));
        }
        for (name, place) in &folder.files {
            let (sector, (_, bytes)) = match (files_at.get(*place), files.get(*place)) {
                (Some(sector), Some(file)) => (*sector, *file),
                (_, _) => continue,
            };
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            inside.insert(name, record(name, sector, length, 0));
        }
        let mut bytes = [folder.record(&[0]), parent.record(&[1])].concat();
        for record in inside.into_values() {
            if SECTOR < bytes.len() % SECTOR + record.len() {
                bytes.resize(bytes.len().next_multiple_of(SECTOR), 0);
            }
            bytes.extend(record);
        }
        bytes
    }
}

impl Folder {
    /// Returns how many bytes its records take, with those that fill the ends of sectors.
    fn length(&self) -> usize {
        let own = 2 * record_length(1);
        let names: BTreeSet<&Vec<u8>> = self.folders.keys().chain(self.files.keys()).collect();
        let mut length = own;
        for name in names {
            let record = record_length(name.len());
            if SECTOR < length % SECTOR + record {
                length = length.next_multiple_of(SECTOR);
            }
            length += record;
        }
        length.next_multiple_of(SECTOR)
    }

    fn record(&self, name: &[u8]) -> Vec<u8> {
        record(name, self.sector, u32::try_from(self.length()).unwrap_or(u32::MAX), 2)
    }
}

fn record_length(name: usize) -> usize {
    (33 + name).next_multiple_of(2)
}

/// Writes a record of a folder (ECMA-119 9.1).
fn record(name: &[u8], sector: u32, length: u32, flags: u8) -> Vec<u8> {
    let whole = record_length(name.len());
    let mut record = vec![u8::try_from(whole).unwrap_or(u8::MAX), 0];
    record.extend(both32(sector));
    record.extend(both32(length));
    record.extend([0; 7]);
    record.extend([flags, 0, 0]);
    record.extend(both16(1));
    record.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
    record.extend(name);
    record.resize(whole, 0);
    record
}

/// Refuses a path that a disc cannot hold.
fn check(path: &str, parts: &[&str]) -> Result<(), Invalid> {
    let refuse = |why| Err(Invalid::new("path", path, why));
    let is_odd = |c: char| c.is_control() || matches!(c, '*' | ':' | ';' | '?' | '\\');
    if DEEPEST < parts.len() {
        return refuse("has more than 8 parts");
    }
    for part in parts {
        if part.is_empty() || *part == "." || *part == ".." {
            return refuse("has a part that is no name");
        }
        if LONGEST < part.encode_utf16().count() {
            return refuse("has a part of more than 64 characters");
        }
        if part.contains(is_odd) {
            return refuse("has a character that cannot stand on a disc");
        }
    }
    Ok(())
}

/// Returns a name in capital letters, digits and `_`, of at most 30 characters; a count other than
/// 0 makes it another.
fn plain(name: &str, count: u32) -> String {
    let allowed = |c: char| match c.to_ascii_uppercase() {
        c @ ('A'..='Z' | '0'..='9') => c,
        _ => '_',
    };
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension: String = extension.chars().take(8).map(allowed).collect();
    let count = if count == 0 { String::new() } else { format!("_{count}") };
    let room = 30 - 1 - extension.len() - count.len();
    let stem: String = stem.chars().take(room).map(allowed).collect();
    match extension.as_str() {
        "" => format!("{stem}{count}"),
        extension => format!("{stem}{count}.{extension}"),
    }
}
