use super::memory::LineMemory;
use super::reading::{Quality, Reading};
use crate::error::Error;
#[cfg(not(feature = "ocr"))]
use crate::error::ErrorKind;
use crate::model::Frame;

/// Reads a screen: its text, its elements, and what the machine is doing.
#[cfg(feature = "ocr")]
pub fn read(
    frame: &Frame,
    quality: Quality,
    memory: &mut dyn LineMemory,
) -> Result<Reading, Error> {
    super::pipeline::read(frame, quality, memory)
}

/// Says that this program was built without what reads screens.
#[cfg(not(feature = "ocr"))]
pub fn read(
    _frame: &Frame,
    _quality: Quality,
    _memory: &mut dyn LineMemory,
) -> Result<Reading, Error> {
    let message = "this vm-cli was built without the reading of screens";
    Err(Error::new(ErrorKind::Unsupported, message).hint("build it with the feature `ocr`"))
}
