//! Where on the screen a position is.

use crate::error::{Error, ErrorKind};
use crate::model::{Position, Size, typed};
use crate::request::{Gesture, Space};

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
    let Size { width, height } = screen;
    match space {
        Space::Native if at.x < width && at.y < height => Ok(at),
        Space::Native => {
            let message = format!("{at} is not on the screen, which is {width}x{height}");
            Err(Error::new(ErrorKind::Usage, message).hint(format!(
                "give X from 0 to {} and Y from 0 to {}",
                width.saturating_sub(1),
                height.saturating_sub(1)
            )))
        }
        Space::Thousandths if at.x <= 1000 && at.y <= 1000 => {
            Ok(Position { x: share(at.x, width), y: share(at.y, height) })
        }
        Space::Thousandths => {
            let message = format!("{at} is not on the screen: thousandths end at 1000");
            let hint = format!("leave out {} for pixels", typed("--space 1000"));
            Err(Error::new(ErrorKind::Usage, message).hint(hint))
        }
    }
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
    use crate::model::{Position, Size, Wheel};
    use crate::request::{Gesture, Space};

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

    #[test]
    fn a_wheel_turns_in_the_middle_unless_it_is_told_where() {
        let scroll = Gesture::Scroll { at: None, wheel: Wheel::Down, notches: 1 };
        let Ok(Gesture::Scroll { at, .. }) = on_screen(&scroll, Space::Native, SCREEN) else {
            panic!("a wheel stays one");
        };
        assert_eq!(at, Some(Position { x: 512, y: 384 }));
    }

    proptest! {
        #[test]
        fn every_thousandth_is_on_every_screen(
            x in 0u32..=1000, y in 0u32..=1000, width in 1u32..20_000, height in 1u32..20_000,
        ) {
            let found = pixel(Position { x, y }, Space::Thousandths, Size { width, height }).unwrap();
            prop_assert!(found.x < width && found.y < height);
        }
    }
}
