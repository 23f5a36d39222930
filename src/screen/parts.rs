//! Parts of a picture that hang together: the ground on which surfaces and glyphs are found.

use super::area::{Area, signed, unsigned};

/// Pixels of a row that belong together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) row: i32,
    pub(super) start: i32,
    /// Just after the last.
    pub(super) end: i32,
    /// The part that it belongs to.
    pub(super) part: usize,
}

/// Joins runs into parts.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    parents: Vec<usize>,
}

impl Joiner {
    pub(super) fn add(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.parents.len() - 1
    }

    fn root(&mut self, mut it: usize) -> usize {
        loop {
            let parent = self.parents.get(it).copied().unwrap_or(it);
            if parent == it {
                return it;
            }
            // Halves the way for the next one.
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(own) = self.parents.get_mut(it) {
                *own = above;
            }
            it = parent;
        }
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(parent) = self.parents.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    }

    /// Numbers the groups from 0 and returns each member's number, and how many there are.
    pub(super) fn number(mut self) -> (Vec<usize>, usize) {
        let mut numbers: Vec<usize> = Vec::with_capacity(self.parents.len());
        let mut count = 0;
        for member in 0..self.parents.len() {
            let root = self.root(member);
            // A root is the first of its group.
            let number = numbers.get(root).copied().unwrap_or_else(|| {
                count += 1;
                count - 1
            });
            numbers.push(number);
        }
        (numbers, count)
    }
}

/// Joins runs, sorted by row and start, that touch from row to row; `reach` 1 lets corners touch.
/// Returns how many parts there are.
pub(super) fn join_rows(
    runs: &mut [Run],
    reach: i32,
    is_one: impl Fn(&Run, &Run) -> bool,
) -> usize {
    let mut joiner = Joiner::default();
    for _ in runs.iter() {
        joiner.add();
    }
    let (mut above, mut row_start) = (0, 0);
    for at in 0..runs.len() {
        let Some(run) = runs.get(at).copied() else { break };
        if runs.get(row_start).is_some_and(|it| it.row != run.row) {
            above = row_start;
            row_start = at;
        }
        // Those above that end before this one starts are of no use to the next ones either.
        while above < row_start
            && runs.get(above).is_some_and(|it| it.row < run.row - 1 || it.end + reach <= run.start)
        {
            above += 1;
        }
        for (index, upper) in runs.iter().enumerate().take(row_start).skip(above) {
            if upper.start >= run.end + reach {
                break;
            }
            if is_one(upper, &run) {
                joiner.join(index, at);
            }
        }
    }
    let (numbers, count) = joiner.number();
    for (run, number) in runs.iter_mut().zip(numbers) {
        run.part = number;
    }
    count
}

/// Returns the area of each part and how many pixels it has.
pub(super) fn measure(runs: &[Run], count: usize) -> Vec<(Area, i64)> {
    let nothing = (Area::new(i32::MAX, i32::MAX, i32::MIN, i32::MIN), 0);
    let mut parts = vec![nothing; count];
    for run in runs {
        if let Some((area, pixels)) = parts.get_mut(run.part) {
            *area = area.with(Area::new(run.start, run.row, run.end, run.row + 1));
            *pixels += i64::from(run.end - run.start);
        }
    }
    parts
}

/// One value for each pixel; what is outside is the default.
#[derive(Debug, Clone)]
pub(super) struct Plane<T> {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) values: Vec<T>,
}

impl<T: Copy + Default> Plane<T> {
    pub(super) fn new(width: i32, height: i32) -> Self {
        Self { width, height, values: vec![T::default(); unsigned(width) * unsigned(height)] }
    }

    pub(super) fn get(&self, x: i32, y: i32) -> T {
        if x < 0 || x >= self.width {
            return T::default();
        }
        let Ok(row) = usize::try_from(y) else { return T::default() };
        self.values.get(row * unsigned(self.width) + unsigned(x)).copied().unwrap_or_default()
    }

    pub(super) fn fill(&mut self, row: i32, start: i32, end: i32, value: T) {
        let first = unsigned(row) * unsigned(self.width);
        let range = first + unsigned(start)..first + unsigned(end);
        if let Some(pixels) = self.values.get_mut(range) {
            pixels.fill(value);
        }
    }

    /// Returns the rows with their numbers.
    pub(super) fn rows(&self) -> impl Iterator<Item = (i32, &[T])> {
        self.values.chunks(unsigned(self.width).max(1)).enumerate().map(|(y, row)| (signed(y), row))
    }
}
