//! Proposes lines of text from pieces of ink, without a model.

use std::collections::HashSet;

use crate::screen::area::{Area, ratio};
use crate::screen::ink::Ink;
use crate::screen::surfaces::{Surface, Surfaces};

/// Pieces of ink that are likely a line of text.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) area: Area,
    /// From left to right.
    pub(super) pieces: Vec<Ink>,
    pub(super) paper: u32,
}

impl Proposal {
    pub(super) fn of(mut pieces: Vec<Ink>) -> Option<Self> {
        pieces.sort_by_key(|it| (it.area.left, it.area.top));
        let first = pieces.first()?;
        let (area, paper) = (first.area, first.paper);
        let area = pieces.iter().fold(area, |area, it| area.with(it.area));
        Some(Self { area, pieces, paper })
    }
}

/// Letters are no higher than this.
const HIGHEST: i32 = 110;

/// Pieces lower than this are dots, dashes, accents: they join a line but do not begin one.
const LOWEST: i32 = 5;

/// Round corners are no larger where they leave specks.
const CORNER: i32 = 4;

/// Returns the lines that letters on one surface form, and the pieces that are in none.
pub(super) fn propose(ink: &[Ink], surfaces: &Surfaces) -> Vec<Proposal> {
    let (mut letters, mut marks) = (Vec::new(), Vec::new());
    let enclosed: Vec<Area> =
        surfaces.iter().map(|(_, it)| it.area).filter(|it| it.height() <= HIGHEST).collect();
    let is_ink = |it: &&Ink| {
        it.paper != 0
            && !is_around(it.area, &enclosed)
            && !is_corner(it.area, surfaces.get(it.paper))
    };
    for piece in ink.iter().filter(is_ink) {
        match role(piece) {
            Role::Letter => letters.push(*piece),
            Role::Mark => marks.push(*piece),
            Role::Other => {}
        }
    }
    let mut lines = chain(letters);
    attach(&mut lines, without_dotted_lines(marks));
    let lines = join(lines.into_iter().filter_map(Proposal::of).collect());
    // A comma may be as high as a letter; only beside a line it is seen that it is none.
    let (small, large): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|it| it.area.height() < 8 && it.area.width() < 9);
    let mut lines: Vec<_> = large.into_iter().map(|it| it.pieces).collect();
    let rest = attach(&mut lines, small.into_iter().flat_map(|it| it.pieces).collect());
    let alone = rest.into_iter().filter(|it| it.area.height() >= LOWEST).map(|it| vec![it]);
    let lines = lines.into_iter().chain(alone).filter_map(Proposal::of).collect();
    join(lines).into_iter().filter(is_text).collect()
}

/// Returns whether an area is the frame of a surface.
fn is_around(area: Area, surfaces: &[Area]) -> bool {
    area.width() > 10
        && area.height() > 10
        && surfaces.iter().any(|it| area.holds(*it) && it.size() * 2 > area.size())
}

/// Returns whether an area is a speck in a corner of what it lies on: where round corners are smoothed.
fn is_corner(area: Area, paper: Option<&Surface>) -> bool {
    let Some(paper) = paper.filter(|it| it.is_slab && it.area.height() <= HIGHEST) else {
        return false;
    };
    let inner = paper.area.grown(-CORNER, -CORNER);
    let is_beside = area.right <= inner.left || inner.right <= area.left;
    let is_beyond = area.bottom <= inner.top || inner.bottom <= area.top;
    is_beside && is_beyond
}

#[derive(Debug, Clone, Copy)]
enum Role {
    Letter,
    Mark,
    Other,
}

fn role(piece: &Ink) -> Role {
    let (width, height) = (piece.area.width(), piece.area.height());
    let filled = ratio(piece.pixels, piece.area.size());
    let is_frame =
        filled < 0.12 && width.min(height) > 12 || filled < 0.2 && width.min(height) > 24;
    let is_rule = height <= 3 && width > 30 || width <= 2 && height > 40;
    if is_frame || is_rule || height > HIGHEST || width > 60 * height {
        Role::Other
    } else if height < LOWEST {
        if width <= 24 { Role::Mark } else { Role::Other }
    } else {
        Role::Letter
    }
}

