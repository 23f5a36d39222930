use crate::report::Document;
use crate::report::document::Body;
use crate::report::dto::DisplayItem;
use crate::request::DisplayReport;

impl Document {
    /// Builds the document of a remote display, with its password if that is to be told.
    pub fn display(report: &DisplayReport, password: Option<&str>) -> Self {
        let mut lines = vec![report.url.clone()];
        lines.extend(password.map(|password| format!("password: {password}")));
        let item = DisplayItem::of(report, password);
        Self::items(&[item], Body::Lines(lines), vec![report.url.clone()])
    }
}
