use crate::model::Frame;

/// Up to how many colours are counted.
const MOST_COUNTED: usize = 4096;

/// Every colour that three bytes can be.
const ALL_COLOURS: usize = 1 << 24;

/// How many colours a frame has and which covers most of it.
pub(super) struct Colours {
    /// How many there are, counted up to 4096.
    pub(super) count: usize,
    /// The one that covers most.
    pub(super) main: [u8; 3],
    /// How many pixels have it.
    pub(super) main_pixels: usize,
}

impl Colours {
    /// Counts the colours of a frame.
    pub(super) fn of(frame: &Frame) -> Self {
        // One counter for each colour there is: exact, and the pages of colours that a screen
        // does not have are never touched.
        let mut pixels_of = vec![0u32; ALL_COLOURS];
        let mut found = Self { count: 0, main: [0; 3], main_pixels: 0 };
        let mut most = 0;
        for run in frame.rgb().as_chunks::<3>().0.chunk_by(|a, b| a == b) {
            let Some(colour) = run.first().copied() else { continue };
            let Some(pixels) = pixels_of.get_mut(place(colour)) else { continue };
            found.count += usize::from(*pixels == 0);
            *pixels += u32::try_from(run.len()).unwrap_or(u32::MAX);
            if *pixels > most {
                most = *pixels;
                found.main = colour;
            }
        }
        found.count = found.count.min(MOST_COUNTED);
        found.main_pixels = usize::try_from(most).unwrap_or(usize::MAX);
        found
    }
}

fn place([red, green, blue]: [u8; 3]) -> usize {
    usize::from(red) << 16 | usize::from(green) << 8 | usize::from(blue)
}

#[cfg(test)]
mod tests {
    use super::Colours;
    use crate::model::{Frame, Size};

    #[test]
    fn the_main_colour_is_the_one_of_most_pixels_wherever_they_are() {
        let rgb = [[9, 0, 0], [1, 2, 3], [9, 0, 0], [4, 4, 4], [9, 0, 0], [1, 2, 3]].concat();
        let colours = Colours::of(&Frame::new(Size { width: 3, height: 2 }, rgb).unwrap());
        assert_eq!((colours.count, colours.main, colours.main_pixels), (3, [9, 0, 0], 3));
    }

    #[test]
    fn counting_ends_at_4096() {
        let rgb = (0u32..5000).flat_map(|n| n.to_le_bytes()[..3].to_vec()).collect();
        let colours = Colours::of(&Frame::new(Size { width: 100, height: 50 }, rgb).unwrap());
        assert_eq!((colours.count, colours.main_pixels), (4096, 1));
    }
}
