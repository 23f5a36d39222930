//! Whatever bytes a picture is made of, it is decoded or refused: `cargo bench --bench decode`.
//!
//! Pictures of the tests are damaged by lot for as long as is said (`-- SECONDS SEED`), half of them
//! with checksums that fit again, so that the damage reaches what lies behind them. A panic ends it.
#![expect(clippy::print_stdout, reason = "a report")]

use std::time::{Duration, Instant};
use std::{env, fs, process};

use fastrand::Rng;
use vm_cli::screen::decode_png;

const PICTURES: [&str; 3] = ["bios-logo", "boot-text-720x400", "console-1024x768"];
/// What may be claimed as the size of a side: the limits, and what overflows.
const SIDES: [u32; 7] = [0, 1, 16_384, 16_385, 65_536, i32::MAX.cast_unsigned(), u32::MAX];
/// The bytes before the first chunk.
const SIGNATURE: usize = 8;

fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1).filter(|it| !it.starts_with("--"));
    let seconds = arguments.next().map_or(Ok(10), |it| it.parse())?;
    let seed = arguments.next().map_or(Ok(process::id().into()), |it| it.parse())?;
    println!("seed {seed}, {seconds} s");
    let mut rng = Rng::with_seed(seed);
    let mut originals = Vec::new();
    for name in PICTURES {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/screens");
        originals.push(fs::read(format!("{folder}/{name}.png"))?);
    }
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut decoded, mut refused, mut longest) = (0u64, 0u64, Duration::ZERO);
    while Instant::now() < end {
        let mut png = rng.choice(&originals).cloned().unwrap_or_default();
        damage(&mut png, &mut rng);
        let start = Instant::now();
        match decode_png(&png) {
            Ok(_) => decoded += 1,
            Err(_) => refused += 1,
        }
        longest = longest.max(start.elapsed());
    }
    println!("{decoded} decoded, {refused} refused, the longest took {} ms", longest.as_millis());
    Ok(())
}

/// Damages a picture in one to eight places.
fn damage(png: &mut Vec<u8>, rng: &mut Rng) {
    for _ in 0..rng.usize(1..=8) {
        let place = rng.usize(..png.len().max(1));
        match rng.u8(..6) {
            0 => png.truncate(place),
            1 => png.extend((0..rng.usize(..64)).map(|_| rng.u8(..))),
            2 => {
                let end = (place + rng.usize(..64)).min(png.len());
                let piece: Vec<u8> = png.get(place..end).unwrap_or_default().to_vec();
                png.splice(place..place, piece);
            }
            3 => {
                // Its width or height: the second and third word of the first chunk.
                let side = rng.choice(SIDES).unwrap_or_default().to_be_bytes();
                let at = SIGNATURE + 8 + 4 * rng.usize(..2);
                if let Some(bytes) = png.get_mut(at..at + 4) {
                    bytes.copy_from_slice(&side);
                }
            }
            // Its depth, colours, way of compression: what follows them.
            4 => set(png, SIGNATURE + 16 + rng.usize(..5), rng.u8(..20)),
            _ => set(png, place, rng.u8(..)),
        }
    }
    if rng.bool() {
        repair(png);
    }
}

fn set(png: &mut [u8], place: usize, byte: u8) {
    if let Some(it) = png.get_mut(place) {
        *it = byte;
    }
}

/// Writes the right checksum behind every chunk that is whole.
fn repair(png: &mut [u8]) {
    let mut start = SIGNATURE;
    while let Some(length) = png.get(start..start + 4).and_then(|it| it.try_into().ok()) {
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        let Some(end) = start.checked_add(8).and_then(|it| it.checked_add(length)) else { return };
        let Some(sum) = png.get(start + 4..end).map(checksum) else { return };
        let Some(place) = png.get_mut(end..end.saturating_add(4)) else { return };
        place.copy_from_slice(&sum.to_be_bytes());
        start = end + 4;
    }
}

/// CRC-32, as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}
