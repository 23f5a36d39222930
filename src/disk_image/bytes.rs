use std::io::{Read, Seek, SeekFrom};

use super::fault::Fault;
use crate::iso;

/// What an image can be read from.
pub(super) trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// How many bytes are read of one image at most: the tables of a terabyte.
const READ_AT_MOST: u64 = 256 * 1024 * 1024;

/// The longest piece that is read at once.
const PIECE: u64 = 8 * 1024 * 1024;

/// The bytes of an image, read within bounds.
pub(super) struct Bytes<'a> {
    source: &'a mut dyn Source,
    length: u64,
    left: u64,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(source: &'a mut dyn Source) -> Result<Self, Fault> {
        let length = source.seek(SeekFrom::End(0))?;
        Ok(Self { source, length, left: READ_AT_MOST })
    }

    /// Returns how long it is.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Refuses it if it ends before this place.
    pub(super) fn reaches(&self, end: u64) -> Result<(), Fault> {
        if end <= self.length {
            return Ok(());
        }
        Err(Fault::Cut { there: self.length, whole: end })
    }

    /// Reads so many bytes from a place on.
    pub(super) fn read(&mut self, at: u64, count: u64) -> Result<Vec<u8>, Fault> {
        self.reaches(at.saturating_add(count))?;
        self.left = match self.left.checked_sub(count) {
            Some(left) if count <= PIECE => left,
            Some(_) | None => return Err(Fault::Damaged { part: "tables" }),
        };
        self.source.seek(SeekFrom::Start(at))?;
        let length =
            usize::try_from(count).map_err(|_too_long| Fault::Damaged { part: "tables" })?;
        let mut bytes = vec![0; length];
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the bytes at a place, or as many of them as there are.
    pub(super) fn peek(&mut self, at: u64, count: u64) -> Result<Vec<u8>, Fault> {
        match self.length.saturating_sub(at).min(count) {
            0 => Ok(Vec::new()),
            there => self.read(at, there),
        }
    }

    /// Returns whether these bytes stand at a place.
    pub(super) fn has(&mut self, at: u64, mark: &[u8]) -> Result<bool, Fault> {
        let count = u64::try_from(mark.len()).unwrap_or(u64::MAX);
        Ok(self.peek(at, count)? == mark)
    }

    /// Tells what a file is that is none of the images of disks.
    pub(super) fn foreign(&mut self) -> Result<&'static str, Fault> {
        Ok(iso::recognised(&self.peek(0, 512)?))
    }
}

impl std::fmt::Debug for Bytes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bytes").field("length", &self.length).finish_non_exhaustive()
    }
}

/// Returns the bytes of a number at a place; a header that is too short has zeros there.
fn number<const N: usize>(header: &[u8], at: usize) -> [u8; N] {
    let found = header.get(at..).and_then(|it| it.first_chunk::<N>());
    found.copied().unwrap_or([0; N])
}

pub(super) fn le32(header: &[u8], at: usize) -> u64 {
    u64::from(u32::from_le_bytes(number(header, at)))
}

pub(super) fn le64(header: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(number(header, at))
}

pub(super) fn be32(header: &[u8], at: usize) -> u64 {
    u64::from(u32::from_be_bytes(number(header, at)))
}

pub(super) fn be64(header: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(number(header, at))
}
