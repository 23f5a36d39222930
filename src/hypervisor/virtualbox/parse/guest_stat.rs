use crate::error::Error;
use crate::files::{Entry, FileFacts, FileKind};
use crate::hypervisor::virtualbox::error;

/// Reads `guestcontrol stat`.
pub(in super::super) fn guest_stat(stdout: &str) -> Result<FileFacts, Error> {
    let mut words = stdout.split_whitespace();
    let (mut kind, mut size) = (None, None);
    while let Some(word) = words.next() {
        match word {
            "Size:" => size = words.next().and_then(|it| it.parse().ok()),
            "Type:" => {
                kind = words.next().map(|word| match word {
                    "file" => FileKind::File,
                    "directory" => FileKind::Folder,
                    "symlink" => FileKind::Link,
                    _ => FileKind::Other,
                });
            }
            _ => {}
        }
    }
    match (kind, size) {
        // Only guests whose modes are of no use are asked so.
        (Some(kind), Some(size)) => Ok(FileFacts { kind, size, mode: None }),
        _ => Err(error::unparseable("does not tell what the file is")),
    }
}

/// Reads `stat -c '%f %s'`: the mode in hexadecimal digits, the size.
pub(in super::super) fn posix_facts(line: &str) -> Result<FileFacts, Error> {
    let refuse = || error::unparseable("holds no mode and size of a file");
    let (mode, size) = line.trim().split_once(' ').ok_or_else(refuse)?;
    let mode = u32::from_str_radix(mode, 16).map_err(|_no_digits| refuse())?;
    let kind = match mode & 0o170_000 {
        0o100_000 => FileKind::File,
        0o040_000 => FileKind::Folder,
        0o120_000 => FileKind::Link,
        _ => FileKind::Other,
    };
    let size = size.parse().map_err(|_no_digits| refuse())?;
    Ok(FileFacts { kind, size, mode: Some(mode & 0o777) })
}

/// Reads `stat -c '%f %s %n'` of something in the present folder.
pub(in super::super) fn posix_entry(line: &str) -> Result<Entry, Error> {
    let refuse = || error::unparseable("holds a name that cannot be read");
    let (facts, name) = line.split_once(" ./").ok_or_else(refuse)?;
    Ok(Entry { name: name.to_owned(), facts: posix_facts(facts)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{guest_stat, posix_entry, posix_facts};
    use crate::files::FileKind;

    #[test]
    fn a_file_is_told_with_its_size() {
        let said = "  File: '/tmp/mbga'\n  Size: 1000000           Alloc: 1003520             \
                    Type: file\nDevice: 0x2               INode: 333                Links: 1\n  \
                    Mode: -rw-------       Attrib: ------N-------\n";
        let facts = guest_stat(said).unwrap();
        assert_eq!((facts.kind, facts.size), (FileKind::File, 1_000_000));
        assert!(guest_stat("").is_err());
    }

    #[test]
    fn an_entry_is_told_with_its_mode() {
        let entry = posix_entry("81a4 12 ./two  words").unwrap();
        assert_eq!(entry.name, "two  words");
        assert_eq!((entry.facts.kind, entry.facts.mode), (FileKind::File, Some(0o644)));
        assert_eq!(posix_facts("41ed 80").unwrap().kind, FileKind::Folder);
        assert_eq!(posix_facts("a1ff 4").unwrap().kind, FileKind::Link);
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "[0-9a-f ./]{0,20}") {
            drop(posix_entry(&line));
            drop(posix_facts(&line));
            drop(guest_stat(&line));
        }
    }
}
