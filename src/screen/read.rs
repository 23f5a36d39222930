use std::path::Path;

use super::memory::LineMemory;
use super::reading::{Quality, Reading};
use crate::error::Error;
#[cfg(not(feature = "ocr"))]
use crate::error::ErrorKind;
use crate::model::Frame;

/// Reads a screen: its text, its elements, and what the machine is doing. It knows Latin letters.
pub fn read(
    frame: &Frame,
    quality: Quality,
    memory: &mut dyn LineMemory,
) -> Result<Reading, Error> {
    read_by(frame, quality, None, memory)
}

/// Reads a screen as [`read`] does, by the recogniser in a folder that `src/screen/models/reproduce --full`
/// made, or by the built-in one. It fails if the files of that folder are missing, are not those that
/// their hashes tell, or do not belong together.
#[cfg(feature = "ocr")]
pub fn read_by(
    frame: &Frame,
    quality: Quality,
    recogniser: Option<&Path>,
    memory: &mut dyn LineMemory,
) -> Result<Reading, Error> {
    super::pipeline::read(frame, quality, recogniser, memory)
}

/// Says that this program was built without what reads screens.
#[cfg(not(feature = "ocr"))]
pub fn read_by(
    _frame: &Frame,
    _quality: Quality,
    _recogniser: Option<&Path>,
    _memory: &mut dyn LineMemory,
) -> Result<Reading, Error> {
    let message = "this vm-cli was built without the reading of screens";
    Err(Error::new(ErrorKind::Unsupported, message).hint("build it with the feature `ocr`"))
}
