use crate::error::Error;
use crate::error::ErrorKind;

/// Refuses: Windows has no signal that reaches the process of another console.
pub fn ask_to_end(pid: u32) -> Result<(), Error> {
    let message = format!("process {pid} cannot be asked to end on Windows");
    Err(Error::new(ErrorKind::Unsupported, message).hint("press Ctrl-C in its own window"))
}
