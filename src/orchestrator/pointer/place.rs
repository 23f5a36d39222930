//! Where on the screen a position is.

use crate::error::{Error, ErrorKind};
use crate::model::{Position, Rect, Size, typed};
use crate::request::{Gesture, Picture, Space};

/// Returns a gesture with its positions as pixels of the screen; refuses what lies outside.
pub(super) fn on_screen(gesture: &Gesture, space: Space, screen: Size) -> Result<Gesture, Error> {
    let pixel = |at: Position| pixel(at, space, screen);
    Ok(match *gesture {
        Gesture::Move(at) => Gesture::Move(pixel(at)?),
        Gesture::Click { at, button, times } => Gesture::Click { at: pixel(at)?, button, times },
        Gesture::Drag { from, to, button } => {
            Gesture::Drag { from: pixel(from)?, to: pixel(to)?, button }
        }
        Gesture::Scroll { at, wheel, notches } => {
            let middle = Position { x: screen.width / 2, y: screen.height / 2 };
            let at = at.map_or(Ok(middle), pixel)?;
            Gesture::Scroll { at: Some(at), wheel, notches }
        }
    })
}

fn pixel(at: Position, space: Space, screen: Size) -> Result<Position, Error> {
    match space {
        Space::Native if is_on(at, screen) => Ok(at),
        Space::Native => Err(outside(at, "screen", screen)),
        Space::Image(Picture { size, .. }) if !is_on(at, size) => Err(outside(at, "picture", size)),
        Space::Image(Picture { size, crop }) => {
            let Size { width, height } = screen;
            let part = crop.unwrap_or(Rect { x: 0, y: 0, width, height });
            let at = Position {
                x: part.x.saturating_add(middle(at.x, size.width, part.width)),
                y: part.y.saturating_add(middle(at.y, size.height, part.height)),
            };
            if is_on(at, screen) { Ok(at) } else { Err(outside(at, "screen", screen)) }
        }
        Space::Thousandths if at.x <= 1000 && at.y <= 1000 => {
            Ok(Position { x: share(at.x, screen.width), y: share(at.y, screen.height) })
        }
        Space::Thousandths => {
            let message = format!("{at} is not on the screen: thousandths end at 1000");
            let hint = format!("leave out {} for pixels", typed("--space 1000"));
            Err(Error::new(ErrorKind::Usage, message).hint(hint))
        }
    }
}

fn is_on(at: Position, size: Size) -> bool {
    at.x < size.width && at.y < size.height
}

fn outside(at: Position, what: &str, Size { width, height }: Size) -> Error {
    let message = format!("{at} is not on the {what}, which is {width}x{height}");
    Error::new(ErrorKind::Usage, message).hint(format!(
        "give X from 0 to {} and Y from 0 to {}",
        width.saturating_sub(1),
        height.saturating_sub(1)
    ))
}

/// Returns the pixel of a length under the middle of a picture's pixel: of a smaller picture, one of
/// those of which that one was made.
fn middle(pixel: u32, of: u32, length: u32) -> u32 {
    let (pixel, of, whole) = (u64::from(pixel), u64::from(of.max(1)), u64::from(length));
    let middle = (2 * pixel + 1) * whole / (2 * of);
    let first = if of <= whole { (pixel * whole).div_ceil(of) } else { 0 };
    u32::try_from(middle.max(first)).unwrap_or(u32::MAX).min(length.saturating_sub(1))
}

