//! Waiting for a screen to come to rest, or to change.

use std::time::{Duration, Instant};

use crate::error::{self, Error, ErrorKind};
use crate::model::{Frame, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::request::{ScreenWatch, Share};
use crate::screen::{self, Stillness};

/// What is remembered of a screen from one look to the next.
#[derive(Debug)]
pub(super) struct Watched {
    still: Duration,
    tolerance: Share,
    stillness: Stillness,
    before: Option<Frame>,
    text: String,
    /// What its last reading did not find, and what came nearest.
    unsaid: Option<String>,
}

impl Watched {
    /// Begins to watch; reads the picture to compare with, if one is named.
    pub(super) async fn new(watch: &ScreenWatch) -> Result<Self, Error> {
        let before = match &watch.since {
            None => None,
            Some(file) => {
                let what = format!("read `{}`", file.display());
                let png = tokio::fs::read(file).await.map_err(|e| error::io(what, e))?;
                let decoded = screen::decode_png(&png);
                let wrong = |e: Error| {
                    let message = format!("`{}` is no picture to compare with", file.display());
                    Error::new(ErrorKind::Usage, message).caused_by(e)
                };
                Some(decoded.map_err(wrong)?)
            }
        };
        let stillness = Stillness::new(watch.tolerance.as_fraction());
        let text = watch.text.clone().unwrap_or_default();
        let (still, tolerance, unsaid) = (watch.still, watch.tolerance, None);
        Ok(Self { still, tolerance, stillness, before, text, unsaid })
    }
}

impl VmOrchestrator {
    /// Looks whether a screen has been as it is long enough; if not, says for how long it has.
    pub(super) async fn look_for_rest(
        &self,
        vm: &VmRef,
        watched: &mut Watched,
    ) -> Result<Option<String>, Error> {
        let Some(frame) = self.frame_if_any(vm).await? else {
            return Ok(Some("its screen has no mode yet".to_owned()));
        };
        let now = Instant::now();
        let rest = now.saturating_duration_since(watched.stillness.see(frame, now));
        let missing = format!("it has been as it is for {:.1} s only", rest.as_secs_f64());
        Ok((rest < watched.still).then_some(missing))
    }

    /// Looks whether a screen differs from before; if not, says so.
    pub(super) async fn look_for_change(
        &self,
        vm: &VmRef,
        watched: &mut Watched,
    ) -> Result<Option<String>, Error> {
        let frame = self.frame_if_any(vm).await?;
        let tolerance = watched.tolerance.as_fraction();
        let same = match (&watched.before, frame) {
            // What has no mode yet changes when it gets one, and that is no change of a screen.
            (_, None) => true,
            (None, Some(first)) => {
                watched.before = Some(first);
                true
            }
            (Some(before), Some(frame)) => !screen::differs(before, &frame, tolerance),
        };
        Ok(same.then(|| format!("no more than {} of it has changed", watched.tolerance)))
    }

    /// Looks whether a screen says something; if not, tells what comes nearest.
    pub(super) async fn look_for_text(
        &self,
        vm: &VmRef,
        watched: &mut Watched,
    ) -> Result<Option<String>, Error> {
        let text = &watched.text;
        let Some(frame) = self.frame_if_any(vm).await? else {
            return Ok(Some("its screen has no mode yet".to_owned()));
        };
        // What is as it was says what it said.
        if watched.unsaid.is_some() && watched.before.as_ref() == Some(&frame) {
            return Ok(watched.unsaid.clone());
        }
        let reading = self.read_screen(frame.clone()).await?.ok_or_else(|| {
            let message = "this vm-cli was built without the reading of screens";
            Error::new(ErrorKind::Unsupported, message)
        })?;
        let is_there = !screen::seek(&reading, text, None).is_empty();
        let missing = format!("nothing on its screen says `{text}`");
        let near = screen::nearest(&reading, text, None);
        let told = match near.first() {
            Some(near) => format!("{missing}; the nearest is {near}"),
            None => missing,
        };
        watched.unsaid = (!is_there).then_some(told);
        watched.before = Some(frame);
        Ok(watched.unsaid.clone())
    }

    /// Returns what a screen shows; `None` while it has no mode.
    async fn frame_if_any(&self, vm: &VmRef) -> Result<Option<Frame>, Error> {
        match self.picture(vm).await {
            Ok(png) => screen::decode_png(&png).map(Some).map_err(|e| e.about(vm)),
            Err(e) if e.kind() == ErrorKind::DisplayNotReady => Ok(None),
            Err(e) => Err(e),
        }
    }
}
