use std::path::PathBuf;

use crate::model::{Rect, Size};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::DiffItem;
use crate::report::human;
use crate::report::sheet::Sheet;

/// How two pictures differ.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenDiff {
    /// The first one's name and size.
    pub before: (String, Size),
    /// The second one's name and size.
    pub after: (String, Size),
    /// The share of the pixels that differ; `None` if the sizes do.
    pub changed_share: Option<f64>,
    /// Boxes around what differs.
    pub regions: Vec<Rect>,
    /// The second picture with the boxes drawn into it.
    pub file: Option<PathBuf>,
}

/// Percents are told with one digit.
const LEAST: f64 = 0.001;

impl ScreenDiff {
    /// Returns whether every pixel is the same.
    pub fn is_same(&self) -> bool {
        self.changed_share.is_some() && self.regions.is_empty()
    }
}

impl Document {
    /// Builds the document of how two pictures differ.
    pub fn screen_diff(diff: &ScreenDiff) -> Self {
        let size = |size: Size| format!("{}x{}", size.width, size.height);
        let changed = match diff.changed_share {
            None => format!("the sizes: {} and {}", size(diff.before.1), size(diff.after.1)),
            Some(_) if diff.is_same() => "nothing".to_owned(),
            Some(share) if share < LEAST => "less than 0.1 % of the pixels".to_owned(),
            Some(share) => format!("{} of the pixels", human::percent(share)),
        };
        let region =
            |it: &Rect| Cell::new(format!("{}x{} at {},{}", it.width, it.height, it.x, it.y));
        let sheet = Sheet::default()
            .row("differs", changed)
            .cells("where", diff.regions.iter().map(region))
            .row_if("file", diff.file.as_ref().map(|file| file.display().to_string()));
        Self::items(&[DiffItem::from(diff)], Body::Sheet(sheet), Vec::new())
    }
}
