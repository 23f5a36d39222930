use super::read;
use crate::config::Settings;
use crate::fleet::Fleet;

/// Reads a file that is right.
#[track_caller]
pub(in crate::fleet) fn fleet(text: &str) -> Fleet {
    match read(text.as_bytes(), &Settings::default()) {
        Ok(fleet) => fleet,
        Err(problems) => panic!("{problems}\n{text}"),
    }
}

/// Reads a file that is wrong.
#[track_caller]
pub(in crate::fleet) fn problems(text: &str) -> Vec<String> {
    match read(text.as_bytes(), &Settings::default()) {
        Ok(fleet) => panic!("it is right: {fleet:?}"),
        Err(wrong) => wrong.0.iter().map(ToString::to_string).collect(),
    }
}
