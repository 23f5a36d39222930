use std::ffi::OsStr;
use std::ffi::OsString;
use std::path::Path;

use crate::model::typed;

/// Writes down what was typed, the program without its folder and passwords as `***`, for the log,
/// the journal and whoever waits for this process.
pub(crate) fn masked(words: &[OsString]) -> String {
    let mut shown = Vec::with_capacity(words.len());
    let mut secret_is_next = false;
    let program = words.first().map(|word| Path::new(word).file_name().unwrap_or(word));
    let all = program.into_iter().chain(words.iter().skip(1).map(OsString::as_os_str));
    for word in all.map(OsStr::to_string_lossy) {
        if secret_is_next {
            shown.push("***".to_owned());
            secret_is_next = false;
        } else if word == "--password" {
            secret_is_next = true;
            shown.push(word.into_owned());
        } else if word.starts_with("--password=") {
            shown.push("--password=***".to_owned());
        } else {
            shown.push(typed(&word));
        }
    }
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{masked, typed};

    #[test]
    fn no_password_is_written_down() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let line = "vm-cli exec web --password hunter2 --command dir";
        assert_eq!(masked(&words(line)), "vm-cli exec web --password *** --command dir");
        assert_eq!(masked(&words("/usr/bin/vm-cli status /x/y")), "vm-cli status /x/y");
        assert_eq!(masked(&words("vm-cli --password=hunter2")), "vm-cli --password=***");
        assert_eq!(masked(&words("vm-cli --password")), "vm-cli --password");
        assert_eq!(masked(&words("vm-cli --password-file f")), "vm-cli --password-file f");
        assert_eq!(masked(&["a b".into()]), typed("a b"));
    }
}
