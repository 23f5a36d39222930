use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::session::Session;
use crate::cli::shell::Shell;
use crate::cli::usage;
use crate::error::{self, Error};
use crate::model::{Frame, VmRef};
use crate::report::{Document, ScreenDiff};
use crate::request::{Analysis, PictureTo, Request, Response, ScreenshotRequest, Share, View};
use crate::screen;

/// Tell how two screens differ
///
/// Each is a PNG file, or a VM whose screen is looked at now. It tells the share of the pixels that
/// differ and the boxes around them. The exit code is 0 if no more differs than --tolerance
/// allows, 1 if more does or the sizes differ, and another one if they could not be compared.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli screen-diff before.png after.png
  vm-cli screen-diff before.png my-first-vm --json
  vm-cli screen-diff before.png after.png --tolerance 0.5% --annotate diff.png")]
pub(crate) struct ScreenDiffCommand {
    /// Name a PNG file or a VM
    #[arg(value_name = "BEFORE")]
    before: String,

    /// Name a PNG file or a VM
    #[arg(value_name = "AFTER")]
    after: String,

    /// Which share of the pixels may differ for the exit code to be 0
    #[arg(long, value_name = "PERCENT", default_value = "0%")]
    tolerance: Share,

    /// Write the second picture into this file, red lines around what differs
    #[arg(long, value_name = "FILE")]
    annotate: Option<PathBuf>,
}

/// The exit code when more differs than is allowed.
const DIFFERENT: u8 = 1;

impl ScreenDiffCommand {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let pictures = app.session(&app.loaded.settings, async |session| {
            Ok((picture(session, &self.before).await?, picture(session, &self.after).await?))
        });
        let (before, after) = pictures.outcome()?;
        let regions = screen::changed_regions(&before, &after);
        let file = match &self.annotate {
            None => None,
            Some(file) => {
                let drawn = screen::outline(&after, &regions).unwrap_or_else(|| after.clone());
                let what = format!("write `{}`", file.display());
                fs::write(file, screen::encode_png(&drawn)?).map_err(|e| error::io(what, e))?;
                Some(file.clone())
            }
        };
        let diff = ScreenDiff {
            before: (self.before.clone(), before.size()),
            after: (self.after.clone(), after.size()),
            changed_share: screen::changed_share(&before, &after),
            regions,
            file,
        };
        app.shell.show(&Document::screen_diff(&diff))?;
        let differs = screen::differs(&before, &after, self.tolerance.as_fraction());
        Ok(if differs { DIFFERENT } else { 0 })
    }
}

/// Reads a picture, or takes one.
async fn picture(session: &mut Session, named: &str) -> Result<Frame, Error> {
    let file = Path::new(named);
    let is_file_name = file.extension().is_some_and(|it| it.eq_ignore_ascii_case("png"));
    if is_file_name || file.is_file() {
        let png = fs::read(file).map_err(|e| error::io(format!("read `{named}`"), e))?;
        return screen::decode_png(&png).map_err(|e| {
            usage(format!("`{named}` is no picture that can be compared")).caused_by(e)
        });
    }
    let vm: VmRef = named.parse()?;
    let (to, analysis, view) = (PictureTo::Response, Analysis::Skipped, View::default());
    let wanted = Request::Screenshot(ScreenshotRequest { vm, to, analysis, view });
    let Response::Screen(report) = session.ask(wanted).await? else {
        return Err(usage("a rehearsal takes no pictures").hint("compare two files"));
    };
    screen::decode_png(report.png.as_deref().unwrap_or_default())
}
