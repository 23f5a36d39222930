use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::{Invalid, travels_as_text};

/// The identity of a VM: its UUID. Names change and repeat, this does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VmId(Uuid);

impl VmId {
    /// Builds an identity from 128 random bits (the caller brings the randomness).
    pub fn from_random(bits: u128) -> Self {
        Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }
}

impl FromStr for VmId {
    type Err = Invalid;

    /// Reads `8-4-4-4-12` hexadecimal digits, with or without braces.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let bare = text.trim().trim_start_matches('{').trim_end_matches('}');
        if bare.len() != 36 {
            return Err(Invalid::new("UUID", text, "is not 36 characters long"));
        }
        Uuid::try_parse(bare).map(Self).map_err(|e| Invalid::new("UUID", text, e.to_string()))
    }
}

impl fmt::Display for VmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

travels_as_text!(VmId);

#[cfg(test)]
mod tests {
    use super::VmId;

    #[test]
    fn a_uuid_reads_back_with_and_without_braces() {
        let id = VmId::from_random(7);
        assert_eq!(id.to_string().parse::<VmId>().unwrap(), id);
        assert_eq!(format!("{{{id}}}").parse::<VmId>().unwrap(), id);
        assert!("f0f0".parse::<VmId>().is_err());
    }
}
