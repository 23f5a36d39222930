use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// What a user of a guest logs in by. It is never shown but by who asks for its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Bytes that nobody can guess.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Randomness(pub [u8; 32]);

impl Password {
    /// More characters Windows does not take.
    const LONGEST: usize = 127;

    /// How many characters one that is made up has: 100 bits.
    const MADE_UP: usize = 20;

    /// Makes one up that every system takes: letters that cannot be mistaken, a digit, a sign.
    pub fn made_up(randomness: &Randomness) -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyzACEFHKLMN";
        let letter =
            |byte: &u8| LETTERS.get(usize::from(byte & 31)).copied().map_or('x', char::from);
        let text: String = randomness.0.iter().take(Self::MADE_UP).map(letter).collect();
        // Windows Server wants letters of both cases, digits or signs.
        Self(text + "-7Q")
    }

    /// Returns the text, for the places that must have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Password {
    type Err = Invalid;

    /// Reads a password. What is refused is not told: it is a secret.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |why| Err(Invalid::new("password", "***", why));
        match text {
            "" => refuse("is empty"),
            _ if Self::LONGEST < text.encode_utf16().count() => {
                refuse("has more than 127 characters, the most that Windows takes")
            }
            _ if text.contains(char::is_control) => refuse("has a control character"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
