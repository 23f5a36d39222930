//! From surfaces and ink to lines of words.

use super::cells::{self, Cell};
use super::crop::Crop;
use super::glyph::Glyph;
use super::icons;
use super::known;
use super::lines::{self, Proposal};
use super::looks;
use super::missed;
use super::recognise::Recogniser;
use super::typed::Names;
use super::words::words;
use crate::error::Error;
use crate::model::Frame;
use crate::screen::area::{Area, signed};
use crate::screen::console::{self, Grid};
use crate::screen::ink::Ink;
use crate::screen::memory::LineMemory;
use crate::screen::paint;
use crate::screen::reading::{Colouring, Line, Quality};
use crate::screen::surfaces::Surfaces;

/// So many crops are read at once: more need much memory and are no faster.
const BATCH: usize = 8;

/// What is less sure than this is no text.
const SURE: f64 = 0.5;

/// How thoroughly a screen is read, and by what.
#[derive(Clone, Copy)]
pub(in crate::screen) struct How<'a> {
    pub(in crate::screen) quality: Quality,
    pub(in crate::screen) recogniser: &'a Recogniser,
}

/// Lines, and the small pictures that stood beside or among them.
#[derive(Debug)]
pub(crate) struct Text {
    /// Each with the number of the surface that it is written on.
    pub(crate) lines: Vec<(Line, u32)>,
    pub(crate) pictures: Vec<Area>,
}

/// Reads the text on a screen. What the memory knows need not be recognised again.
pub(crate) fn read(
    frame: &Frame,
    surfaces: &Surfaces,
    ink: &[Ink],
    how: How<'_>,
    memory: &mut dyn LineMemory,
) -> Result<Text, Error> {
    if let Some(grid) = console::grid(frame) {
        return read_console(frame, surfaces, &grid, how, memory);
    }
    let mut pictures = Vec::new();
    let mut proposals = Vec::new();
    for line in lines::propose(ink, surfaces) {
        let (kept, cut) = icons::cut(&line);
        proposals.extend(kept);
        pictures.extend(cut);
    }
    proposals.extend(missed::find(frame, surfaces, ink, &proposals, how.quality)?);
    let mut lines = Vec::new();
    for (proposal, glyphs) in recognise_all(frame, &proposals, how, memory)? {
        if is_icon(proposal, &glyphs) || icons::is_row(proposal, &glyphs) {
            pictures.extend(icons::parts(proposal));
        } else {
            let line = line(frame, surfaces, proposal, &glyphs);
            lines.extend(line.map(|it| (it, proposal.paper)));
        }
    }
    lines.sort_by_key(|(it, _)| (it.area.y, it.area.x));
    Ok(Text { lines, pictures })
}

/// Reads a text console, cell by cell.
fn read_console(
    frame: &Frame,
    surfaces: &Surfaces,
    grid: &Grid,
    how: How<'_>,
    memory: &mut dyn LineMemory,
) -> Result<Text, Error> {
    let rows = cells::lines(frame, grid);
    let mut names = Names::of(grid);
    let lessons: Vec<&Vec<Cell>> =
        names.lessons(&rows).into_iter().filter_map(|it| rows.get(it)).collect();
    let proposals: Vec<Proposal> = lessons.iter().filter_map(|it| of_cells(it)).collect();
    for (proposal, glyphs) in recognise_all(frame, &proposals, how, memory)? {
        let row = lessons.iter().find(|it| around(it) == Some(proposal.area));
        names.hear(row.map(|it| it.as_slice()).unwrap_or_default(), &glyphs, signed(grid.cell.0));
    }
    let lines = rows.iter().filter_map(|it| names.line(it));
    let lines = lines.map(|it| (paper_of(surfaces, &it), it)).map(|(paper, it)| (it, paper));
    Ok(Text { lines: lines.collect(), pictures: Vec::new() })
}

fn around(cells: &[Cell]) -> Option<Area> {
    cells.iter().map(|it| it.area).reduce(Area::with)
}

fn of_cells(cells: &[Cell]) -> Option<Proposal> {
    Some(Proposal { area: around(cells)?, pieces: Vec::new(), paper: 0 })
}

/// Returns the surface that a line of cells is written on.
fn paper_of(surfaces: &Surfaces, line: &Line) -> u32 {
    let area = Area::from(line.area);
    let beside = [(area.left - 2, area.top), (area.right + 1, area.top), (area.left, area.top - 1)];
    beside.into_iter().map(|(x, y)| surfaces.at.get(x, y)).find(|it| *it != 0).unwrap_or_default()
}

