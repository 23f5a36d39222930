use super::fault::Fault;

/// The bytes of a structure on a disc, and its name for failures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    part: &'static str,
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { part, bytes }
    }

    /// Returns so many bytes from a place on.
    pub(super) fn bytes(self, at: usize, length: usize) -> Result<&'a [u8], Fault> {
        let end = at.checked_add(length);
        let found = end.and_then(|end| self.bytes.get(at..end));
        found.ok_or(Fault::damaged(self.part, "is too short"))
    }

    pub(super) fn u8(self, at: usize) -> Result<u8, Fault> {
        Ok(u8::from_le_bytes(self.array(at)?))
    }

    pub(super) fn u16(self, at: usize) -> Result<u16, Fault> {
        Ok(u16::from_le_bytes(self.array(at)?))
    }

    pub(super) fn u32(self, at: usize) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(self.array(at)?))
    }

    pub(super) fn u64(self, at: usize) -> Result<u64, Fault> {
        Ok(u64::from_le_bytes(self.array(at)?))
    }

    /// Returns a number that counts bytes in memory.
    pub(super) fn length(self, at: usize) -> Result<usize, Fault> {
        usize::try_from(self.u32(at)?).map_err(|_too_large| self.damaged("is too long"))
    }

    pub(super) fn damaged(self, why: &'static str) -> Fault {
        Fault::damaged(self.part, why)
    }

    fn array<const N: usize>(self, at: usize) -> Result<[u8; N], Fault> {
        let bytes = self.bytes(at, N)?;
        bytes.try_into().map_err(|_wrong_length| self.damaged("is too short"))
    }
}

/// Reads UTF-16 with the most significant byte first; what is not Unicode is replaced.
pub(super) fn utf16_be(bytes: &[u8]) -> String {
    utf16(bytes, u16::from_be_bytes)
}

/// Reads UTF-16 with the least significant byte first; what is not Unicode is replaced.
pub(super) fn utf16_le(bytes: &[u8]) -> String {
    utf16(bytes, u16::from_le_bytes)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _odd) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
