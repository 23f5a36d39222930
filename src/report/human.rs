use std::time::Duration;
use std::time::SystemTime;

use jiff::Timestamp;

use crate::model::Mebibytes;

/// Writes a time span for people.
pub fn duration(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 if span.as_millis() < 100 => format!("{} ms", span.as_millis()),
        0..60 => format!("{:.1} s", span.as_secs_f64()),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600.. => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Writes a time for people: to the second, in UTC.
pub(super) fn moment(at: SystemTime) -> String {
    let at = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// Writes an amount of memory for people.
pub(super) fn memory(amount: Mebibytes) -> String {
    bytes(amount.bytes())
}

/// Writes an amount of bytes for people: one decimal unless it is even.
pub(super) fn bytes(amount: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let Some((size, unit)) = UNITS.into_iter().find(|(size, _)| *size <= amount) else {
        return format!("{amount} B");
    };
    let whole = amount / size;
    // The remainder is below 2^40, so ten times it fits.
    let tenths = amount % size * 10 / size;
    if tenths == 0 { format!("{whole} {unit}") } else { format!("{whole}.{tenths} {unit}") }
}

/// Writes a share for people.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{bytes, duration, memory};
    use crate::model::Mebibytes;

    #[test]
    fn amounts_read_well() {
        assert_eq!(memory(Mebibytes(8192)), "8 GiB");
        assert_eq!(memory(Mebibytes(1536)), "1.5 GiB");
        assert_eq!(memory(Mebibytes(128)), "128 MiB");
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(u64::MAX), "16777215.9 TiB");
    }

    #[test]
    fn spans_read_well() {
        assert_eq!(duration(Duration::from_millis(42)), "42 ms");
        assert_eq!(duration(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 5 s");
        assert_eq!(duration(Duration::from_mins(61)), "1 h 1 min");
    }
}