/// Joins letters that stand beside each other.
fn chain(mut letters: Vec<Ink>) -> Vec<Vec<Ink>> {
    letters.sort_by_key(|it| (it.area.left, it.area.top));
    let mut joiner = crate::screen::parts::Joiner::default();
    for _ in &letters {
        joiner.add();
    }
    for (index, one) in letters.iter().enumerate() {
        let reach = one.area.right + HIGHEST;
        let later = letters.iter().enumerate().skip(index + 1);
        for (other_index, other) in later.take_while(|(_, it)| it.area.left <= reach) {
            if is_beside(one, other) {
                joiner.join(index, other_index);
            }
        }
    }
    let (numbers, count) = joiner.number();
    let mut lines = vec![Vec::new(); count];
    for (letter, number) in letters.into_iter().zip(numbers) {
        if let Some(line) = lines.get_mut(number) {
            line.push(letter);
        }
    }
    lines
}

fn is_beside(one: &Ink, other: &Ink) -> bool {
    let (a, b) = (one.area, other.area);
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    one.paper == other.paper
        && a.rows_shared(b) * 2 >= low
        && high <= low * 4
        // A space is about a third of the font's height, a letter without a stem half of it.
        && a.gap_across(b) * 10 <= high.min(low * 2) * 9
}

/// Adds dots, dashes and accents to the lines that they stand in.
/// Returns those that stand in none.
fn attach(lines: &mut [Vec<Ink>], mut marks: Vec<Ink>) -> Vec<Ink> {
    let mut rest = Vec::new();
    marks.sort_by_key(|it| it.area.left);
    let mut areas: Vec<_> =
        lines.iter().map(|line| line.iter().map(|it| it.area).reduce(Area::with)).collect();
    for mark in marks {
        let nearest = areas
            .iter()
            .enumerate()
            .filter_map(|(index, area)| {
                let area = (*area)?;
                let line = lines.get(index)?;
                if line.first()?.paper != mark.paper {
                    return None;
                }
                let around = area.grown(area.height().max(8) * 5 / 4, area.height() / 3);
                around.holds(mark.area).then(|| {
                    (
                        area.gap_across(mark.area).max(0)
                            + (area.centre().1 - mark.area.centre().1).abs(),
                        index,
                    )
                })
            })
            .min();
        if let Some((_, index)) = nearest {
            if let Some(line) = lines.get_mut(index) {
                line.push(mark);
            }
            if let Some(Some(area)) = areas.get_mut(index) {
                *area = area.with(mark.area);
            }
        } else {
            rest.push(mark);
        }
    }
    rest
}

/// Drops the dots of dotted lines, which show what has the keyboard's attention: every second pixel.
fn without_dotted_lines(marks: Vec<Ink>) -> Vec<Ink> {
    let dots: HashSet<(i32, i32)> =
        marks.iter().filter(|it| it.pixels == 1).map(|it| (it.area.left, it.area.top)).collect();
    let is_dotted = |it: &Ink| {
        let (x, y) = (it.area.left, it.area.top);
        let beside =
            [(x - 2, y), (x + 2, y), (x, y - 2), (x, y + 2), (x - 1, y - 1), (x + 1, y + 1)];
        it.pixels == 1 && beside.iter().any(|place| dots.contains(place))
    };
    marks.into_iter().filter(|it| !is_dotted(it)).collect()
}

/// Joins lines that stand beside each other: only a whole line tells how wide its spaces may be.
fn join(mut lines: Vec<Proposal>) -> Vec<Proposal> {
    loop {
        let count = lines.len();
        lines.sort_by_key(|it| it.area.left);
        let mut joined: Vec<Proposal> = Vec::with_capacity(count);
        for line in lines {
            let near = joined.iter_mut().rev().find(|it| continues(it, &line));
            match near {
                Some(before) => {
                    before.area = before.area.with(line.area);
                    before.pieces.extend(line.pieces);
                }
                None => joined.push(line),
            }
        }
        if joined.len() == count {
            return joined.into_iter().filter_map(|it| Proposal::of(it.pieces)).collect();
        }
        lines = joined;
    }
}

fn continues(before: &Proposal, line: &Proposal) -> bool {
    let (a, b) = (before.area, line.area);
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    before.paper == line.paper
        && a.rows_shared(b) * 10 >= low * 7
        && high <= low * 5 / 2
        && a.gap_across(b) <= high
}

/// Returns whether a line may be text at all.
fn is_text(line: &Proposal) -> bool {
    let (width, height) = (line.area.width(), line.area.height());
    height >= LOWEST && width >= 2 && height <= HIGHEST
}
