use std::collections::BTreeMap;
use std::io::Cursor;

use proptest::prelude::*;

use super::{Label, write};
use crate::iso::disc::Disc;
use crate::iso::image::Image;
use crate::iso::inspect;

fn label() -> Label {
    "ANSWERS".parse().unwrap()
}

/// Reads a file by the readers here.
fn read(disc: &[u8], path: &str) -> Option<Vec<u8>> {
    let mut source = Cursor::new(disc);
    let mut image = Image::new(&mut source).unwrap();
    let disc = Disc::read(&mut image).unwrap();
    let file = disc.file(&mut image, path).unwrap()?;
    Some(file.whole(&mut image, "file", 1 << 20).unwrap())
}

#[test]
fn files_and_folders_are_found_again() {
    let large = vec![b'x'; 5000];
    let files: [(&str, &[u8]); 4] = [
        ("autounattend.xml", b"<unattend/>"),
        ("nocloud/user-data", b"#cloud-config"),
        ("a/b/c/d.large", &large),
        ("empty", b""),
    ];
    let disc = write(&label(), &files).unwrap();
    for (path, bytes) in files {
        assert_eq!(read(&disc, path).as_deref(), Some(bytes), "{path}");
    }
    assert_eq!(read(&disc, "nocloud"), None);
    assert_eq!(inspect(Cursor::new(&disc)).unwrap().volume.label, "ANSWERS");
    assert_eq!(write(&label(), &files).unwrap(), disc, "nothing of it depends on the time");
}

#[test]
fn what_a_disc_cannot_hold_is_refused() {
    let long = "x".repeat(65);
    for path in ["", "/a", "a//b", "../a", "a*b", "a:b", "a\\b", "a/b/c/d/e/f/g/h/i", &long] {
        assert!(write(&label(), &[(path, b"")]).is_err(), "{path}");
    }
    assert!(write(&label(), &[("a", b""), ("a", b"")]).is_err());
    assert!(write(&label(), &[("a", b""), ("a/b", b"")]).is_err());
    for text in ["", "lower", "SEVENTEEN_LETTERS", "A B"] {
        assert!(text.parse::<Label>().is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_written_reads_back(
        files in prop::collection::btree_map(
            "[a-z]{1,3}(/[a-zü ._-]{1,40}x){1,4}",
            prop::collection::vec(any::<u8>(), 0..3000),
            1..60,
        ),
    ) {
        // A name is found whatever its letters' case, and here it is in lower case.
        let files: BTreeMap<String, Vec<u8>> = files;
        let given: Vec<(&str, &[u8])> =
            files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        let Ok(disc) = write(&label(), &given) else {
            // One is a folder of the other.
            return Ok(());
        };
        prop_assert_eq!(disc.len() % 2048, 0);
        for (path, bytes) in given {
            let found = read(&disc, path);
            prop_assert_eq!(found.as_deref(), Some(bytes), "{}", path);
        }
    }
}
