use std::time::Instant;

use super::compare::changed_share;
use crate::model::Frame;

/// Tells since when a screen has been as it is. Pure: moments are given.
#[derive(Debug)]
pub struct Stillness {
    tolerance: f64,
    seen: Option<(Frame, Instant)>,
}

impl Stillness {
    /// Begins to watch; a change of no more than this share of the pixels is none.
    pub fn new(tolerance: f64) -> Self {
        Self { tolerance, seen: None }
    }

    /// Takes a picture in, and returns since when the screen has shown nothing else.
    pub fn see(&mut self, frame: Frame, now: Instant) -> Instant {
        match &self.seen {
            Some((first, since)) if !differs(first, &frame, self.tolerance) => *since,
            Some(_) | None => {
                self.seen = Some((frame, now));
                now
            }
        }
    }
}

/// Returns whether two pictures differ in more than a share of their pixels, or in their size.
pub fn differs(before: &Frame, after: &Frame, tolerance: f64) -> bool {
    changed_share(before, after).is_none_or(|share| share > tolerance)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Stillness;
    use crate::model::{Frame, Size};

    /// A line of pixels, so many of them lit.
    fn frame(width: u32, lit: usize) -> Frame {
        let mut rgb = vec![0; usize::try_from(width).unwrap() * 3];
        rgb[..lit * 3].fill(255);
        Frame::new(Size { width, height: 1 }, rgb).unwrap()
    }

    #[test]
    fn a_blinking_cursor_does_not_disturb_and_a_slow_change_does() {
        let begun = Instant::now();
        let at = |seconds| begun + Duration::from_secs(seconds);
        let mut stillness = Stillness::new(0.1);
        assert_eq!(stillness.see(frame(10, 0), at(0)), at(0));
        assert_eq!(stillness.see(frame(10, 1), at(1)), at(0), "one in ten is a cursor");
        assert_eq!(stillness.see(frame(10, 0), at(2)), at(0));
        assert_eq!(stillness.see(frame(10, 1), at(3)), at(0));
        assert_eq!(stillness.see(frame(10, 2), at(4)), at(4), "it is told from the first picture");
        assert_eq!(stillness.see(frame(20, 2), at(5)), at(5), "another size is another screen");
    }
}
