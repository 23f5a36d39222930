use std::path::PathBuf;

use crate::guest_os::Written;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::AnsweredItem;
use crate::report::sheet::Sheet;
use crate::request::Secret;

/// What answers an installer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What was written.
    pub written: Written,
    /// A password that was made up, and where it is kept.
    pub password: Option<(Secret, PathBuf)>,
    /// What a person does with it.
    pub next: &'static str,
}

impl Document {
    /// Builds the document of answers that were written.
    pub fn answered(answered: &Answered) -> Self {
        let Answered { written, password, next } = answered;
        let file = |path: &PathBuf| Cell::new(path.display().to_string());
        let sheet = Sheet::default()
            .cells("files", written.files.iter().map(file))
            .cell("viso", file(&written.viso))
            .cells("iso", written.iso.iter().map(file))
            .row_if("password", password.as_ref().map(|(text, _)| text.reveal()))
            .cells("kept in", password.iter().map(|(_, place)| file(place)))
            .row("next", next);
        let names = vec![written.viso.display().to_string()];
        Self::items(&[AnsweredItem::from(answered)], Body::Sheet(sheet), names)
    }
}
