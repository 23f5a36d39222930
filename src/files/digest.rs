use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sha2::Digest as _;
use sha2::Sha256;

use crate::error::{self, Error, ErrorKind};
use crate::model::{Invalid, hex};

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// The SHA-256 of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Reads to the end and returns the digest of what came, and how much that was.
    pub fn of(mut from: impl Read) -> io::Result<(Self, u64)> {
        let (mut hasher, mut length) = (Sha256::new(), 0);
        let mut piece = vec![0; PIECE];
        loop {
            let count = match from.read(&mut piece) {
                Ok(0) => return Ok((Self(hasher.finalize().into()), length)),
                Ok(count) => count,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            hasher.update(piece.get(..count).unwrap_or_default());
            length += u64::try_from(count).unwrap_or(u64::MAX);
        }
    }

    /// Returns the digest of bytes.
    pub fn of_bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the digest of the first bytes of a file of this host. Fails if it is shorter.
    pub async fn of_file(file: &Path, length: u64) -> Result<Self, Error> {
        let path: PathBuf = file.to_owned();
        let read = tokio::task::spawn_blocking(move || Self::of(File::open(path)?.take(length)));
        let read = read.await.unwrap_or_else(|died| Err(io::Error::other(died)));
        let what = format!("read `{}`", file.display());
        let (digest, there) = read.map_err(|e| error::io(what, e))?;
        if there == length {
            return Ok(digest);
        }
        Err(changed(&file.display().to_string()))
    }
}

/// Builds the failure of a file that changes while it is copied.
pub(super) fn changed(file: &str) -> Error {
    Error::new(ErrorKind::Io, format!("`{file}` changed while it was copied"))
        .hint("copy it again when nobody writes to it")
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl FromStr for Digest {
    type Err = Invalid;

    /// Reads the first word of a line as `sha256sum` prints it.
    fn from_str(line: &str) -> Result<Self, Invalid> {
        let refuse = || Invalid::new("SHA-256", line, "is not 64 hexadecimal digits");
        // A backslash marks a file name that is escaped.
        let word = line.split_whitespace().next().unwrap_or_default().trim_start_matches('\\');
        let mut bytes = [0; 32];
        if word.len() != 64 || !word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refuse());
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            let two = word.get(place * 2..place * 2 + 2).ok_or_else(refuse)?;
            *byte = u8::from_str_radix(two, 16).map_err(|_not_hex| refuse())?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Digest;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn nothing_has_the_well_known_digest() {
        let (digest, length) = Digest::of(&b""[..]).unwrap();
        assert_eq!((digest.to_string().as_str(), length), (EMPTY, 0));
        assert_eq!(format!("{EMPTY}  -\n").parse(), Ok(digest));
    }

    #[tokio::test]
    async fn a_file_that_is_shorter_than_it_was_has_changed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        assert!(Digest::of_file(file.path(), 3).await.is_ok());
        assert!(Digest::of_file(file.path(), 4).await.is_err());
    }

    proptest! {
        #[test]
        fn a_digest_reads_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let (digest, length) = Digest::of(bytes.as_slice()).unwrap();
            prop_assert_eq!(usize::try_from(length).unwrap(), bytes.len());
            prop_assert_eq!(digest.to_string().parse(), Ok(digest));
        }

        #[test]
        fn no_line_makes_it_panic(line in "\\PC{0,80}") {
            drop(line.parse::<Digest>());
        }
    }
}
