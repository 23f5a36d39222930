use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::usage;
use crate::cli::values::duration;
use crate::error::Error;
use crate::model::{Button, Position, Rect, Size, VmRef};
use crate::request::{
    Gesture, Look, Picture, PointerRequest, Request, Space, picture_size, rectangle,
};

/// How long a change of the screen is waited for when it is not said.
const SETTLE: Duration = Duration::from_millis(500);

/// What all gestures take.
#[derive(Debug, Args)]
pub(super) struct Pointing {
    /// Name the VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    pub(super) name: Option<String>,

    /// Count in pixels of the screen (native), of a picture of it (image), or in thousandths (1000)
    #[arg(long, value_enum, value_name = "SPACE")]
    space: Option<SpaceWord>,

    /// Count in pixels of a picture of this size, such as 512x384
    #[arg(long, value_name = "SIZE", value_parser = picture_size, required_if_eq("space", "image"))]
    image_size: Option<Size>,

    /// The picture shows only this part of the screen: X,Y,WIDTH,HEIGHT, as `screenshot --crop` has it
    #[arg(long, value_name = "RECTANGLE", value_parser = rectangle, requires = "image_size")]
    crop: Option<Rect>,

    /// Wait this long for the screen to change, such as 500ms or 2s [default: 500ms]
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "blind")]
    settle: Option<Duration>,

    /// Do not look at the screen before and after
    #[arg(long)]
    blind: bool,
}

/// What the places are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SpaceWord {
    /// Pixels of the VM's screen.
    Native,
    /// Pixels of a picture of it; its size is told by --image-size.
    Image,
    /// Thousandths of the screen's width and height.
    #[value(name = "1000")]
    Thousandths,
}

/// Which button.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(super) struct Which {
    /// Use the right button
    #[arg(long)]
    right: bool,

    /// Use the middle button
    #[arg(long)]
    middle: bool,
}

impl Pointing {
    pub(super) fn request(&self, vm: VmRef, gesture: Gesture) -> Result<Request, Error> {
        let (space, look) = (self.space()?, self.look());
        Ok(Request::Point(PointerRequest { vm, gesture, space, look }))
    }

    /// Whoever tells the size of a picture counts in it.
    fn space(&self) -> Result<Space, Error> {
        match (self.space, self.image_size) {
            (Some(SpaceWord::Image) | None, Some(size)) => {
                Ok(Space::Image(Picture { size, crop: self.crop }))
            }
            (Some(SpaceWord::Native) | None, None) => Ok(Space::Native),
            (Some(SpaceWord::Thousandths), None) => Ok(Space::Thousandths),
            (Some(SpaceWord::Native | SpaceWord::Thousandths), Some(_)) => {
                Err(usage("`--image-size` is only for `--space image`")
                    .hint("leave out one of the two"))
            }
            (Some(SpaceWord::Image), None) => Err(usage("how large is the picture?")
                .hint("tell it with `--image-size`, such as `--image-size 512x384`")),
        }
    }

    /// Returns the request of a gesture whose place is one of the screenshot's pixels.
    pub(super) fn request_at_pixel(&self, vm: VmRef, gesture: Gesture) -> Request {
        Request::Point(PointerRequest { vm, gesture, space: Space::Native, look: self.look() })
    }

    fn look(&self) -> Look {
        if self.blind { Look::Away } else { Look::Until(self.settle.unwrap_or(SETTLE)) }
    }
}

impl Which {
    pub(super) fn button(&self) -> Button {
        match (self.right, self.middle) {
            (true, _) => Button::Right,
            (false, true) => Button::Middle,
            (false, false) => Button::Left,
        }
    }
}

/// Reads so many positions, each two words or `X,Y`; `usage` shows how they are written.
pub(super) fn positions<const N: usize>(
    words: &[String],
    example: &str,
) -> Result<[Position; N], Error> {
    let numbers: Vec<&str> = words.iter().flat_map(|word| word.split(',')).collect();
    let pairs = numbers.as_chunks::<2>();
    let read = |[x, y]: &[&str; 2]| format!("{x},{y}").parse::<Position>();
    let found = pairs.0.iter().map(read).collect::<Result<Vec<Position>, _>>();
    let found = found.map_err(|it| Error::from(it).hint(format!("such as `{example}`")))?;
    let found: Result<[Position; N], _> = found.try_into();
    match found {
        Ok(positions) if pairs.1.is_empty() => Ok(positions),
        Ok(_) | Err(_) => {
            let (wanted, got) = (2 * N, numbers.len());
            Err(usage(format!("a place is X and Y: {wanted} numbers are needed, {got} are given"))
                .hint(format!("such as `{example}`")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::positions;
    use crate::model::Position;

    fn read(text: &str) -> Result<[Position; 2], String> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        positions(&words, "vm-cli drag NAME 1 2 3 4").map_err(|error| error.to_string())
    }

    #[test]
    fn places_are_numbers_in_pairs() {
        let expected = Ok([Position { x: 1, y: 2 }, Position { x: 3, y: 4 }]);
        assert_eq!(read("1 2 3 4"), expected);
        assert_eq!(read("1,2 3,4"), expected);
        for wrong in ["", "1 2 3", "1 2 3 4 5", "1 2 3 -4", "a b c d", "1 2"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
