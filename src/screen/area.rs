//! Rectangles that may be computed with, and numbers that change their kind.

use crate::model::Rect;

/// A rectangle in pixels: left and top are in it, right and bottom are just outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Area {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

impl Area {
    pub(super) fn new(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        Self { left, top, right, bottom }
    }

    pub(super) fn width(self) -> i32 {
        self.right - self.left
    }

    pub(super) fn height(self) -> i32 {
        self.bottom - self.top
    }

    /// Returns how many pixels it has; an empty one has none.
    pub(super) fn size(self) -> i64 {
        i64::from(self.width().max(0)) * i64::from(self.height().max(0))
    }

    pub(super) fn centre(self) -> (i32, i32) {
        (i32::midpoint(self.left, self.right), i32::midpoint(self.top, self.bottom))
    }

    /// Returns the smallest rectangle around both.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Returns what both have in common; it may be empty.
    pub(super) fn shared(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// Returns it grown by so many pixels on every side.
    pub(super) fn grown(self, across: i32, down: i32) -> Self {
        Self {
            left: self.left - across,
            top: self.top - down,
            right: self.right + across,
            bottom: self.bottom + down,
        }
    }

    pub(super) fn holds(self, other: Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }

    /// Returns how many rows both have in common; negative if there is a gap.
    pub(super) fn rows_shared(self, other: Self) -> i32 {
        self.bottom.min(other.bottom) - self.top.max(other.top)
    }

    /// Returns how many columns lie between both; negative if they overlap.
    pub(super) fn gap_across(self, other: Self) -> i32 {
        self.left.max(other.left) - self.right.min(other.right)
    }

    /// Returns how much of the two together both have in common, 0.0 to 1.0.
    pub(super) fn overlap(self, other: Self) -> f64 {
        let shared = self.shared(other).size();
        ratio(shared, self.size() + other.size() - shared)
    }

    /// Returns the rectangle that users see.
    pub(super) fn rect(self) -> Rect {
        let number = |it: i32| u32::try_from(it.max(0)).unwrap_or_default();
        Rect {
            x: number(self.left),
            y: number(self.top),
            width: number(self.right - self.left.max(0)),
            height: number(self.bottom - self.top.max(0)),
        }
    }
}

impl From<Rect> for Area {
    fn from(rect: Rect) -> Self {
        let number = |it: u32| i32::try_from(it).unwrap_or(i32::MAX / 4);
        let (left, top) = (number(rect.x), number(rect.y));
        Self { left, top, right: left + number(rect.width), bottom: top + number(rect.height) }
    }
}

/// Returns a share; nothing of nothing is none.
pub(super) fn ratio(part: i64, whole: i64) -> f64 {
    let number = |it: i64| i32::try_from(it).map_or(f64::from(i32::MAX), f64::from);
    if whole <= 0 { 0.0 } else { number(part) / number(whole) }
}

/// Returns a whole number as a fraction; past 2^24 the last digits are lost.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "pixels are fewer than 2^24"
)]
pub(super) fn fraction(number: i32) -> f32 {
    number as f32
}

/// Rounds to a whole number.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "it saturates")]
pub(super) fn rounded(number: f32) -> i32 {
    number.round() as i32
}

/// Returns a size or place as the signed number that areas are made of.
pub(super) fn signed(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 4)
}

/// Returns a place in a list; what is before the first is the first.
pub(super) fn unsigned(number: i32) -> usize {
    usize::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Area;
    use crate::model::Rect;

    proptest! {
        #[test]
        fn areas_and_rectangles_are_the_same(x in 0u32..9999, y in 0u32..9999, width in 1u32..9999, height in 1u32..9999) {
            let rect = Rect { x, y, width, height };
            prop_assert_eq!(Area::from(rect).rect(), rect);
            prop_assert!((Area::from(rect).overlap(Area::from(rect)) - 1.0).abs() < 1e-9);
        }

        #[test]
        fn what_two_areas_share_is_in_both_and_both_are_in_what_is_around_them(
            a in (0i32..50, 0i32..50, 1i32..50, 1i32..50), b in (0i32..50, 0i32..50, 1i32..50, 1i32..50),
        ) {
            let area = |it: (i32, i32, i32, i32)| Area::new(it.0, it.1, it.0 + it.2, it.1 + it.3);
            let (a, b) = (area(a), area(b));
            prop_assert!(a.with(b).holds(a) && a.with(b).holds(b));
            let shared = a.shared(b);
            prop_assert!(shared.size() == 0 || a.holds(shared) && b.holds(shared));
            prop_assert_eq!(shared.size() > 0, a.overlap(b) > 0.0);
        }
    }
}
