use std::path::PathBuf;

use crate::error::{Error, ErrorKind};
use crate::request::Collect;

/// Reads `GUEST_PATH[:HOST_PATH]`. The colon after a drive's letter divides nothing.
pub(crate) fn collected(text: &str) -> Result<Collect, Error> {
    let divides = |(at, _): &(usize, &str)| {
        let before = text.get(..*at).unwrap_or_default();
        let word = before.rsplit(':').next().unwrap_or_default();
        word.chars().count() != 1 || !word.chars().all(|c| c.is_ascii_alphabetic())
    };
    let (guest, host) = match text.match_indices(':').find(divides) {
        Some((at, _)) => text.split_at(at),
        None => (text, ":."),
    };
    let host = host.trim_start_matches(':');
    if guest.is_empty() || host.is_empty() {
        let message = format!("`{text}` is no path of a guest with a path of this host");
        return Err(Error::new(ErrorKind::Usage, message)
            .hint("write `GUEST_PATH`, or `GUEST_PATH:HOST_PATH`"));
    }
    Ok(Collect { from: guest.to_owned(), to: PathBuf::from(host) })
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn a_guest_path_may_have_a_drive_and_the_host_path_may_be_left_out() {
        for (text, from, to) in [
            ("/var/log", "/var/log", "."),
            ("/var/log:logs", "/var/log", "logs"),
            (r"C:\out", r"C:\out", "."),
            (r"C:\out:logs", r"C:\out", "logs"),
            (r"C:\out:D:\logs", r"C:\out", r"D:\logs"),
            (r"/out:D:\logs", "/out", r"D:\logs"),
        ] {
            let wish = collected(text).unwrap();
            assert_eq!((wish.from.as_str(), wish.to.to_str()), (from, Some(to)), "{text}");
        }
        for wrong in ["", ":", "/out:", ":logs"] {
            collected(wrong).unwrap_err();
        }
    }
}
