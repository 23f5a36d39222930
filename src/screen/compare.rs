use sha2::Digest;
use sha2::Sha256;

use crate::model::{Frame, hex};

/// Returns a hash of the size and the pixels (SHA-256, hexadecimal).
pub fn content_hash(frame: &Frame) -> String {
    let mut hasher = Sha256::new();
    hasher.update(frame.size().width.to_be_bytes());
    hasher.update(frame.size().height.to_be_bytes());
    hasher.update(frame.rgb());
    hex(&hasher.finalize())
}

/// Returns the share of pixels that differ, 0.0 to 1.0; `None` if the sizes differ.
pub fn changed_share(before: &Frame, after: &Frame) -> Option<f64> {
    if before.size() != after.size() {
        return None;
    }
    let width = usize::try_from(before.size().width).ok()?;
    let row_bytes = width.checked_mul(3).filter(|bytes| *bytes > 0).unwrap_or(3);
    let rows = before.rgb().chunks(row_bytes).zip(after.rgb().chunks(row_bytes));
    // Most rows of two screens are equal, and comparing them whole is fast.
    let changed: usize = rows
        .filter(|(old, new)| old != new)
        .map(|(old, new)| {
            let pixels = old.as_chunks::<3>().0.iter().zip(new.as_chunks::<3>().0);
            pixels.filter(|(old, new)| old != new).count()
        })
        .sum();
    Some(share(changed, before.rgb().len() / 3))
}

/// Returns `part / whole`, and 0.0 of nothing.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    let [part, whole] = [part, whole].map(|n| f64::from(u32::try_from(n).unwrap_or(u32::MAX)));
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{changed_share, content_hash};
    use crate::model::{Frame, Size};

    fn frame(width: u32, height: u32, rgb: Vec<u8>) -> Frame {
        Frame::new(Size { width, height }, rgb).unwrap()
    }

    #[test]
    fn a_hash_is_that_of_the_size_and_the_pixels() {
        let wide = frame(2, 1, vec![0; 6]);
        // printf '\0\0\0\2\0\0\0\1\0\0\0\0\0\0' | sha256sum
        let expected = "cf9ca3e23cecf6493a2c18c8408517d724a760f2f1c0a0f46417ee07e2743c44";
        assert_eq!(content_hash(&wide), expected);
        assert_ne!(content_hash(&frame(1, 2, vec![0; 6])), expected);
    }

    #[test]
    fn the_changed_share_counts_pixels_not_bytes() {
        let before = frame(4, 1, vec![0; 12]);
        let mut rgb = vec![0; 12];
        rgb[..3].fill(9);
        assert_eq!(changed_share(&before, &frame(4, 1, rgb)), Some(0.25));
        assert_eq!(changed_share(&before, &before), Some(0.0));
        assert_eq!(changed_share(&before, &frame(4, 1, vec![1; 12])), Some(1.0));
        assert_eq!(changed_share(&before, &frame(1, 4, vec![0; 12])), None);
    }

    #[test]
    fn a_frame_of_no_pixels_has_not_changed() {
        let nothing = frame(0, 5, Vec::new());
        assert_eq!(changed_share(&nothing, &nothing), Some(0.0));
    }

    proptest! {
        #[test]
        fn hashes_are_equal_exactly_when_no_pixel_changed(
            old in prop::collection::vec(0u8..2, 12), new in prop::collection::vec(0u8..2, 12),
        ) {
            let (old, new) = (frame(2, 2, old), frame(2, 2, new));
            let same = changed_share(&old, &new) == Some(0.0);
            prop_assert_eq!(same, content_hash(&old) == content_hash(&new));
        }
    }
}
