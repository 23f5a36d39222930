use crate::model::Frame;
use crate::screen::area::Area;
use crate::screen::ink::Ink;
use crate::screen::paint::{self, Colour};
use crate::screen::surfaces::{Surface, Surfaces};

/// All that is known of a screen before its elements are.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) surfaces: &'a Surfaces,
    pub(crate) ink: &'a [Ink],
    pub(crate) texts: Vec<Text>,
    /// Small pictures that stood beside or among the text.
    pub(crate) pictures: Vec<Area>,
}

/// A line of text, as the elements see it.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) area: Area,
    pub(crate) said: String,
    /// The number of the surface that it is written on; 0 is unknown.
    pub(crate) paper: u32,
    pub(crate) ink: Colour,
    pub(crate) paper_colour: Colour,
}

impl Scene<'_> {
    /// Returns the texts that are written on a surface.
    pub(super) fn texts_on(&self, surface: u32) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(move |it| it.paper == surface)
    }

    pub(super) fn colour(&self, x: i32, y: i32) -> Colour {
        paint::at(self.frame, x, y)
    }

    /// Returns the surface around an area, looked for a few pixels outside.
    pub(super) fn around(&self, area: Area) -> Option<(u32, &Surface)> {
        let (x, y) = area.centre();
        let places = (1..=6).flat_map(|far| {
            [
                (area.left - far, y),
                (x, area.top - far),
                (area.right + far - 1, y),
                (x, area.bottom + far - 1),
            ]
        });
        let mut found: Vec<u32> = Vec::new();
        for (x, y) in places {
            let number = self.surfaces.at.get(x, y);
            let surface = self.surfaces.get(number);
            if surface.is_some_and(|it| it.area.holds(area)) {
                // The second of four sides decides.
                if found.contains(&number) {
                    return Some((number, self.surfaces.get(number)?));
                }
                found.push(number);
            }
        }
        let number = *found.first()?;
        Some((number, self.surfaces.get(number)?))
    }

    /// Returns which share of the places along an area's edge is ink, and the ink's usual colour.
    pub(super) fn border(&self, area: Area) -> (f64, Colour) {
        let mut colours: Vec<Colour> = Vec::new();
        let mut places = 0;
        let mut look = |near: [(i32, i32); 2]| {
            places += 1;
            let inked = near.into_iter().find(|(x, y)| self.surfaces.at.get(*x, *y) == 0);
            colours.extend(inked.map(|(x, y)| self.colour(x, y)));
        };
        for x in (area.left + 3..area.right - 3).step_by(2) {
            look([(x, area.top - 1), (x, area.top)]);
            look([(x, area.bottom), (x, area.bottom - 1)]);
        }
        for y in (area.top + 3..area.bottom - 3).step_by(2) {
            look([(area.left - 1, y), (area.left, y)]);
            look([(area.right, y), (area.right - 1, y)]);
        }
        let share = crate::screen::area::ratio(
            crate::screen::area::signed(colours.len()).into(),
            i64::from(places),
        );
        colours.sort_unstable();
        (share, colours.get(colours.len() / 2).copied().unwrap_or_default())
    }
}
