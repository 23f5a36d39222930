use serde::Serialize;

use super::path;
use crate::report::Answered;

#[derive(Debug, Serialize)]
pub(crate) struct AnsweredItem {
    files: Vec<String>,
    viso: String,
    iso: Option<String>,
    password: Option<String>,
    password_file: Option<String>,
    next: &'static str,
}

impl From<&Answered> for AnsweredItem {
    fn from(answered: &Answered) -> Self {
        let written = &answered.written;
        let password = answered.password.as_ref();
        Self {
            files: written.files.iter().map(|file| path(file)).collect(),
            viso: path(&written.viso),
            iso: written.iso.as_deref().map(path),
            password: password.map(|(text, _)| text.reveal().to_owned()),
            password_file: password.map(|(_, file)| path(file)),
            next: answered.next,
        }
    }
}
