use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::{Invalid, Monitor, Rect, Size};

/// Which part of a screen is wanted, and how large.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct View {
    /// The monitor.
    pub monitor: Monitor,
    /// The part, in pixels of the screen; `None` is all of it.
    pub crop: Option<Rect>,
    /// The size; `None` is that of the part.
    pub scale: Option<Scale>,
}

/// How large a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Scale {
    /// So many percent of its size.
    Percent(u32),
    /// As large as fits, its proportions kept.
    Within(Size),
}

/// The most that a picture is enlarged, in percent.
const MOST: u32 = 800;

/// The longest side of a picture.
const LONGEST: u32 = 16_384;

impl Scale {
    /// Returns the size that a picture gets; no side vanishes.
    pub fn of(self, size: Size) -> Size {
        let scaled = |side: u32, part: u64, whole: u64| {
            let rounded = (u64::from(side) * part + whole / 2) / whole.max(1);
            u32::try_from(rounded).unwrap_or(LONGEST).clamp(1, LONGEST)
        };
        let (part, whole) = match self {
            Self::Percent(percent) => (u64::from(percent), 100),
            Self::Within(room) => {
                let by_width = u64::from(room.width) * u64::from(size.height);
                let by_height = u64::from(room.height) * u64::from(size.width);
                if by_width <= by_height {
                    (u64::from(room.width), u64::from(size.width))
                } else {
                    (u64::from(room.height), u64::from(size.height))
                }
            }
        };
        Size { width: scaled(size.width, part, whole), height: scaled(size.height, part, whole) }
    }
}

impl FromStr for Scale {
    type Err = Invalid;

    /// Reads `50%` or `800x600`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |why: &str| Invalid::new("scale", text, why);
        let percent = text.strip_suffix('%').map(|number| number.trim().parse().ok());
        if let Some(percent) = percent {
            let percent = percent.filter(|it| (1..=MOST).contains(it));
            return percent.map(Self::Percent).ok_or_else(|| refuse("must be 1% to 800%"));
        }
        let within = sides(text).map(Self::Within);
        within.ok_or_else(|| refuse("is not of the form `50%` or `800x600`"))
    }
}

/// Reads `WIDTHxHEIGHT`.
pub fn picture_size(text: &str) -> Result<Size, Invalid> {
    sides(text).ok_or_else(|| Invalid::new("size", text, "is not of the form `800x600`"))
}

fn sides(text: &str) -> Option<Size> {
    let (width, height) = text.split_once('x')?;
    let side = |it: &str| it.parse().ok().filter(|it| (1..=LONGEST).contains(it));
    Some(Size { width: side(width)?, height: side(height)? })
}

/// Reads `X,Y,WIDTH,HEIGHT`.
pub fn rectangle(text: &str) -> Result<Rect, Invalid> {
    let refuse = || Invalid::new("part", text, "is not of the form `X,Y,WIDTH,HEIGHT`, in pixels");
    let numbers: Result<Vec<u32>, _> = text.split(',').map(|it| it.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[x, y, width, height]) if width > 0 && height > 0 => Ok(Rect { x, y, width, height }),
        Ok(_) | Err(_) => Err(refuse()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Scale, rectangle};
    use crate::model::{Rect, Size};

    #[test]
    fn a_scale_is_a_share_or_a_frame_to_fit_in() {
        let size = Size { width: 1024, height: 768 };
        let scaled = |text: &str| text.parse::<Scale>().map(|scale| scale.of(size)).ok();
        assert_eq!(scaled("50%"), Some(Size { width: 512, height: 384 }));
        assert_eq!(scaled("800x600"), Some(Size { width: 800, height: 600 }));
        assert_eq!(scaled("800x60"), Some(Size { width: 80, height: 60 }));
        for wrong in ["0%", "801%", "x", "800", "0x1", "-1x2", "99999x1", "%"] {
            assert_eq!(scaled(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_part_is_four_numbers() {
        assert_eq!(rectangle("1,2, 3,4"), Ok(Rect { x: 1, y: 2, width: 3, height: 4 }));
        for wrong in ["", "1,2,3", "1,2,0,4", "1,2,3,4,5", "-1,0,1,1", "a,b,c,d"] {
            assert!(rectangle(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_to_fit_fits_and_touches_a_side(
            w in 1u32..5000, h in 1u32..5000, width in 1u32..5000, height in 1u32..5000,
        ) {
            let size = Scale::Within(Size { width, height }).of(Size { width: w, height: h });
            prop_assert!(size.width <= width && size.height <= height);
            prop_assert!(size.width == width || size.height == height);
        }
    }
}
