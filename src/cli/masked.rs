use std::ffi::OsStr;
use std::ffi::OsString;
use std::path::Path;

use crate::model::typed;

/// Writes down what was typed, the program without its folder, passwords and the values of variables
/// as `***`, for the log, the journal and whoever waits for this process.
pub(crate) fn masked(words: &[OsString]) -> String {
    let mut shown = Vec::with_capacity(words.len());
    let mut before = None;
    let program = words.first().map(|word| Path::new(word).file_name().unwrap_or(word));
    let all = program.into_iter().chain(words.iter().skip(1).map(OsString::as_os_str));
    for word in all.map(OsStr::to_string_lossy) {
        let secret = before.take();
        shown.push(match (secret, word.split_once('=')) {
            (Some(secret), _) => hidden(secret, &word),
            (None, Some((flag, value))) => match Secret::of(flag) {
                Some(secret) => format!("{flag}={}", hidden(secret, value)),
                None => typed(&word),
            },
            (None, None) => {
                before = Secret::of(&word);
                typed(&word)
            }
        });
    }
    shown.join(" ")
}

/// What of a word is secret.
#[derive(Debug, Clone, Copy)]
enum Secret {
    /// All of it.
    Whole,
    /// What stands after a name.
    Value,
}

impl Secret {
    /// Returns what is secret of the word after a flag.
    fn of(flag: &str) -> Option<Self> {
        match flag {
            "--password" => Some(Self::Whole),
            "--env" => Some(Self::Value),
            _ => None,
        }
    }
}

fn hidden(secret: Secret, word: &str) -> String {
    match (secret, word.split_once('=')) {
        (Secret::Value, Some((name, _))) => format!("{name}=***"),
        (Secret::Value, None) | (Secret::Whole, _) => "***".to_owned(),
    }
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
        let line = "vm-cli exec web --env KEY=hunter2 --env=A=hunter2 --env hunter2 -- a=b";
        let shown = "vm-cli exec web --env KEY=*** --env=A=*** --env *** -- a=b";
        assert_eq!(masked(&words(line)), shown);
        assert_eq!(masked(&["a b".into()]), typed("a b"));
    }
}
