use std::fs;
use std::io::Cursor;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use vm_cli::iso::{Fault, inspect};

use super::{fixture, small_medium};
use crate::support::command::Home;

#[test]
fn what_is_no_iso_is_named() {
    let home = Home::simulated();
    let zeros = vec![0; 70_000];
    let mut disk = zeros.clone();
    disk[64..68].copy_from_slice(&[0x7F, 0x10, 0xDA, 0xBE]);
    for (bytes, what) in [
        (b"".as_slice(), "it is empty, not an ISO"),
        (b"<!DOCTYPE html><title>Not found</title>", "a page of the web"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"anything", "of an unknown kind"),
        (&zeros, "full of zeros"),
        (&disk, "a VDI disk"),
    ] {
        fs::write(home.path().join("x.iso"), bytes).unwrap();
        let error = home.error(1, &["iso", "info", "x.iso"]);
        assert_eq!(error["code"], "unparseable", "{error}");
        assert!(error.to_string().contains(what), "{error}");
        assert!(error["hint"].is_string(), "{error}");
    }
    assert_eq!(home.error(3, &["iso", "info", "nowhere.iso"])["code"], "file_not_found");
    assert_eq!(home.error(2, &["iso", "info", "."])["code"], "usage");
}

#[test]
fn what_is_cut_off_is_refused_wherever_it_is_cut() {
    let whole = small_medium();
    assert!(inspect(Cursor::new(&whole)).is_ok());
    for length in (0..whole.len()).step_by(997).chain([whole.len() - 1]) {
        let fault = inspect(Cursor::new(&whole[..length])).expect_err("it is cut off");
        let says_so = matches!(fault, Fault::Cut { .. } | Fault::Foreign(_));
        assert!(says_so, "{length}: {fault}");
    }
}

#[test]
fn a_medium_without_its_installer_is_refused() {
    let mut medium = small_medium();
    let name = medium.windows(8).position(|it| it == b"boot.wim").unwrap();
    medium[name..name + 4].copy_from_slice(b"root");
    let fault = inspect(Cursor::new(medium)).expect_err("nothing boots");
    assert!(fault.to_string().contains("no `sources/boot.wim`"), "{fault}");
}

/// Media of every kind that is read.
fn media() -> Vec<Vec<u8>> {
    let fixtures = ["debian.iso", "alpine.iso", "windows.iso"];
    let mut media: Vec<Vec<u8>> =
        fixtures.iter().map(|name| fs::read(fixture(name)).unwrap()).collect();
    media.push(small_medium());
    media
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Damage is put where something stands: most of a medium is zeros.
    #[test]
    fn no_damage_makes_it_panic_or_hang(
        which in 0usize..4,
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut medium = media().swap_remove(which);
        let places: Vec<usize> =
            (0..medium.len()).filter(|place| 32_768 <= *place && medium[*place] != 0).collect();
        for (place, byte) in hits {
            medium[places[place.index(places.len())]] = byte;
        }
        let begin = Instant::now();
        drop(inspect(Cursor::new(medium)));
        prop_assert!(begin.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let mut medium = vec![0; 32_768];
        medium.extend(&bytes);
        drop(inspect(Cursor::new(bytes)));
        drop(inspect(Cursor::new(medium)));
    }
}
