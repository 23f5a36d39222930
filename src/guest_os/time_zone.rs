use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// Where a clock is, by its name in the IANA's database, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone(String);

/// Windows' names (Unicode CLDR, `windowsZones.xml`, territory 001 and the zones of large cities).
const OF_WINDOWS: [(&str, &str); 48] = [
    ("UTC", "UTC"),
    ("Etc/UTC", "UTC"),
    ("Pacific/Honolulu", "Hawaiian Standard Time"),
    ("America/Anchorage", "Alaskan Standard Time"),
    ("America/Los_Angeles", "Pacific Standard Time"),
    ("America/Phoenix", "US Mountain Standard Time"),
    ("America/Denver", "Mountain Standard Time"),
    ("America/Chicago", "Central Standard Time"),
    ("America/Mexico_City", "Central Standard Time (Mexico)"),
    ("America/New_York", "Eastern Standard Time"),
    ("America/Toronto", "Eastern Standard Time"),
    ("America/Bogota", "SA Pacific Standard Time"),
    ("America/Halifax", "Atlantic Standard Time"),
    ("America/Santiago", "Pacific SA Standard Time"),
    ("America/Sao_Paulo", "E. South America Standard Time"),
    ("America/Buenos_Aires", "Argentina Standard Time"),
    ("America/St_Johns", "Newfoundland Standard Time"),
    ("Atlantic/Azores", "Azores Standard Time"),
    ("Europe/London", "GMT Standard Time"),
    ("Europe/Dublin", "GMT Standard Time"),
    ("Europe/Lisbon", "GMT Standard Time"),
    ("Europe/Berlin", "W. Europe Standard Time"),
    ("Europe/Amsterdam", "W. Europe Standard Time"),
    ("Europe/Vienna", "W. Europe Standard Time"),
    ("Europe/Zurich", "W. Europe Standard Time"),
    ("Europe/Rome", "W. Europe Standard Time"),
    ("Europe/Stockholm", "W. Europe Standard Time"),
    ("Europe/Paris", "Romance Standard Time"),
    ("Europe/Madrid", "Romance Standard Time"),
    ("Europe/Brussels", "Romance Standard Time"),
    ("Europe/Prague", "Central Europe Standard Time"),
    ("Europe/Budapest", "Central Europe Standard Time"),
    ("Europe/Warsaw", "Central European Standard Time"),
    ("Europe/Kiev", "FLE Standard Time"),
    ("Europe/Helsinki", "FLE Standard Time"),
    ("Europe/Bucharest", "GTB Standard Time"),
    ("Europe/Istanbul", "Turkey Standard Time"),
    ("Europe/Moscow", "Russian Standard Time"),
    ("Africa/Johannesburg", "South Africa Standard Time"),
    ("Africa/Cairo", "Egypt Standard Time"),
    ("Asia/Jerusalem", "Israel Standard Time"),
    ("Asia/Dubai", "Arabian Standard Time"),
    ("Asia/Calcutta", "India Standard Time"),
    ("Asia/Kolkata", "India Standard Time"),
    ("Asia/Shanghai", "China Standard Time"),
    ("Asia/Singapore", "Singapore Standard Time"),
    ("Asia/Tokyo", "Tokyo Standard Time"),
    ("Australia/Sydney", "AUS Eastern Standard Time"),
];

impl TimeZone {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns Windows' name for it.
    pub(super) fn windows(&self) -> Result<&'static str, Invalid> {
        let known = OF_WINDOWS.iter().find(|(name, _)| *name == self.0);
        known.map(|(_, windows)| *windows).ok_or_else(|| {
            let why = "has no name of Windows' that is known here: take a large city near by";
            Invalid::new("time zone", &self.0, why)
        })
    }
}

impl FromStr for TimeZone {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/');
        let begins = text.starts_with(|c: char| c.is_ascii_uppercase());
        if !begins || !text.chars().all(fits) || text.ends_with('/') || text.contains("//") {
            return Err(Invalid::new("time zone", text, "is not of the form `Europe/Berlin`"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
