use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;

use crate::cli::outcome::Outcome;
use crate::cli::session::Session;
use crate::cli::shell::App;
use crate::cli::values::duration;
use crate::error::{self, Error};
use crate::model::Frame;
use crate::report::{Document, Format};
use crate::request::{Request, Response, ScreenReport, Share};
use crate::screen;

/// Pictures of one screen again and again.
#[derive(Debug, Args)]
#[command(next_help_heading = "Again and again")]
pub(super) struct Series {
    /// Take a picture this often, and keep those that differ from the last one that was kept
    #[arg(long, value_name = "TIME", value_parser = duration)]
    every: Option<Duration>,

    /// End after this time instead of with Ctrl-C
    #[arg(long = "for", value_name = "TIME", requires = "every", value_parser = duration)]
    span: Option<Duration>,

    /// End when so many pictures are kept
    #[arg(long, value_name = "N", requires = "every")]
    count: Option<u32>,

    /// Which share of the pixels may differ unnoticed: a blinking cursor [default: 0.1%]
    #[arg(long, value_name = "PERCENT", requires = "every")]
    tolerance: Option<Share>,
}

/// What stands for a picture's number in a file's name.
const NUMBER: &str = "{n}";

/// A smaller change is none when nothing else is said.
const CURSOR: Share = Share::of_millionths(1000);

/// Pictures are not taken more often than this.
const SHORTEST: Duration = Duration::from_millis(50);

impl Series {
    /// Returns whether more than one picture is wanted.
    pub(super) fn is_wanted(&self) -> bool {
        self.every.is_some()
    }

    /// Takes pictures until it is time, writing those that show something new.
    pub(super) fn run(&self, app: &App, wanted: &Request, pattern: &Path) -> Outcome {
        let mut kept = Vec::new();
        let ended = app.session(&app.loaded.settings, async |session| {
            self.watch(app, session, wanted, pattern, &mut kept).await
        });
        let at_the_end =
            matches!(app.shell.style.format, Format::Json | Format::Yaml | Format::Csv);
        if at_the_end && (ended.result.is_ok() || ended.signal.is_some()) {
            app.shell.show(&Document::screens(&kept))?;
        }
        ended.watched()
    }

    async fn watch(
        &self,
        app: &App,
        session: &mut Session,
        wanted: &Request,
        pattern: &Path,
        kept: &mut Vec<ScreenReport>,
    ) -> Result<(), Error> {
        let every = self.every.unwrap_or_default().max(SHORTEST);
        let begun = Instant::now();
        let mut last: Option<Frame> = None;
        loop {
            let next = Instant::now() + every;
            // A rehearsal comes to no picture.
            let Response::Screen(report) = session.ask(wanted.clone()).await? else {
                return Ok(());
            };
            if let Some(frame) = self.new_frame(&report, last.as_ref())? {
                last = Some(frame);
                let report = keep(*report, numbered(pattern, kept.len() + 1))?;
                tell(app, &report)?;
                kept.push(report);
            }
            let enough = self
                .count
                .is_some_and(|count| usize::try_from(count).is_ok_and(|count| count <= kept.len()));
            if enough || self.span.is_some_and(|span| begun.elapsed() >= span) {
                return Ok(());
            }
            session.or_signal(tokio::time::sleep_until(next.into())).await?;
        }
    }

    /// Returns the picture if it shows something else than the last one.
    fn new_frame(
        &self,
        report: &ScreenReport,
        last: Option<&Frame>,
    ) -> Result<Option<Frame>, Error> {
        let frame = screen::decode_png(report.png.as_deref().unwrap_or_default())?;
        let tolerance = self.tolerance.unwrap_or(CURSOR).as_fraction();
        let is_new = last.is_none_or(|last| screen::differs(last, &frame, tolerance));
        Ok(is_new.then_some(frame))
    }
}

/// Tells of a picture at once where a document can grow.
fn tell(app: &App, report: &ScreenReport) -> Result<(), Error> {
    match app.shell.style.format {
        Format::Json | Format::Yaml | Format::Csv => Ok(()),
        Format::Table
        | Format::Plain
        | Format::JsonLines
        | Format::Names
        | Format::Prometheus
        | Format::Tree => app.shell.show(&Document::screens(std::slice::from_ref(report))),
    }
}

/// Writes a picture and says where.
fn keep(mut report: ScreenReport, file: PathBuf) -> Result<ScreenReport, Error> {
    let png = report.png.take().unwrap_or_default();
    let what = format!("write `{}`", file.display());
    std::fs::write(&file, png).map_err(|e| error::io(what, e))?;
    report.file = Some(file);
    Ok(report)
}

/// Returns the name of the picture with a number: where `{n}` stands, else before the ending.
fn numbered(pattern: &Path, number: usize) -> PathBuf {
    let number = format!("{number:04}");
    let Some(name) = pattern.file_name().and_then(|name| name.to_str()) else {
        return pattern.join(number);
    };
    if name.contains(NUMBER) {
        return pattern.with_file_name(name.replace(NUMBER, &number));
    }
    let name = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{stem}-{number}.{ending}"),
        Some(_) | None => format!("{name}-{number}"),
    };
    pattern.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::numbered;

    #[test]
    fn pictures_are_numbered_where_it_is_said_or_before_the_ending() {
        let name = |pattern| numbered(Path::new(pattern), 7).display().to_string();
        assert_eq!(name("web.png"), "web-0007.png");
        assert_eq!(name("shots/{n}-web.png"), "shots/0007-web.png");
        assert_eq!(name(".png"), ".png-0007");
        assert_eq!(name("a.b/web"), "a.b/web-0007");
    }
}
