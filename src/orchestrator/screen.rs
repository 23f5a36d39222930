//! Pictures of a VM's screen: taken, written, analysed, compared with the last one.

use std::path::{Path, PathBuf};

use super::VmOrchestrator;
use super::tasks::Work;
use crate::error::{self, Error, ErrorKind};
use crate::model::{Frame, Rect, Size, VmRef, VmTaskType};
use crate::request::{Analysis, PictureTo, ScreenReport, ScreenshotRequest, View};
use crate::screen;

impl VmOrchestrator {
    /// Takes a picture and does with it what is wanted.
    pub(super) async fn screenshot(
        &self,
        request: &ScreenshotRequest,
    ) -> Result<ScreenReport, Error> {
        let vm = &request.vm;
        let png = self.picture(vm).await?;
        let frame = screen::decode_png(&png).map_err(|e| e.about(vm))?;
        let (analysis, changed_share) = match request.analysis {
            Analysis::Skipped => (None, None),
            Analysis::Wanted => {
                let last = self.remember(vm, &png).await?;
                let changed = last.and_then(|last| screen::changed_share(&last, &frame));
                (Some(screen::analyse(&frame)), changed)
            }
        };
        let (frame, png) = match request.view {
            view if view == View::default() => (frame, png),
            view => seen(&frame, view).map_err(|e| e.about(vm))?,
        };
        let (file, png) = match &request.to {
            PictureTo::Response => (None, Some(png)),
            PictureTo::File(file) => {
                write_picture(file, &png).await?;
                (Some(file.clone()), None)
            }
        };
        Ok(ScreenReport {
            vm: vm.to_string(),
            size: frame.size(),
            hash: screen::content_hash(&frame),
            file,
            png,
            analysis,
            changed_share,
        })
    }

    /// Takes a picture.
    pub(super) async fn picture(&self, vm: &VmRef) -> Result<Vec<u8>, Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Screenshot), move |hypervisor, _| {
            let vm = target.clone();
            async move {
                let console = hypervisor.console().ok_or_else(|| {
                    let message = format!("{} shows no screens", hypervisor.kind());
                    Error::new(ErrorKind::Unsupported, message)
                })?;
                console.screenshot(&vm).await
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
fn seen(whole: &Frame, view: View) -> Result<(Frame, Vec<u8>), Error> {
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
    let scaled = match view.scale {
        None => part,
        Some(scale) => {
            let size = scale.of(part.size());
            screen::resize(&part, size).unwrap_or(part)
        }
    };
    let png = screen::encode_png(&scaled)?;
    Ok((scaled, png))
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
