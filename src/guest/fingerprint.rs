use std::fmt;

use sha2::Digest;
use sha2::Sha256;

use super::base64;

/// A host key as people compare it: its algorithm and the SHA-256 of the key, written as OpenSSH
/// writes it (`ssh-ed25519 SHA256:…`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    algorithm: String,
    digest: String,
}

impl Fingerprint {
    /// Takes the fingerprint of a key as it came over the wire, where its algorithm stands first.
    pub(super) fn of(key: &[u8]) -> Self {
        let name = key.split_first_chunk::<4>().and_then(|(length, rest)| {
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            let name = str::from_utf8(rest.get(..length)?).ok()?;
            let plain = |c: char| c.is_ascii_alphanumeric() || "-@.".contains(c);
            (!name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
        });
        let algorithm = name.unwrap_or_else(|| "unknown".to_owned());
        Self { algorithm, digest: format!("SHA256:{}", base64::unpadded(&Sha256::digest(key))) }
    }

    /// Reads one back from its text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (algorithm, digest) = text.trim_end().split_once(' ')?;
        let hash = digest.strip_prefix("SHA256:")?;
        let whole = hash.len() == 43 && hash.bytes().all(|byte| base64::ALPHABET.contains(&byte));
        (whole && !algorithm.is_empty())
            .then(|| Self { algorithm: algorithm.to_owned(), digest: digest.to_owned() })
    }

    /// Returns the algorithm's name.
    pub(super) fn algorithm(&self) -> &str {
        &self.algorithm
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Fingerprint;

    #[test]
    fn a_key_names_its_algorithm_unless_it_is_rubbish() {
        let mut key = vec![0, 0, 0, 11];
        key.extend(b"ssh-ed25519 and its numbers");
        assert_eq!(Fingerprint::of(&key).algorithm(), "ssh-ed25519");
        for rubbish in [&b""[..], &[0, 0], &[255; 9], &[0, 0, 0, 1, b'\n'], &[0, 0, 0, 0, 1]] {
            assert_eq!(Fingerprint::of(rubbish).algorithm(), "unknown");
        }
    }

    proptest! {
        #[test]
        fn a_fingerprint_reads_back(key in prop::collection::vec(any::<u8>(), 0..200)) {
            let fingerprint = Fingerprint::of(&key);
            prop_assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        }

        #[test]
        fn what_is_read_from_a_file_is_what_was_written(text in ".{0,80}") {
            if let Some(fingerprint) = Fingerprint::parse(&text) {
                prop_assert_eq!(fingerprint.to_string(), text.trim_end());
            }
        }
    }
}
