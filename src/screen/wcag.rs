//! How well two colours stand out from each other.

/// Returns the contrast of two colours, from 1 (none) to 21 (black on white), as WCAG defines it.
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let share = f64::from(part) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::contrast;

    #[test]
    fn contrast_is_as_wcag_has_it() {
        let told = |a, b| format!("{:.2}", contrast(a, b));
        assert_eq!(told([0; 3], [255; 3]), "21.00");
        assert_eq!(told([255; 3], [255; 3]), "1.00");
        assert_eq!(told([0x76; 3], [255; 3]), "4.54");
    }
}
