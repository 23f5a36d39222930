//! How domain values are written in columns, and read back.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use rusqlite::Row;
use rusqlite::types::Type;

use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::Invalid;

/// Returns whole milliseconds since 1970; negative before.
pub(super) fn millis(at: SystemTime) -> i64 {
    match at.duration_since(UNIX_EPOCH) {
        Ok(after) => duration_millis(after),
        Err(before) => -duration_millis(before.duration()),
    }
}

/// Returns a duration in whole milliseconds.
pub(super) fn duration_millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Reads a column of milliseconds since 1970.
pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<SystemTime> {
    row.get(column).map(from_millis)
}

/// Reads a column of milliseconds since 1970 that may be NULL.
pub(super) fn maybe_time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<SystemTime>> {
    row.get::<_, Option<i64>>(column).map(|at| at.map(from_millis))
}

/// Reads a column of milliseconds.
pub(super) fn duration(row: &Row<'_>, column: &str) -> rusqlite::Result<Duration> {
    row.get(column).map(from_duration_millis)
}

/// Returns a duration of whole milliseconds; a negative one is none.
pub(super) fn from_duration_millis(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

fn from_millis(millis: i64) -> SystemTime {
    let distance = Duration::from_millis(millis.unsigned_abs());
    let at = if millis < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    at.unwrap_or(UNIX_EPOCH)
}

/// Reads a column that counts something.
pub(super) fn count(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|count| u64::try_from(count).unwrap_or(0))
}

/// Reads a column that holds a domain value as text.
pub(super) fn parsed<T: FromStr<Err = Invalid>>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|invalid| unreadable(row, column, invalid))
}

/// Reads a column that holds one word of a list.
pub(super) fn one_of<T: Copy>(
    row: &Row<'_>,
    column: &'static str,
    words: &[(&str, T)],
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    let known = words.iter().find(|(word, _)| *word == text);
    known
        .map(|(_, value)| *value)
        .ok_or_else(|| unreadable(row, column, Invalid::new(column, &text, "is no known word")))
}

/// Says that a column cannot be read.
pub(super) fn unreadable(
    row: &Row<'_>,
    column: &str,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or(0);
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, why.into())
}

/// Returns a path as text; one that is not Unicode is refused rather than stored as another path.
pub(super) fn path_text(path: &Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("the path `{}` is not Unicode", path.display()))
            .hint("choose a folder whose name is Unicode: VirtualBox cannot use others either")
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;
    use std::time::UNIX_EPOCH;

    use proptest::prelude::*;

    use super::{from_millis, millis};

    proptest! {
        #[test]
        fn a_time_reads_back_to_the_millisecond(at in -4_000_000_000_000_i64..4_000_000_000_000) {
            prop_assert_eq!(millis(from_millis(at)), at);
        }
    }

    #[test]
    fn the_future_is_positive_and_the_past_negative() {
        assert_eq!(millis(UNIX_EPOCH + Duration::from_millis(1500)), 1500);
        assert_eq!(millis(UNIX_EPOCH - Duration::from_millis(1500)), -1500);
    }
}
