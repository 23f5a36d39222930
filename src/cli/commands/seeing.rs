//! What the commands that read screens share: where the picture comes from, and reading it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use crate::cli::session::Session;
use crate::cli::shell::App;
use crate::cli::usage;
use crate::error::{self, Error};
use crate::model::{Frame, VmRef};
use crate::request::{Analysis, PictureTo, Request, Response, ScreenshotRequest, View};
use crate::screen::{self, ElementKind, Quality, Reading};
use crate::store::LineFile;

/// The kinds of element, by their words.
pub(super) fn element_kind(word: &str) -> Result<ElementKind, String> {
    ElementKind::named(word).ok_or_else(|| {
        let words = ElementKind::ALL.map(ElementKind::as_str);
        format!("it is not one of {}", words.join(", "))
    })
}

/// The ways of reading, by their words.
pub(super) fn quality(word: &str) -> Result<Quality, String> {
    match word {
        "standard" => Ok(Quality::Standard),
        "best" => Ok(Quality::Best),
        _ => Err("it is not one of standard, best".to_owned()),
    }
}

/// Returns whether a name is that of a picture rather than of a VM.
pub(super) fn is_file(named: &str) -> bool {
    let file = Path::new(named);
    file.extension().is_some_and(|it| it.eq_ignore_ascii_case("png")) || file.is_file()
}

/// No picture of a screen makes a file so large.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// Reads a PNG file, or takes a picture of a VM.
pub(super) async fn picture(session: &mut Session, named: &str) -> Result<Frame, Error> {
    if is_file(named) {
        let png = content(named)?;
        return screen::decode_png(&png)
            .map_err(|e| usage(format!("`{named}` is no picture that can be read")).caused_by(e));
    }
    taken(session, named.parse()?).await
}

/// Returns what is in a file. A pipe is refused before it is opened: nobody may ever write to it.
fn content(named: &str) -> Result<Vec<u8>, Error> {
    let failed = |error| error::io(format!("read `{named}`"), error);
    let about = fs::metadata(named).map_err(failed)?;
    if !about.is_file() {
        return Err(usage(format!("`{named}` is no file")).hint("name a PNG file, or a VM"));
    }
    let mut png = Vec::new();
    File::open(named)
        .and_then(|it| it.take(MOST_BYTES + 1).read_to_end(&mut png))
        .map_err(failed)?;
    if MOST_BYTES < u64::try_from(png.len()).unwrap_or(u64::MAX) {
        return Err(usage(format!("`{named}` is too large for a picture of a screen"))
            .hint("a PNG file of at most 512 MiB is read"));
    }
    Ok(png)
}

/// Takes a picture of a VM.
pub(super) async fn taken(session: &mut Session, vm: VmRef) -> Result<Frame, Error> {
    let (to, analysis, view) = (PictureTo::Response, Analysis::Skipped, View::default());
    let wanted = Request::Screenshot(ScreenshotRequest { vm, to, analysis, view });
    let Response::Screen(report) = session.ask(wanted).await? else {
        return Err(usage("a rehearsal takes no pictures").hint("name a PNG file"));
    };
    screen::decode_png(report.png.as_deref().unwrap_or_default())
}

/// Reads what is on a picture; what was read before is not read again.
pub(super) fn reading(app: &App, frame: &Frame, quality: Quality) -> Result<Reading, Error> {
    let recogniser = app.loaded.settings.screen.recogniser.as_deref();
    LineFile::read_screen(app.folders.lines_file(), frame, quality, recogniser)
}
