//! Reads text consoles cell by cell. A shape that a known font has is that character. Any other is
//! learnt: the recogniser reads some lines that it is in, and what it is called most often is its name.
//! So every character of a screen is read alike wherever it stands, and no space is lost.

use std::collections::HashMap;

use super::cells::{Cell, Outline};
use super::font::{self, is_drawing};
use super::glyph::Glyph;
use crate::screen::area::{Area, fraction};
use crate::screen::console::Grid;
use crate::screen::reading::{Colouring, Line, Word};

/// So many lines with a shape in it are read to learn its name.
const SIGHTINGS: usize = 3;

/// The names of the shapes on a screen.
#[derive(Debug)]
pub(super) struct Names {
    /// In cells of any other size than 8x16 and 9x16 there is no known font.
    has_font: bool,
    /// What each shape was called, and how surely, all together.
    heard: HashMap<u64, HashMap<char, f32>>,
}

impl Names {
    pub(super) fn of(grid: &Grid) -> Self {
        Self { has_font: matches!(grid.cell, (8 | 9, 16)), heard: HashMap::new() }
    }

    /// Returns a shape's name and how sure it is.
    fn name(&self, cell: &Cell) -> Option<(char, f32)> {
        if let Some(character) = font::character(cell.shape).filter(|_| self.has_font) {
            return Some((character, 1.0));
        }
        let heard = self.heard.get(&cell.shape)?;
        let all: f32 = heard.values().sum();
        let best = heard.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        Some((*best.0, best.1 / all))
    }

    /// Returns the lines that must be read to learn the shapes that have no name, by their places.
    pub(super) fn lessons(&self, lines: &[Vec<Cell>]) -> Vec<usize> {
        let mut seen: HashMap<u64, usize> = HashMap::new();
        let is_new = |it: &&Cell| it.outline == Outline::Free && self.name(it).is_none();
        let mut lessons = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            let unknown: Vec<u64> = line.iter().filter(is_new).map(|it| it.shape).collect();
            if unknown.iter().all(|it| seen.get(it).is_some_and(|it| *it >= SIGHTINGS)) {
                continue;
            }
            lessons.push(place);
            for shape in unknown {
                *seen.entry(shape).or_default() += 1;
            }
        }
        lessons
    }

    /// Hears how a line is read.
    pub(super) fn hear(&mut self, line: &[Cell], glyphs: &[Glyph], cell_width: i32) {
        let glyphs: Vec<&Glyph> =
            glyphs.iter().filter(|it| !it.character.is_whitespace()).collect();
        let is_one_to_one = glyphs.len() == line.len();
        for (place, cell) in line.iter().enumerate() {
            let middle = fraction(cell.area.left + cell.area.right) / 2.0;
            let nearest =
                glyphs.iter().min_by(|a, b| (a.x - middle).abs().total_cmp(&(b.x - middle).abs()));
            let glyph = if is_one_to_one { glyphs.get(place) } else { nearest };
            let Some(glyph) = glyph.filter(|it| (it.x - middle).abs() < fraction(cell_width))
            else {
                continue;
            };
            // Counted letters are surer than those that are only near.
            let weight = if is_one_to_one { glyph.confidence } else { glyph.confidence / 4.0 };
            let names = self.heard.entry(cell.shape).or_default();
            *names.entry(glyph.character).or_default() += weight;
        }
    }

    /// Writes down what stands in a line; nothing if it is only drawn.
    pub(super) fn line(&self, cells: &[Cell]) -> Option<Line> {
        let mut words: Vec<(String, Area)> = Vec::new();
        let (mut before, mut sure, mut count) = (None, 0.0, 0u16);
        let mut colours = None;
        for cell in cells {
            let Some((character, confidence)) = self.name(cell) else { continue };
            if is_drawing(character) {
                continue;
            }
            let (top, bottom) = cell.rows;
            let place = Area::new(cell.area.left, top, cell.area.right, bottom);
            match words.last_mut() {
                Some((text, area)) if before == Some(cell.column - 1) => {
                    text.push(character);
                    *area = area.with(place);
                }
                Some(_) | None => words.push((character.to_string(), place)),
            }
            before = Some(cell.column);
            colours = colours.or(Some(Colouring { ink: cell.ink, paper: cell.paper }));
            sure += confidence;
            count = count.saturating_add(1);
        }
        let area = words.iter().map(|(_, area)| *area).reduce(Area::with)?.rect();
        let words = words.into_iter().map(|(text, area)| Word { text, area: area.rect() });
        Some(Line {
            area,
            words: words.collect(),
            confidence: f64::from(sure) / f64::from(count.max(1)),
            colours: colours.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Names;
    use crate::screen::area::{Area, fraction};
    use crate::screen::console::Grid;
    use crate::screen::text::cells::{Cell, Outline};
    use crate::screen::text::glyph::Glyph;

    const GRID: Grid = Grid { cell: (10, 20), origin: (0, 0), confidence: 1.0 };

    /// Cells of a font that nobody knows: the shape of a letter is its number.
    fn typed(text: &str) -> Vec<Cell> {
        let cells = (0..).zip(text.chars()).filter(|(_, it)| *it != ' ');
        let cell = |(column, character): (i32, char)| Cell {
            column,
            area: Area::new(column * 10 + 1, 4, column * 10 + 8, 16),
            rows: (0, 20),
            shape: u64::from(character),
            outline: Outline::Free,
            ink: [200; 3],
            paper: [0; 3],
        };
        cells.map(cell).collect()
    }

    fn read(text: &str) -> Vec<Glyph> {
        let glyph = |(column, character): (i32, char)| Glyph {
            character,
            x: fraction(column * 10 + 5),
            confidence: 0.9,
        };
        (0..).zip(text.chars()).map(glyph).collect()
    }

    #[test]
    fn what_is_misread_once_is_outvoted_and_every_space_is_kept() {
        let mut names = Names::of(&GRID);
        for (truth, heard) in [("to be", "to be"), ("or to", "0r to"), ("so do", "so do")] {
            names.hear(&typed(truth), &read(heard), 10);
        }
        let line = names.line(&typed("or  to be  o")).unwrap();
        assert_eq!(line.text(), "or to be o");
        assert_eq!((line.words[0].area.x, line.words[0].area.height), (1, 20));
        assert!(line.confidence < 1.0);
    }

    #[test]
    fn a_line_with_a_new_shape_is_a_lesson_until_it_was_seen_often_enough() {
        let names = Names::of(&GRID);
        let lines: Vec<_> = ["ab", "ab", "ab", "ab", "abc"].map(typed).to_vec();
        assert_eq!(names.lessons(&lines), [0, 1, 2, 4]);
        let mut taught = Names::of(&GRID);
        taught.hear(&typed("abc"), &read("abc"), 10);
        assert!(taught.lessons(&lines).is_empty());
    }

    #[test]
    fn what_nobody_can_name_is_left_out() {
        assert_eq!(Names::of(&GRID).line(&typed("ab")), None);
    }
}