/// Returns the pixel at so many thousandths of a length.
fn share(thousandths: u32, length: u32) -> u32 {
    let pixel = u64::from(thousandths) * u64::from(length) / 1000;
    u32::try_from(pixel).unwrap_or(u32::MAX).min(length.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{on_screen, pixel};
    use crate::error::ErrorKind;
    use crate::model::{Position, Rect, Size, Wheel};
    use crate::request::{Gesture, Picture, Space};

    const SCREEN: Size = Size { width: 1024, height: 768 };

    #[test]
    fn a_place_outside_is_refused_with_the_size() {
        let outside = Gesture::Move(Position { x: 1024, y: 0 });
        let refused = on_screen(&outside, Space::Native, SCREEN).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Usage);
        assert!(refused.message().contains("1024x768"), "{refused}");
        assert!(refused.next_step().is_some_and(|hint| hint.contains("1023")));
        let outside = Gesture::Move(Position { x: 0, y: 1001 });
        assert!(on_screen(&outside, Space::Thousandths, SCREEN).is_err());
    }

    #[test]
    fn thousandths_go_from_edge_to_edge() {
        let at = |x, y| pixel(Position { x, y }, Space::Thousandths, SCREEN).unwrap();
        assert_eq!(at(0, 1000), Position { x: 0, y: 767 });
        assert_eq!(at(500, 500), Position { x: 512, y: 384 });
    }

    fn in_picture(x: u32, y: u32, size: Size, crop: Option<Rect>) -> Option<Position> {
        pixel(Position { x, y }, Space::Image(Picture { size, crop }), SCREEN).ok()
    }

    #[test]
    fn a_place_in_a_picture_is_the_middle_of_what_its_pixel_shows() {
        let half = Size { width: 512, height: 384 };
        assert_eq!(in_picture(0, 0, half, None), Some(Position { x: 1, y: 1 }));
        assert_eq!(in_picture(511, 383, half, None), Some(Position { x: 1023, y: 767 }));
        assert_eq!(in_picture(512, 0, half, None), None, "it is beside the picture");
        let crop = Some(Rect { x: 100, y: 200, width: 50, height: 40 });
        let same = Size { width: 50, height: 40 };
        assert_eq!(in_picture(7, 9, same, crop), Some(Position { x: 107, y: 209 }));
        let beyond = Some(Rect { x: 1000, y: 0, width: 50, height: 40 });
        assert_eq!(in_picture(49, 0, same, beyond), None, "that part is not on the screen");
    }

    #[test]
    fn a_wheel_turns_in_the_middle_unless_it_is_told_where() {
        let scroll = Gesture::Scroll { at: None, wheel: Wheel::Down, notches: 1 };
        let Ok(Gesture::Scroll { at, .. }) = on_screen(&scroll, Space::Native, SCREEN) else {
            panic!("a wheel stays one");
        };
        assert_eq!(at, Some(Position { x: 512, y: 384 }));
    }

    /// The pixel that is found is one of those that the picture's pixel was made of.
    fn shows_what_is_there(x: u32, y: u32, size: Size) {
        let shown = |at: Position| Position {
            x: at.x * size.width / SCREEN.width,
            y: at.y * size.height / SCREEN.height,
        };
        let at = shown(Position { x, y });
        assert_eq!(shown(in_picture(at.x, at.y, size, None).unwrap()), at);
    }

    #[test]
    fn a_picture_of_one_column_has_every_row_of_its_own() {
        shows_what_is_there(0, 144, Size { width: 1, height: 654 });
    }

    proptest! {
        #[test]
        fn every_thousandth_is_on_every_screen(
            x in 0u32..=1000, y in 0u32..=1000, width in 1u32..20_000, height in 1u32..20_000,
        ) {
            let found = pixel(Position { x, y }, Space::Thousandths, Size { width, height }).unwrap();
            prop_assert!(found.x < width && found.y < height);
        }

        #[test]
        fn a_picture_of_the_screens_size_has_its_places(x in 0u32..1024, y in 0u32..768) {
            prop_assert_eq!(in_picture(x, y, SCREEN, None), Some(Position { x, y }));
        }

        #[test]
        fn what_a_smaller_picture_shows_at_a_place_is_there(
            x in 0u32..1024, y in 0u32..768, width in 1u32..=1024, height in 1u32..=768,
        ) {
            shows_what_is_there(x, y, Size { width, height });
        }

        #[test]
        fn every_place_of_a_picture_is_in_its_part_and_none_overtakes_another(
            x in 0u32..2000, y in 0u32..2000, width in 1u32..2000, height in 1u32..2000,
        ) {
            let (size, part) = (Size { width, height }, Rect { x: 3, y: 5, width: 900, height: 700 });
            let Some(at) = in_picture(x, y, size, Some(part)) else {
                prop_assert!(x >= width || y >= height);
                return Ok(());
            };
            prop_assert!((3..903).contains(&at.x) && (5..705).contains(&at.y));
            if let Some(next) = in_picture(x + 1, y, size, Some(part)) {
                prop_assert!(next.x >= at.x && next.y == at.y);
            }
        }
    }
}
