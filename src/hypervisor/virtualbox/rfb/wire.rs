//! What is said on the wire, as bytes; all numbers are big-endian.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::model::{Button, PointerReport, Wheel};

/// The version that is spoken: what newer servers know too.
pub(super) const VERSION: [u8; 12] = *b"RFB 003.008\n";
/// Anybody may come in.
pub(super) const NO_AUTHENTICATION: u8 = 1;
/// Who answers a challenge by the password may.
pub(super) const BY_PASSWORD: u8 = 2;
/// Others may be connected at the same time.
pub(super) const SHARED: u8 = 1;

/// How much a server may say about itself, or put on a clipboard.
const LONGEST_TEXT: u32 = 1024 * 1024;

/// The pixels as they are.
const RAW: i32 = 0;

/// Asks for pixels as they are.
pub(super) fn encodings() -> Vec<u8> {
    let mut message = vec![2, 0, 0, 1];
    message.extend(RAW.to_be_bytes());
    message
}

/// Asks for the first pixel.
pub(super) fn look() -> [u8; 10] {
    [3, 0, 0, 0, 0, 0, 0, 1, 0, 1]
}

/// Tells a report: a notch of the wheel is a press of a button of its own.
pub(super) fn point(report: PointerReport) -> Vec<u8> {
    let held = match report.held {
        None => 0,
        Some(Button::Left) => 1,
        Some(Button::Middle) => 2,
        Some(Button::Right) => 4,
    };
    let turned = match report.wheel {
        Wheel::Still => None,
        Wheel::Up => Some(8),
        Wheel::Down => Some(16),
    };
    let [x, y] = [report.at.x, report.at.y]
        .map(|pixel| u16::try_from(pixel).unwrap_or(u16::MAX).to_be_bytes());
    let event = |buttons: u8| [5, buttons, x[0], x[1], y[0], y[1]];
    let events = turned.map(|wheel| event(held | wheel)).into_iter().chain([event(held)]);
    events.flatten().collect()
}

/// Reads what a server says of its screen in the beginning, and returns how many bytes a pixel has.
/// The size that it says may be an old one.
pub(super) async fn greeting(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<u8> {
    skip(stream, 4).await?;
    let mut format = [0; 16];
    stream.read_exact(&mut format).await?;
    let [bits, ..] = format;
    text(stream).await?;
    Ok(bits / 8)
}

/// Reads until the pixel that was asked for has come.
pub(super) async fn pixel(
    stream: &mut (impl AsyncRead + Unpin),
    bytes_per_pixel: u8,
) -> io::Result<()> {
    loop {
        match stream.read_u8().await? {
            0 => {
                stream.read_u8().await?;
                let rectangles = stream.read_u16().await?;
                for _ in 0..rectangles {
                    rectangle(stream, bytes_per_pixel).await?;
                }
                if rectangles > 0 {
                    return Ok(());
                }
            }
            1 => {
                skip(stream, 3).await?;
                let colours = stream.read_u16().await?;
                skip(stream, u64::from(colours) * 6).await?;
            }
            2 => {}
            3 => {
                skip(stream, 3).await?;
                text(stream).await?;
            }
            other => return Err(io::Error::other(format!("it says {other}, which is nothing"))),
        }
    }
}

/// Reads one rectangle.
async fn rectangle(stream: &mut (impl AsyncRead + Unpin), bytes_per_pixel: u8) -> io::Result<()> {
    skip(stream, 4).await?;
    let (width, height) = (stream.read_u16().await?, stream.read_u16().await?);
    match stream.read_i32().await? {
        RAW => {
            skip(stream, u64::from(width) * u64::from(height) * u64::from(bytes_per_pixel)).await
        }
        other => Err(io::Error::other(format!("it sends pixels in an unknown way, {other}"))),
    }
}

/// Reads a text with its length before it.
pub(super) async fn text(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let length = stream.read_u32().await?;
    if length > LONGEST_TEXT {
        return Err(io::Error::other("it says far too much"));
    }
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    stream.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn skip(stream: &mut (impl AsyncRead + Unpin), bytes: u64) -> io::Result<()> {
    let skipped = tokio::io::copy(&mut stream.take(bytes), &mut tokio::io::sink()).await?;
    if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
