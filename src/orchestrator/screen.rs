//! Pictures of a VM's screen: taken, written, analysed, compared with the last one.

use std::path::{Path, PathBuf};

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{self, Error, ErrorKind};
use crate::hypervisor::offered;
use crate::model::{Frame, Monitor, Rect, Size, VmRef, VmTaskType};
use crate::request::{Analysis, PictureTo, ScreenReport, ScreenshotRequest, View};
use crate::screen::{self, Quality, Reading};
use crate::store::LineFile;

impl VmOrchestrator {
    /// Takes a picture and does with it what is wanted.
    pub(super) async fn screenshot(
        &self,
        request: &ScreenshotRequest,
    ) -> Result<ScreenReport, Error> {
        let vm = &request.vm;
        let png = self.picture_of(vm, request.view.monitor).await?;
        let frame = screen::decode_png(&png).map_err(|e| e.about(vm))?;
        let (analysis, reading, changed_share) = match request.analysis {
            Analysis::Skipped => (None, None, None),
            Analysis::Wanted => {
                let last = self.remember(vm, &png).await?;
                let changed = last.and_then(|last| screen::changed_share(&last, &frame));
                let reading = Box::pin(self.read_screen(frame.clone())).await?;
                (Some(screen::analyse(&frame)), reading, changed)
            }
        };
        let (frame, png) = match request.view {
            View { crop: None, scale: None, .. } => (frame, Some(png)),
            view => (seen(&frame, view).map_err(|e| e.about(vm))?, None),
        };
        let hash = screen::content_hash(&frame);
        let encoded = |png: Option<Vec<u8>>| png.map_or_else(|| screen::encode_png(&frame), Ok);
        let (file, png) = match &request.to {
            PictureTo::ResponseUnless(known) if *known == hash => (None, None),
            PictureTo::Response | PictureTo::ResponseUnless(_) => (None, Some(encoded(png)?)),
            PictureTo::File(file) => {
                write_picture(file, &encoded(png)?).await?;
                (Some(file.clone()), None)
            }
        };
        Ok(ScreenReport {
            vm: vm.to_string(),
            size: frame.size(),
            hash,
            file,
            png,
            analysis,
            reading,
            changed_share,
        })
    }

    /// Reads what is on a screen, away from what answers others meanwhile; `None` in a program that
    /// was built without the reading of screens.
    pub(super) async fn read_screen(&self, frame: Frame) -> Result<Option<Reading>, Error> {
        let file = self.folders().lines_file();
        let recogniser = self.settings().screen.recogniser.clone();
        let work =
            move || LineFile::read_screen(file, &frame, Quality::Standard, recogniser.as_deref());
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(reading)) => Ok(Some(reading)),
            Ok(Err(error)) if error.kind() == ErrorKind::Unsupported => Ok(None),
            Ok(Err(error)) => Err(error),
            Err(broken) => {
                Err(Error::new(ErrorKind::Internal, "the screen cannot be read").caused_by(broken))
            }
        }
    }

    /// Takes a picture of the first monitor.
    pub(super) async fn picture(&self, vm: &VmRef) -> Result<Vec<u8>, Error> {
        self.picture_of(vm, Monitor::default()).await
    }

    /// Takes a picture of the first monitor as it is now: a screen that has no mode yet is not
    /// waited for.
    pub(super) async fn picture_now(&self, vm: &VmRef) -> Result<Vec<u8>, Error> {
        let work = Work::on(vm, VmTaskType::Screenshot).once();
        self.photograph(work, vm, Monitor::default()).await
    }

    /// Returns the hash of what a screen shows now, and its size: to know whether it shows something
    /// else, for which no picture is made.
    pub async fn look_at_screen(&self, vm: &VmRef) -> Result<(String, Size), Error> {
        let png = self.picture_now(vm).await?;
        let frame = screen::decode_png(&png).map_err(|e| e.about(vm))?;
        Ok((screen::content_hash(&frame), frame.size()))
    }

    async fn picture_of(&self, vm: &VmRef, monitor: Monitor) -> Result<Vec<u8>, Error> {
        self.photograph(Work::on(vm, VmTaskType::Screenshot), vm, monitor).await
    }

    async fn photograph(&self, work: Work, vm: &VmRef, monitor: Monitor) -> Result<Vec<u8>, Error> {
        let target = vm.clone();
        self.run(work, move |hypervisor, _| {
            let vm = target.clone();
            async move {
                let hypervisor = hypervisor.as_ref();
                let console = offered(hypervisor, hypervisor.console(), "shows no screens")?;
                console.screenshot(&vm, monitor).await
            }
        })
        .await
    }

    /// Keeps a picture as the VM's last one, and returns the one before.
    async fn remember(&self, vm: &VmRef, png: &[u8]) -> Result<Option<Frame>, Error> {
        let folder = self.folders().state().join("screens");
        let file = folder.join(picture_name(vm));
        let last = tokio::fs::read(&file).await.ok();
        tokio::fs::create_dir_all(&folder)
            .await
            .map_err(|e| error::io(format!("create `{}`", folder.display()), e))?;
        write_picture(&file, png).await?;
        // A damaged last picture only means that there is nothing to compare with.
        Ok(last.and_then(|png| screen::decode_png(&png).ok()))
    }
}

