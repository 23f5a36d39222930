use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use super::fault::Fault;

/// What an image can be read from.
pub(super) trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// How many bytes are read of one image at most: folders and descriptions, never content. A
/// Windows medium takes about 1 MB.
const READ_AT_MOST: u64 = 16 * 1024 * 1024;

/// How often an image is read at most: a chain of structures that leads back to itself ends here.
const READS_AT_MOST: u32 = 20_000;

/// The size of a sector, in bytes, on every disc.
pub(super) const SECTOR: u64 = 2048;

/// An image that is read within bounds.
pub(super) struct Image<'a> {
    source: &'a mut dyn Source,
    length: u64,
    bytes_left: u64,
    reads_left: u32,
}

impl<'a> Image<'a> {
    pub(super) fn new(source: &'a mut dyn Source) -> Result<Self, Fault> {
        let length = source.seek(SeekFrom::End(0))?;
        Ok(Self { source, length, bytes_left: READ_AT_MOST, reads_left: READS_AT_MOST })
    }

    /// Returns its length in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Reads so many bytes from a place on.
    pub(super) fn read(&mut self, at: u64, length: usize) -> Result<Vec<u8>, Fault> {
        let count = u64::try_from(length).unwrap_or(u64::MAX);
        let end = at.saturating_add(count);
        if self.length < end {
            return Err(Fault::Cut { there: self.length, whole: end });
        }
        let left = self.bytes_left.checked_sub(count).zip(self.reads_left.checked_sub(1));
        let Some((bytes_left, reads_left)) = left else {
            return Err(Fault::damaged("file system", "leads to more than an installer has"));
        };
        (self.bytes_left, self.reads_left) = (bytes_left, reads_left);
        self.source.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; length];
        match self.source.read_exact(&mut bytes) {
            Ok(()) => Ok(bytes),
            // It became shorter meanwhile.
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                Err(Fault::Cut { there: at, whole: end })
            }
            Err(e) => Err(e.into()),
        }
    }

    /// Reads so many sectors from one on.
    pub(super) fn sectors(&mut self, first: u64, count: usize) -> Result<Vec<u8>, Fault> {
        self.read(first.saturating_mul(SECTOR), count.saturating_mul(2048))
    }
}

impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("length", &self.length).finish_non_exhaustive()
    }
}
