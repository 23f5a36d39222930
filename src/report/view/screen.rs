use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::ScreenItem;
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::report::view::reading::tree;
use crate::request::ScreenReport;
use crate::screen::Reading;

impl Document {
    /// Builds the document of several pictures.
    pub fn screens(screens: &[ScreenReport]) -> Self {
        let parts: Vec<Self> = screens.iter().map(screen).collect();
        let lines = parts.iter().filter_map(|part| part.body.as_lines()).flatten().cloned();
        let body = Body::Lines(lines.collect());
        Self::joined(parts, body)
    }
}

pub(super) fn screen(screen: &ScreenReport) -> Document {
    let file = screen.file.as_ref().map(|file| file.display().to_string());
    let size = format!("{}x{}", screen.size.width, screen.size.height);
    let names = file.iter().cloned().collect();
    let body = match &screen.analysis {
        None => Body::Lines(match file {
            Some(file) => vec![format!("{}: wrote {file} ({size})", screen.vm)],
            None => Vec::new(),
        }),
        Some(analysis) => {
            let [red, green, blue] = analysis.main_colour;
            let share = human::percent(analysis.main_share);
            let sure = human::percent(analysis.confidence);
            let changed = screen.changed_share.map_or_else(
                || "no earlier picture of this size".to_owned(),
                |share| format!("{} of the pixels since the last picture", human::percent(share)),
            );
            Body::Sheet(
                Sheet::default()
                    .row("vm", &screen.vm)
                    .row("shows", format!("{} ({sure} sure)", analysis.kind.as_str()))
                    .row("size", size)
                    .row("colours", analysis.colours.to_string())
                    .row("main colour", format!("#{red:02x}{green:02x}{blue:02x} ({share})"))
                    .row_if("state", screen.reading.as_ref().map(state))
                    .cells("text", texts(screen))
                    .row("changed", changed)
                    .row("hash", &screen.hash)
                    .row_if("file", file),
            )
        }
    };
    let document = Document::items(&[ScreenItem::from(screen)], body, names);
    match &screen.reading {
        Some(reading) => document.with_tree(tree(&screen.vm, reading)),
        None => document,
    }
}

fn state(reading: &Reading) -> String {
    let sure = human::percent(reading.state.confidence);
    format!("{} ({sure} sure)", reading.state.state.as_str())
}

fn texts(screen: &ScreenReport) -> impl Iterator<Item = Cell> {
    let lines = screen.reading.iter().flat_map(|it| &it.lines);
    lines.map(|it| Cell::new(it.text()))
}
