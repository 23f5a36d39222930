use comfy_table::{Attribute, CellAlignment, Color, ContentArrangement};

use super::cell::Cell;
use super::document::Body;
use super::grid::{self, Grid};
use super::paint::Tone;
use super::plain;
use super::{Document, Format, Header, Paint, Style};
use crate::error::Error;

/// Rows and columns for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A column: its name in `--columns` and in JSON, its heading, its side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) key: String,
    heading: String,
    side: Side,
    need: Need,
}

/// Whether a column goes when the terminal is too narrow for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Always,
    IfRoom,
}

/// The side to which a column's cells are pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Column {
    pub(super) fn left(key: &str, heading: &str) -> Self {
        Self {
            key: key.to_owned(),
            heading: heading.to_owned(),
            side: Side::Left,
            need: Need::Always,
        }
    }

    pub(super) fn right(key: &str, heading: &str) -> Self {
        Self { side: Side::Right, ..Self::left(key, heading) }
    }

    /// Lets it go when the terminal is too narrow.
    pub(super) fn if_room(self) -> Self {
        Self { need: Need::IfRoom, ..self }
    }
}

/// Renders for people: the usual body, or a table of the columns that were asked for.
pub(super) fn render(document: &Document, style: &Style) -> Result<String, Error> {
    let style = match style.format {
        // Plain output is the same everywhere.
        Format::Plain => Style { paint: Paint::None, width: None, ..style.clone() },
        Format::Table
        | Format::Json
        | Format::JsonLines
        | Format::Yaml
        | Format::Csv
        | Format::Names
        | Format::Prometheus
        | Format::Tree => style.clone(),
    };
    if style.columns.is_empty() {
        return Ok(match (&document.body, style.width) {
            (Body::Table(table), Some(width)) => {
                plain::body(&Body::Table(table.fitted(width)), &style)
            }
            (body, _) => plain::body(body, &style),
        });
    }
    let table = match &document.body {
        Body::Table(table) if table.has_all(&style.columns) => table.only(&style.columns)?,
        Body::Table(_) | Body::Sheet(_) | Body::Lines(_) => {
            Table::of_grid(&Grid::of(document, &style.columns)?)
        }
    };
    Ok(table.render(&style))
}

impl Table {
    fn of_grid(grid: &Grid) -> Self {
        let heading = |key: &String| Column::left(key, &key.to_uppercase());
        let columns = grid.columns.iter().map(heading).collect();
        let rows = grid.rows.iter().map(|row| row.iter().map(Cell::new).collect()).collect();
        Self { columns, rows }
    }

    fn has_all(&self, keys: &[String]) -> bool {
        keys.iter().all(|key| self.columns.iter().any(|column| column.key == *key))
    }

    fn only(&self, keys: &[String]) -> Result<Self, Error> {
        let known: Vec<String> = self.columns.iter().map(|column| column.key.clone()).collect();
        let keys = grid::chosen(keys, &known)?;
        let places: Vec<usize> =
            keys.iter().filter_map(|key| known.iter().position(|k| k == key)).collect();
        let columns = places.iter().filter_map(|p| self.columns.get(*p).cloned()).collect();
        let pick = |row: &Vec<Cell>| places.iter().filter_map(|p| row.get(*p).cloned()).collect();
        Ok(Self { columns, rows: self.rows.iter().map(pick).collect() })
    }

    /// Returns it without the last columns that can go, as long as it is too wide.
    fn fitted(&self, width: u16) -> Self {
        let mut table = self.clone();
        while usize::from(width) < table.natural_width() {
            let spare = table.columns.iter().rposition(|column| column.need == Need::IfRoom);
            let Some(spare) = spare else { break };
            table.columns.remove(spare);
            for row in table.rows.iter_mut().filter(|row| spare < row.len()) {
                row.remove(spare);
            }
        }
        table
    }

    /// Returns how wide it is if nothing is broken into lines.
    fn natural_width(&self) -> usize {
        let lines = self.render(&Style::default());
        lines.lines().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    /// Renders columns that are at least two spaces apart, without any lines.
    pub(super) fn render(&self, style: &Style) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::NOTHING).force_no_tty();
        match style.width {
            Some(width) => {
                table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
            }
            None => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        if style.paint == Paint::Colour {
            table.enforce_styling();
        }
        if style.header == Header::Shown {
            let strong = |column: &Column| toned(&Cell::toned(Tone::Strong, &column.heading));
            table.set_header(self.columns.iter().map(strong));
        }
        for row in &self.rows {
            table.add_row(row.iter().map(toned));
        }
        for (column, made) in self.columns.iter().zip(table.column_iter_mut()) {
            made.set_padding((0, 2));
            made.set_cell_alignment(match column.side {
                Side::Left => CellAlignment::Left,
                Side::Right => CellAlignment::Right,
            });
        }
        let lines = table.trim_fmt();
        if lines.is_empty() { lines } else { lines + "\n" }
    }
}

fn toned(cell: &Cell) -> comfy_table::Cell {
    let made = comfy_table::Cell::new(&cell.text);
    match cell.tone {
        Tone::Normal => made,
        Tone::Good => made.fg(Color::Green),
        Tone::Warn => made.fg(Color::Yellow),
        Tone::Bad => made.fg(Color::Red).add_attribute(Attribute::Bold),
        Tone::Dim => made.add_attribute(Attribute::Dim),
        Tone::Strong => made.add_attribute(Attribute::Bold),
    }
}
