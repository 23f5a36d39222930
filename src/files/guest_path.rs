//! Paths of guests, which may not be of this host's kind. Pure.

/// What separates the parts of a path: a backslash only in a path of Windows.
fn is_separator(path: &str) -> impl Fn(char) -> bool {
    let is_windows = is_of_windows(path);
    move |c| c == '/' || (is_windows && c == '\\')
}

/// Returns whether a path begins as those of Windows do: `C:`, `\\server` or `\folder`.
fn is_of_windows(path: &str) -> bool {
    let mut first = path.chars();
    match (first.next(), first.next()) {
        (Some('\\'), _) => true,
        (Some(drive), Some(':')) => drive.is_ascii_alphabetic(),
        (Some(_) | None, _) => false,
    }
}

/// Returns the last part of a path; `None` if it is a root, or one of `.` and `..`.
pub fn base_name(path: &str) -> Option<&str> {
    let whole = path.trim_end_matches(is_separator(path));
    let name = whole.rsplit(is_separator(path)).next()?;
    let is_drive = name.len() == 2 && name.ends_with(':');
    (!name.is_empty() && name != "." && name != ".." && !is_drive).then_some(name)
}

/// Returns the path of something in a folder.
pub fn join(folder: &str, name: &str) -> String {
    let separator = if is_of_windows(folder) && !folder.contains('/') { '\\' } else { '/' };
    match folder {
        "" => name.to_owned(),
        _ if folder.ends_with(is_separator(folder)) => format!("{folder}{name}"),
        _ => format!("{folder}{separator}{name}"),
    }
}

/// Returns the folder in which something lies; empty if that is not said.
pub fn parent(path: &str) -> &str {
    let whole = path.trim_end_matches(is_separator(path));
    match whole.rfind(is_separator(path)) {
        Some(0) => whole.get(..1).unwrap_or_default(),
        Some(2) if is_of_windows(path) => whole.get(..3).unwrap_or_default(),
        Some(place) => whole.get(..place).unwrap_or_default(),
        None => "",
    }
}

/// Returns whether a path says that it is a folder.
pub(super) fn says_folder(path: &str) -> bool {
    path.ends_with(is_separator(path))
}

/// Returns where a file stands while it is not whole.
pub(super) fn part_of(target: &str) -> String {
    let name = base_name(target).unwrap_or(target);
    join(parent(target), &part_name(name))
}

/// Returns the name of a file while it is not whole.
pub(super) fn part_name(name: &str) -> String {
    format!(".{name}.vm-cli-part")
}

/// Returns whether a name that a guest tells may be used here: one that leads elsewhere may not.
pub(super) fn is_harmless(name: &str) -> bool {
    let leads_elsewhere = |c: char| c == '/' || c == '\\' || c == '\0';
    !name.is_empty() && name != "." && name != ".." && !name.contains(leads_elsewhere)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{base_name, is_harmless, join, parent, part_of, says_folder};

    #[test]
    fn paths_of_both_kinds_come_apart() {
        for (path, folder, name) in [
            ("/tmp/a", "/tmp", Some("a")),
            ("/a", "/", Some("a")),
            ("a", "", Some("a")),
            ("a/b/", "a", Some("b")),
            ("/", "", None),
            ("..", "", None),
            ("/tmp/..", "/tmp", None),
            (r"C:\x", r"C:\", Some("x")),
            (r"C:\x\y", r"C:\x", Some("y")),
            ("C:/x/y", "C:/x", Some("y")),
            (r"C:\", "", None),
            ("C:", "", None),
            (r"/tmp/odd\name", "/tmp", Some(r"odd\name")),
        ] {
            assert_eq!((parent(path), base_name(path)), (folder, name), "{path}");
        }
    }

    #[test]
    fn a_part_stands_beside_its_target() {
        assert_eq!(part_of("/tmp/a.txt"), "/tmp/.a.txt.vm-cli-part");
        assert_eq!(part_of("a.txt"), ".a.txt.vm-cli-part");
        assert_eq!(part_of(r"C:\x\a.txt"), r"C:\x\.a.txt.vm-cli-part");
        assert!(says_folder(r"C:\x\") && says_folder("x/") && !says_folder(r"x\"));
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_not_harmless() {
        for name in ["", ".", "..", "a/b", r"..\x", "/etc"] {
            assert!(!is_harmless(name), "{name}");
        }
        assert!(is_harmless("..a") && is_harmless("ü b"));
    }

    proptest! {
        #[test]
        fn what_is_put_into_a_folder_lies_there(folder in "(/|C:\\\\)[a-z]{1,4}", name in "[a-zü ]{1,6}") {
            let path = join(&folder, &name);
            prop_assert_eq!(parent(&path), folder.as_str());
            prop_assert_eq!(base_name(&path), Some(name.as_str()));
        }

        #[test]
        fn no_path_makes_it_panic(path in "[a-zC:/\\\\.ü]{0,12}") {
            let (_, _, _) = (base_name(&path), parent(&path), part_of(&path));
        }
    }
}
