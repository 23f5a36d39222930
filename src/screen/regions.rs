//! Where two pictures differ.

use crate::model::{Frame, Rect};

/// Changes that are nearer to each other than these many pixels are one.
const TILE: usize = 16;

/// Returns boxes around what differs in two pictures of one size, from the top down; nothing if
/// the sizes differ. Every changed pixel is in a box, and every side of a box has one.
pub fn changed_regions(before: &Frame, after: &Frame) -> Vec<Rect> {
    if before.size() != after.size() {
        return Vec::new();
    }
    let mut boxes = dirty_tiles(before, after);
    loop {
        let count = boxes.len();
        boxes = boxes.into_iter().fold(Vec::new(), join);
        if boxes.len() == count {
            break;
        }
    }
    boxes.sort_by_key(|it| (it.top, it.left));
    boxes.iter().filter_map(Edges::rect).collect()
}

/// The first and the last changed pixel in both directions.
#[derive(Debug, Clone, Copy)]
struct Edges {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Edges {
    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn is_near(self, other: Self) -> bool {
        let apart = |end: usize, start: usize| end.saturating_add(TILE) < start;
        !(apart(self.right, other.left)
            || apart(other.right, self.left)
            || apart(self.bottom, other.top)
            || apart(other.bottom, self.top))
    }

    fn rect(&self) -> Option<Rect> {
        let number = |it: usize| u32::try_from(it).ok();
        Some(Rect {
            x: number(self.left)?,
            y: number(self.top)?,
            width: number(self.right - self.left + 1)?,
            height: number(self.bottom - self.top + 1)?,
        })
    }
}

/// Adds a box to those that are far from each other, joined with all that are near.
fn join(mut boxes: Vec<Edges>, mut next: Edges) -> Vec<Edges> {
    boxes.retain(|it| {
        let near = it.is_near(next);
        if near {
            next = next.with(*it);
        }
        !near
    });
    boxes.push(next);
    boxes
}

/// Returns a box around what differs in each tile.
fn dirty_tiles(before: &Frame, after: &Frame) -> Vec<Edges> {
    let width = usize::try_from(after.size().width).unwrap_or_default().max(1);
    let mut boxes: Vec<Edges> = Vec::new();
    let rows = before.rgb().chunks(width * 3).zip(after.rgb().chunks(width * 3));
    for (y, (old, new)) in rows.enumerate().filter(|(_, (old, new))| old != new) {
        let pixels = old.as_chunks::<3>().0.iter().zip(new.as_chunks::<3>().0);
        for (x, _) in pixels.enumerate().filter(|(_, (old, new))| old != new) {
            let pixel = Edges { left: x, top: y, right: x, bottom: y };
            let tile = |it: &Edges| (it.left / TILE, it.top / TILE);
            // The tiles of this row of tiles stand at the end.
            let known = boxes.iter_mut().rev().take_while(|it| it.top / TILE == y / TILE);
            match known.into_iter().find(|it| tile(it) == tile(&pixel)) {
                Some(known) => *known = known.with(pixel),
                None => boxes.push(pixel),
            }
        }
    }
    boxes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::changed_regions;
    use crate::model::{Frame, Rect, Size};

    fn frame(lit: &[(u32, u32)]) -> Frame {
        let mut rgb = vec![0; 100 * 80 * 3];
        for (x, y) in lit {
            rgb[usize::try_from((y * 100 + x) * 3).unwrap()] = 255;
        }
        Frame::new(Size { width: 100, height: 80 }, rgb).unwrap()
    }

    #[test]
    fn what_is_far_apart_has_boxes_of_its_own_and_what_is_near_has_one() {
        let lit = [(5, 5), (9, 12), (90, 70), (99, 79)];
        let near = Rect { x: 5, y: 5, width: 5, height: 8 };
        let far = Rect { x: 90, y: 70, width: 10, height: 10 };
        assert_eq!(changed_regions(&frame(&[]), &frame(&lit)), [near, far]);
        assert!(changed_regions(&frame(&lit), &frame(&lit)).is_empty());
    }

    proptest! {
        #[test]
        fn every_change_is_in_exactly_one_box(
            lit in prop::collection::vec((0u32..100, 0u32..80), 0..40),
        ) {
            let boxes = changed_regions(&frame(&[]), &frame(&lit));
            for (x, y) in &lit {
                let holds = |it: &&Rect| {
                    (it.x..it.x + it.width).contains(x) && (it.y..it.y + it.height).contains(y)
                };
                prop_assert_eq!(boxes.iter().filter(holds).count(), 1);
            }
            prop_assert!(lit.is_empty() == boxes.is_empty());
        }
    }
}