/// Reads every proposal, those of one width together.
fn recognise_all<'a>(
    frame: &Frame,
    proposals: &'a [Proposal],
    how: How<'_>,
    memory: &mut dyn LineMemory,
) -> Result<Vec<(&'a Proposal, Vec<Glyph>)>, Error> {
    let mut read = Vec::with_capacity(proposals.len());
    let mut unread = Vec::new();
    let view = looks::first(how.quality);
    for proposal in proposals {
        let area = room(proposal);
        let key = known::key(frame, area, how);
        match memory.recall(&key) {
            Some(line) => read.push((proposal, known::placed(&line, area))),
            None => unread.push((Crop::of(frame, area, view), key, proposal)),
        }
    }
    // The same line is often seen twice on one screen: it is read once.
    unread.sort_by(|a, b| (a.0.width, &a.1).cmp(&(b.0.width, &b.1)));
    let alike: Vec<_> = unread.chunk_by(|a, b| a.1 == b.1).collect();
    let is_one_width = |a: &&[_], b: &&[_]| width(b) <= width(a) + width(a) / 16 + 8;
    for batch in alike.chunk_by(is_one_width).flat_map(|it| it.chunks(BATCH)) {
        let firsts: Vec<_> = batch.iter().filter_map(|it| it.first()).collect();
        let crops: Vec<&Crop> = firsts.iter().map(|it| &it.0).collect();
        let answers = how.recogniser.read(&crops)?;
        for (same, glyphs) in batch.iter().zip(answers) {
            let Some((crop, key, _)) = same.first() else { continue };
            let glyphs = looks::again(frame, how, crop, glyphs)?;
            let line = known::unplaced(&glyphs, crop.area);
            for (crop, _, proposal) in *same {
                read.push((*proposal, known::placed(&line, crop.area)));
            }
            memory.keep(key, &line);
        }
    }
    Ok(read)
}

fn width(same: &&[(Crop, String, &Proposal)]) -> i32 {
    same.first().map_or(0, |it| it.0.width)
}

/// Leaves room around a line, as the recogniser is used to.
fn room(line: &Proposal) -> Area {
    let margin = (line.area.height() * 3 / 20).max(2);
    line.area.grown(margin, margin)
}

/// Tells an icon from a letter that stands alone: no digit, and about as wide as it is high.
fn is_icon(line: &Proposal, glyphs: &[Glyph]) -> bool {
    let (width, height) = (line.area.width(), line.area.height());
    let is_squarish = width * 2 > height && width < height * 2 && width >= 7;
    let is_flat = width >= 7 && width < height * 3;
    let glyphs: Vec<&Glyph> = glyphs.iter().filter(|it| !it.character.is_whitespace()).collect();
    match glyphs.as_slice() {
        [] => is_squarish,
        // A word of Chinese or Japanese may be one character.
        [glyph] if is_wide(glyph.character) && glyph.confidence > 0.8 => false,
        [glyph] => {
            let is_sign = !glyph.character.is_ascii() && !glyph.character.is_alphabetic();
            // Digits are slim.
            let is_digit = glyph.character.is_ascii_digit() && width * 5 <= height * 4;
            (is_squarish || is_flat) && !is_digit || is_sign
        }
        [_, _] => {
            let is_number = glyphs.iter().all(|it| it.character.is_ascii_digit());
            is_squarish && !is_number && glyphs.iter().any(|it| it.confidence < 0.8)
        }
        [_, _, _, ..] => false,
    }
}

/// Returns whether a character is of a script whose letters are as wide as they are high.
fn is_wide(character: char) -> bool {
    ('\u{2e80}'..='\u{d7ff}').contains(&character) && character.is_alphabetic()
}

fn line(frame: &Frame, surfaces: &Surfaces, proposal: &Proposal, glyphs: &[Glyph]) -> Option<Line> {
    let sum: f32 = glyphs.iter().map(|it| it.confidence).sum();
    let count = u32::try_from(glyphs.len().max(1)).ok()?;
    let confidence = f64::from(sum) / f64::from(count);
    let words = words(proposal, glyphs);
    if words.is_empty() || confidence < SURE {
        return None;
    }
    let paper = surfaces.get(proposal.paper).map_or([0; 3], |it| it.colour);
    let ink = paint::ink(frame, surfaces, proposal.area, paper);
    let colours = Colouring { ink, paper };
    Some(Line { area: proposal.area.rect(), words, confidence, colours })
}
