use crate::model::{Gibibytes, Invalid, Mebibytes};

/// What VirtualBox gives a VM at most (`MM_RAM_MAX_IN_MB`), and at least.
const MEMORY: (u64, u64) = (4, 2 * 1024 * 1024);
/// In GiB; VirtualBox's own limit for a VDI is 2 TiB less a sector's worth.
const DISK: (u64, u64) = (1, 2047);

/// Reads an amount of memory: MiB without a unit, or `512M`, `8G`, `8GiB`.
pub fn memory(text: &str) -> Result<Mebibytes, Invalid> {
    let mebibytes = amount("memory", text, 1)?;
    let (least, most) = MEMORY;
    if !(least..=most).contains(&mebibytes) {
        let why = format!("is out of range: {least} MiB to {most} MiB (2 TiB)");
        return Err(Invalid::new("memory", text, why));
    }
    Ok(Mebibytes(mebibytes))
}

/// Reads an amount of disk: GiB without a unit, or `100G`, `100GiB`, `1T`.
pub fn disk(text: &str) -> Result<Gibibytes, Invalid> {
    let mebibytes = amount("disk", text, 1024)?;
    let (least, most) = DISK;
    if mebibytes % 1024 != 0 {
        return Err(Invalid::new("disk", text, "is not a whole number of GiB"));
    }
    let gibibytes = mebibytes / 1024;
    if gibibytes == 0 {
        return Err(Invalid::new("disk", text, "is no disk: say `--no-disk` for a VM without one"));
    }
    if !(least..=most).contains(&gibibytes) {
        let why = format!("is out of range: {least} GiB to {most} GiB");
        return Err(Invalid::new("disk", text, why));
    }
    Ok(Gibibytes(gibibytes))
}

/// Reads a number with a unit as MiB; without a unit, each counts so many.
fn amount(what: &'static str, text: &str, bare: u64) -> Result<u64, Invalid> {
    let refuse = |why: &str| Invalid::new(what, text, why);
    let trimmed = text.trim();
    if trimmed.starts_with('-') && trimmed.chars().any(|c| c.is_ascii_digit()) {
        return Err(refuse("is negative"));
    }
    let digits = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let wrong = || refuse("is not of the form `8192`, `512M`, `8G` or `8GiB`");
    if number.is_empty() {
        return Err(wrong());
    }
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" => bare,
        "m" | "mb" | "mib" => 1,
        "g" | "gb" | "gib" => 1024,
        "t" | "tb" | "tib" => 1024 * 1024,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_too_long| refuse("is out of range"))?;
    number.checked_mul(factor).ok_or_else(|| refuse("is out of range"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{disk, memory};
    use crate::model::{Gibibytes, Mebibytes};

    #[test]
    fn the_usual_spellings_are_read() {
        for text in ["8192", "8192M", "8g", "8G", "8GB", "8GiB", "8 GiB"] {
            assert_eq!(memory(text), Ok(Mebibytes(8192)), "{text}");
        }
        for text in ["100", "100G", "100gib", "102400M"] {
            assert_eq!(disk(text), Ok(Gibibytes(100)), "{text}");
        }
        assert_eq!(disk("1T"), Ok(Gibibytes(1024)));
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        let why = |text| memory(text).expect_err(text).why;
        assert_eq!(why("-5"), "is negative");
        assert_eq!(why("0"), "is out of range: 4 MiB to 2097152 MiB (2 TiB)");
        assert_eq!(why("9999999999"), "is out of range: 4 MiB to 2097152 MiB (2 TiB)");
        assert_eq!(why("99999999999999999999999"), "is out of range");
        assert_eq!(why("lots"), "is not of the form `8192`, `512M`, `8G` or `8GiB`");
        assert_eq!(why("--disk"), "is not of the form `8192`, `512M`, `8G` or `8GiB`");
        assert_eq!(disk("-1").expect_err("negative").why, "is negative");
        assert!(disk("0").expect_err("none").why.contains("--no-disk"));
        assert!(disk("100000").expect_err("absurd").why.contains("1 GiB to 2047 GiB"));
        assert!(disk("1500M").expect_err("odd").why.contains("whole number"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,20}") {
            drop(memory(&text));
            drop(disk(&text));
        }

        #[test]
        fn what_is_accepted_is_within_the_limits(text in "[0-9]{1,20}[kKmMgGtT]?i?[bB]?") {
            if let Ok(Mebibytes(amount)) = memory(&text) {
                prop_assert!((4..=2_097_152).contains(&amount));
            }
        }
    }
}
