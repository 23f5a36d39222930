use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// A VirtualBox version: three numbers, whoever packaged it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number.
    pub build: u32,
}

impl Version {
    /// The oldest version that is driven. There is no newest: what changed is asked by feature.
    pub const OLDEST: Self = Self { major: 7, minor: 0, build: 0 };

    /// Returns whether `modifyvm --vm-execution-engine` exists (new in 7.1).
    pub fn has_execution_engine(self) -> bool {
        (self.major, self.minor) >= (7, 1)
    }
}

impl FromStr for Version {
    type Err = Invalid;

    /// Reads what `VBoxManage --version` prints, such as `7.2.22_Debianr175245`, `7.2.0r170228`
    /// or `7.0.0_RC1r153351`; lines before it are ignored.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let lines = text.lines().map(str::trim).rev();
        let version = lines.filter(|line| !line.is_empty()).find_map(read_line);
        version.ok_or_else(|| Invalid::new("version", text, "is not a VirtualBox version"))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.build)
    }
}

/// Reads a line that begins with three numbers and names a revision or a packager after them.
fn read_line(line: &str) -> Option<Version> {
    let mut parts = line.splitn(3, '.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    let rest = parts.next()?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (build, suffix) = rest.split_at_checked(digits)?;
    let known_suffix = suffix.is_empty() || suffix.starts_with(['r', '_', '-']);
    let build = build.parse().ok().filter(|_| known_suffix)?;
    Some(Version { major, minor, build })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Version;

    #[test]
    fn the_versions_of_every_packager_are_read() {
        for (text, shown) in [
            ("7.2.22_Debianr175245\n", "7.2.22"),
            ("6.1.26_Ubuntur145957", "6.1.26"),
            ("7.2.0r170228", "7.2.0"),
            ("7.0.0_RC1r153351", "7.0.0"),
            ("4.1.8r1234_OSE", "4.1.8"),
            ("10.0.3r1\r\n", "10.0.3"),
        ] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn the_warning_of_the_wrapper_is_passed_over() {
        let printed = include_str!("../../../tests/fixtures/virtualbox/7.2/version-wrapper.stdout");
        assert_eq!(printed.parse::<Version>().unwrap().to_string(), "7.2.22");
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "7.2", "seven", "7.2.x", "WARNING: 1.2", "7.2.22 and more"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_feature_of_7_1_is_in_every_later_version() {
        let has = |text: &str| text.parse::<Version>().unwrap().has_execution_engine();
        assert!(!has("7.0.26r1"));
        assert!(has("7.1.0r1") && has("8.0.0r1"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _unused = text.parse::<Version>();
        }

        #[test]
        fn three_numbers_read_back(major in 0u32.., minor in 0u32.., build in 0u32..) {
            let version = Version { major, minor, build };
            prop_assert_eq!(format!("{version}r7").parse::<Version>().unwrap(), version);
        }
    }
}
