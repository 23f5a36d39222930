use serde_json::Value;

use super::Document;
use crate::error::{Error, ErrorKind};

pub(super) fn render(document: &Document) -> Result<String, Error> {
    text(&document.whole())
}

pub(super) fn text(value: &Value) -> Result<String, Error> {
    serde_yaml_ng::to_string(value)
        .map_err(|e| Error::new(ErrorKind::Internal, "cannot write YAML").caused_by(e))
}
