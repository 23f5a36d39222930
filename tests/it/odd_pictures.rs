//! Files that are no pictures, or no good ones: each gets an answer or a clear error.

use std::fs::{self, File};
use std::path::Path;

use vm_cli::model::{Frame, Size};
use vm_cli::screen;

use crate::support::command::Home;

/// Returns a PNG with some squares in it, about as large as a button.
fn picture() -> Vec<u8> {
    let size = Size { width: 64, height: 40 };
    let shade = |at: u32| if (at % 64 / 9 + at / 64 / 7).is_multiple_of(2) { 240 } else { 30 };
    let rgb = (0..64 * 40).flat_map(|at| [shade(at); 3]).collect();
    screen::encode_png(&Frame::new(size, rgb).unwrap()).unwrap()
}

/// Returns a piece of a PNG file, with its checksum.
fn chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), content].concat();
    let sum = named.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }
        })
    });
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length, named.as_slice(), &(!sum).to_be_bytes()].concat()
}

/// Returns a PNG that says how large it is.
fn promising(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(*b"IHDR", &header), &chunk(*b"IDAT", b"\x78\x9c\x03\0")]
        .concat()
}

#[test]
fn what_is_no_picture_of_a_screen_is_refused_by_name() {
    let home = Home::simulated();
    let whole = picture();
    let (head, tail) = whole.split_at(8 + 25);
    let animated = [head, &chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), tail].concat();
    for (name, bytes) in [
        ("cut.png", whole[..whole.len() / 2].to_vec()),
        ("head.png", head.to_vec()),
        ("wide.png", promising(u32::MAX >> 1, 1)),
        ("huge.png", promising(16_000, 16_000)),
        ("nothing.png", promising(0, 0)),
        ("animated.png", animated),
        ("bitmap.png", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0".to_vec()),
        ("web.png", b"RIFF\x24\0\0\0WEBPVP8 ".to_vec()),
        ("page.png", b"<!doctype html><title>404</title>".to_vec()),
    ] {
        fs::write(home.path().join(name), bytes).unwrap();
        let error = home.error(2, &["analyze", name]);
        assert!(error["message"].as_str().unwrap().contains(name), "{error}");
    }
    // A file of zeros that takes no room: read whole it would take all memory.
    let sparse = File::create(home.path().join("sparse.png")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    let error = home.error(2, &["analyze", "sparse.png"]);
    assert!(error["message"].as_str().unwrap().contains("too large"), "{error}");
    fs::create_dir(home.path().join("folder.png")).unwrap();
    let error = home.error(2, &["analyze", "folder.png"]);
    assert!(error["message"].as_str().unwrap().contains("`folder.png` is no file"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_is_not_waited_for() {
    let home = Home::simulated();
    let pipe = home.path().join("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for command in [["analyze"].as_slice(), &["find"], &["assert", "text"]] {
        let named: &[&str] =
            if command == ["analyze"] { &["pipe.png"] } else { &["pipe.png", "x"] };
        let error = home.error(2, &[command, named].concat());
        assert!(error["message"].as_str().unwrap().contains("`pipe.png` is no file"), "{error}");
    }
    home.error(2, &["screen-diff", "pipe.png", "pipe.png"]);
}

#[test]
fn a_picture_with_any_byte_changed_is_read_or_refused() {
    let home = Home::simulated();
    let whole = picture();
    let at = |place: usize| Path::new(&format!("{place}.png")).to_owned();
    for place in (0..whole.len()).step_by(whole.len() / 24) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0xff;
        fs::write(home.path().join(at(place)), bytes).unwrap();
        let run = home.run(&["analyze", at(place).to_str().unwrap()]);
        assert!([0, 2].contains(&run.code), "byte {place}: {run:#?}");
        assert!(!run.stderr.contains("panicked"), "byte {place}: {run:#?}");
    }
}
