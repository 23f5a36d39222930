//! Base64, as SSH and PowerShell write it.

pub(super) const ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes bytes without padding.
pub(super) fn unpadded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let group = three.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte));
        let group = group << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            let six = usize::try_from(group >> (18 - 6 * place) & 63).unwrap_or(0);
            text.extend(ALPHABET.get(six).copied().map(char::from));
        }
    }
    text
}

/// Writes bytes with padding.
pub(crate) fn padded(bytes: &[u8]) -> String {
    let mut text = unpadded(bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{padded, unpadded};

    #[test]
    fn base64_is_the_usual_one() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(padded(bytes.as_bytes()), text);
            assert_eq!(unpadded(bytes.as_bytes()), text.trim_end_matches('='));
        }
        assert_eq!(unpadded(&[0xFB, 0xFF]), "+/8");
    }
}
