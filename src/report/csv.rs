use super::grid::Grid;
use super::{Document, Header, Style};
use crate::error::Error;

/// Renders comma-separated values as RFC 4180 has them, but with plain line feeds.
pub(super) fn render(document: &Document, style: &Style) -> Result<String, Error> {
    let grid = Grid::of(document, &style.columns)?;
    let mut text = String::new();
    if style.header == Header::Shown && !grid.columns.is_empty() {
        text += &line(&grid.columns);
    }
    text.extend(grid.rows.iter().map(|row| line(row)));
    Ok(text)
}

fn line(cells: &[String]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    quoted.join(",") + "\n"
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn only_what_needs_quotes_gets_them() {
        assert_eq!(quoted("plain name"), "plain name");
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"hi\"\n"), "\"say \"\"hi\"\"\n\"");
    }
}
