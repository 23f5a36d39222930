use super::Paint;
use super::cell::Cell;
use super::paint::Tone;

/// Labels and values for people, under titles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sheet(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Title(String),
    Gap,
    Row { label: &'static str, cells: Vec<Cell> },
}

impl Sheet {
    /// Puts several one below the other.
    pub(super) fn of_all(sheets: &[&Self]) -> Self {
        let entries: Vec<&[Entry]> = sheets.iter().map(|sheet| sheet.0.as_slice()).collect();
        Self(entries.join(&Entry::Gap))
    }

    /// Adds a title; the rows after it are indented.
    pub(super) fn title(mut self, title: impl Into<String>) -> Self {
        self.0.push(Entry::Title(title.into()));
        self
    }

    /// Adds a label with its value.
    pub(super) fn row(self, label: &'static str, text: impl AsRef<str>) -> Self {
        self.cell(label, Cell::new(text))
    }

    /// Adds a label with its value if there is one.
    pub(super) fn row_if(self, label: &'static str, text: Option<impl AsRef<str>>) -> Self {
        match text {
            Some(text) if !text.as_ref().is_empty() => self.row(label, text),
            Some(_) | None => self,
        }
    }

    /// Adds a label with its coloured value.
    pub(super) fn cell(self, label: &'static str, cell: Cell) -> Self {
        self.cells(label, [cell])
    }

    /// Adds a label with a value of several lines; without lines it is left out.
    pub(super) fn cells(
        mut self,
        label: &'static str,
        cells: impl IntoIterator<Item = Cell>,
    ) -> Self {
        let cells: Vec<Cell> = cells.into_iter().collect();
        if !cells.is_empty() {
            self.0.push(Entry::Row { label, cells });
        }
        self
    }

    pub(super) fn render(&self, paint: Paint) -> String {
        let labels = self.0.iter().filter_map(|entry| match entry {
            Entry::Row { label, .. } => Some(label.len()),
            Entry::Title(_) | Entry::Gap => None,
        });
        let width = labels.max().unwrap_or(0);
        let mut text = String::new();
        let mut indent = "";
        for entry in &self.0 {
            match entry {
                Entry::Gap => text.push('\n'),
                Entry::Title(title) => {
                    indent = "  ";
                    text += if text.is_empty() { "" } else { "\n" };
                    text += &paint.tint(Tone::Strong, title);
                    text.push('\n');
                }
                Entry::Row { label, cells } => {
                    for (line, cell) in cells.iter().enumerate() {
                        let label = if line == 0 { label } else { "" };
                        let label = paint.tint(Tone::Dim, &format!("{label:width$}"));
                        let value = paint.tint(cell.tone, &cell.text);
                        text += format!("{indent}{label}  {value}").trim_end();
                        text.push('\n');
                    }
                }
            }
        }
        text
    }
}
