use std::time::Duration;

use crate::model::Invalid;

/// The longest time that can be asked for; beyond it, clocks overflow.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// Reads `90` (seconds), `500ms`, `90s`, `5m`, `2h`, `1d`, and sums such as `1h30m`.
pub fn duration(text: &str) -> Result<Duration, Invalid> {
    let refuse = |why: &str| Invalid::new("duration", text, why);
    let wrong = || refuse("is not of the form `90`, `90s`, `5m` or `1h30m`");
    if text.trim_start().starts_with('-') {
        return Err(refuse("is negative"));
    }
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        if number.is_empty() || (unit.is_empty() && number != text.trim()) {
            return Err(wrong());
        }
        let number: u64 = number.parse().map_err(|_too_long| refuse("is too long"))?;
        let unit = unit_of(unit).ok_or_else(wrong)?;
        let part = u32::try_from(number).ok().and_then(|number| unit.checked_mul(number));
        sum = part.and_then(|part| sum.checked_add(part)).ok_or_else(|| refuse("is too long"))?;
        rest = after;
    }
    if LONGEST < sum { Err(refuse("is longer than a year")) } else { Ok(sum) }
}

fn unit_of(unit: &str) -> Option<Duration> {
    match unit {
        "ms" => Some(Duration::from_millis(1)),
        "" | "s" | "sec" => Some(Duration::from_secs(1)),
        "m" | "min" => Some(Duration::from_mins(1)),
        "h" => Some(Duration::from_hours(1)),
        "d" => Some(Duration::from_hours(24)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::duration;

    #[test]
    fn the_usual_spellings_are_read() {
        let read = |text| duration(text).map(|span| span.as_millis());
        assert_eq!(read("90"), Ok(90_000));
        assert_eq!(read("500ms"), Ok(500));
        assert_eq!(read("5m"), Ok(300_000));
        assert_eq!(read("1h30m"), Ok(5_400_000));
        assert_eq!(read("0"), Ok(0));
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        let why = |text| duration(text).expect_err(text).why;
        assert_eq!(why("-5"), "is negative");
        assert_eq!(why("400d"), "is longer than a year");
        assert_eq!(why("99999999999999999999s"), "is too long");
        for text in ["", "soon", "5x", "1h30", "m5", "1.5h", "5 m"] {
            assert_eq!(why(text), "is not of the form `90`, `90s`, `5m` or `1h30m`", "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,20}") {
            drop(duration(&text));
        }

        #[test]
        fn sums_add_up(h in 0_u64..1000, m in 0_u64..1000, s in 0_u64..1000) {
            let sum = Duration::from_secs(h * 3600 + m * 60 + s);
            prop_assert_eq!(duration(&format!("{h}h{m}m{s}s")), Ok(sum));
        }
    }
}
