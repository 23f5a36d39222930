use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::Invalid;

/// A share of a whole, such as of a screen's pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(from = "u32", into = "u32")]
pub struct Share {
    millionths: u32,
}

impl Share {
    /// Nothing.
    pub const NONE: Self = Self::of_millionths(0);

    /// Builds a share; more than the whole is the whole.
    pub const fn of_millionths(millionths: u32) -> Self {
        Self { millionths: if millionths > WHOLE { WHOLE } else { millionths } }
    }

    /// Returns it as a number, 0.0 to 1.0.
    pub fn as_fraction(self) -> f64 {
        f64::from(self.millionths) / f64::from(WHOLE)
    }
}

impl From<u32> for Share {
    fn from(millionths: u32) -> Self {
        Self::of_millionths(millionths)
    }
}

impl From<Share> for u32 {
    fn from(share: Share) -> Self {
        share.millionths
    }
}

/// Millionths of the whole.
const WHOLE: u32 = 1_000_000;

impl FromStr for Share {
    type Err = Invalid;

    /// Reads percents: `0.1%`, `2 %` or `0.1`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = || Invalid::new("share", text, "is not of the form `0.1%`, 0% to 100%");
        let number = text.trim().strip_suffix('%').unwrap_or(text).trim();
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let has_digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        if number.is_empty()
            || number == "."
            || part.len() > 4
            || !has_digits(whole)
            || !has_digits(part)
        {
            return Err(refuse());
        }
        let digits = |it: &str| if it.is_empty() { Some(0) } else { it.parse::<u32>().ok() };
        let whole = digits(whole).and_then(|whole| whole.checked_mul(10_000));
        let millionths = whole.and_then(|it| it.checked_add(digits(&format!("{part:0<4}"))?));
        millionths.filter(|sum| *sum <= WHOLE).map(Self::of_millionths).ok_or_else(refuse)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.millionths / 10_000, self.millionths % 10_000);
        let part = format!("{part:04}");
        match part.trim_end_matches('0') {
            "" => write!(f, "{whole}%"),
            part => write!(f, "{whole}.{part}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Share;

    #[test]
    fn a_share_is_written_in_percents() {
        let read = |text: &str| text.parse::<Share>().map(Share::as_fraction);
        assert_eq!(read("0.1%"), Ok(0.001));
        assert_eq!(read("2 %"), Ok(0.02));
        assert_eq!(read("100"), Ok(1.0));
        assert_eq!(read(".5"), Ok(0.005));
        for wrong in ["", "%", ".", "-1%", "100.0001%", "1e3", "0.00001%", "4294967297", "1.2.3"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_share_reads_back(millionths in 0u32..=1_000_000) {
            let share = Share::of_millionths(millionths);
            prop_assert_eq!(share.to_string().parse(), Ok(share));
        }
    }
}
