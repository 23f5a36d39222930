//! What a simulated screen shows: a text screen while the guest boots, then a desktop.
//!
//! A picture depends on the VM's settings and on how far its guest has come, and on nothing else:
//! equal states have equal pictures.

mod boot;
mod canvas;
mod desktop;
mod font;
mod scene;
#[cfg(test)]
pub(super) mod tests;

use std::io::Cursor;

use image::ImageFormat;

pub(super) use desktop::closes;
pub(super) use scene::Scene;

use self::scene::Stage;
use crate::error::{Error, ErrorKind};
use crate::model::Size;

/// Returns how large a scene is.
pub(super) fn size(scene: &Scene) -> Size {
    match scene.stage {
        Stage::Boot { .. } => boot::SCREEN,
        Stage::Desktop => desktop::SCREEN,
    }
}

/// Draws a scene as PNG.
pub(super) fn png(scene: &Scene) -> Result<Vec<u8>, Error> {
    let canvas = match scene.stage {
        Stage::Boot { permille } => boot::draw(scene, permille),
        Stage::Desktop => desktop::draw(scene),
    };
    let mut png = Cursor::new(Vec::new());
    canvas.into_image().write_to(&mut png, ImageFormat::Png).map_err(|e| {
        Error::new(ErrorKind::Internal, "a simulated screen cannot be written as PNG").caused_by(e)
    })?;
    Ok(png.into_inner())
}