/// Returns the part that is wanted, as large as it is wanted.
fn seen(whole: &Frame, view: View) -> Result<Frame, Error> {
    let Size { width, height } = whole.size();
    let part = match view.crop {
        None => whole.clone(),
        Some(part) => screen::crop(whole, part).ok_or_else(|| {
            let Rect { x, y, width: w, height: h } = part;
            let message = format!("the part {x},{y},{w},{h} is not within the screen");
            Error::new(ErrorKind::Usage, message)
                .hint(format!("the screen has {width}x{height} pixels"))
        })?,
    };
    Ok(match view.scale {
        None => part,
        Some(scale) => {
            let size = scale.of(part.size());
            screen::resize(&part, size).unwrap_or(part)
        }
    })
}

/// Returns a file name for a VM's last picture; names may hold what file names may not.
pub(super) fn picture_name(vm: &VmRef) -> String {
    let safe = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = vm.as_str().chars().map(safe).take(80).collect();
    format!("{name}.png")
}

/// Writes a picture whole or not at all: beside its place first, then moved there.
pub(super) async fn write_picture(file: &Path, png: &[u8]) -> Result<(), Error> {
    let failed = |e| error::io(format!("write `{}`", file.display()), e);
    let mut beside: PathBuf = file.to_path_buf();
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    beside.set_file_name(format!(".{name}.{}", std::process::id()));
    tokio::fs::write(&beside, png).await.map_err(failed)?;
    let moved = tokio::fs::rename(&beside, file).await;
    if moved.is_err() {
        tokio::fs::remove_file(&beside).await.ok();
    }
    moved.map_err(failed)
}

#[cfg(test)]
mod tests {
    use crate::config::{Environment, Folders, Platform, Sources, load};
    use crate::model::{HypervisorKind, VmRef};
    use crate::orchestrator::{Setup, VmOrchestrator};
    use crate::request::{
        Analysis, CreateRequest, DiskWish, PictureTo, PortWish, ScreenshotRequest, View,
    };
    use crate::screen::encoded::PICTURES;

    fn simulated(folder: &std::path::Path) -> VmOrchestrator {
        let environment = Environment::from_iter([("VM_CLI_HOME", folder.display().to_string())]);
        let folders = Folders::find(Platform::current(), &environment, folder).unwrap();
        let mut settings = load(&Sources::default()).unwrap().settings;
        settings.hypervisor.driver = HypervisorKind::Simulated;
        VmOrchestrator::new(Setup::new(settings, folders)).unwrap()
    }

    #[tokio::test]
    async fn a_thumbnail_that_is_known_is_not_encoded() {
        let folder = tempfile::tempdir().unwrap();
        let orchestrator = simulated(folder.path());
        let wanted = CreateRequest {
            disk: Some(DiskWish::None),
            ssh: PortWish::None,
            ..CreateRequest::new("web".parse().unwrap())
        };
        orchestrator.create_vm(&wanted).await.unwrap();
        let web: VmRef = "web".parse().unwrap();
        orchestrator.start_vm(&web).await.unwrap();
        let shot = |to| ScreenshotRequest {
            vm: web.clone(),
            to,
            analysis: Analysis::Skipped,
            view: View { scale: Some("25%".parse().unwrap()), ..View::default() },
        };
        let mut known = String::new();
        let (mut same, mut other) = (0, 0);
        // It boots: its screen changes, and then no more.
        while same < 3 {
            let before = PICTURES.get();
            let wanted = shot(PictureTo::ResponseUnless(known.clone()));
            let taken = orchestrator.screenshot(&wanted);
            let taken = taken.await.unwrap();
            let encoded = PICTURES.get() - before;
            assert_eq!(
                (taken.png.is_some(), encoded),
                (taken.hash != known, usize::from(taken.hash != known))
            );
            if taken.hash == known {
                same += 1;
            } else {
                other += 1;
            }
            known = taken.hash;
        }
        assert!(0 < other);
        let before = PICTURES.get();
        orchestrator.look_at_screen(&web).await.unwrap();
        assert_eq!(PICTURES.get(), before);
    }
}
