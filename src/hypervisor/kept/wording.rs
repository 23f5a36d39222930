use crate::model::VmConfiguration;

/// Returns the groups, of which everybody has one.
pub(in crate::hypervisor) fn groups(settings: &VmConfiguration) -> Vec<String> {
    if settings.groups.is_empty() { vec!["/".to_owned()] } else { settings.groups.clone() }
}

/// Puts an identifier such as `Windows11_64` into words, as far as its letters tell.
pub(in crate::hypervisor) fn os_title(os_type: &str) -> String {
    let (system, bits) = match os_type.strip_suffix("_64") {
        Some(system) => (system, 64),
        None => (os_type, 32),
    };
    let digits = system.find(|c: char| c.is_ascii_digit()).unwrap_or(system.len());
    let (family, version) = system.split_at(digits);
    format!("{} ({bits}-bit)", format!("{family} {version}").trim())
}

/// Writes a moment, in milliseconds since 1970, as RFC 3339.
pub(in crate::hypervisor) fn rfc3339(ms: u64) -> Option<String> {
    let time = jiff::Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
    Some(time.to_string())
}

#[cfg(test)]
mod tests {
    use super::{os_title, rfc3339};

    #[test]
    fn an_identifier_is_put_into_words() {
        assert_eq!(os_title("Windows11_64"), "Windows 11 (64-bit)");
        assert_eq!(os_title("Linux"), "Linux (32-bit)");
    }

    #[test]
    fn a_moment_is_written_as_a_date_and_an_impossible_one_is_not() {
        assert_eq!(rfc3339(1_500).unwrap(), "1970-01-01T00:00:01.5Z");
        assert_eq!(rfc3339(u64::MAX), None);
    }
}
