use rustix::process::{Pid, Signal, kill_process};

use crate::error;
use crate::error::Error;
use crate::error::ErrorKind;

/// Asks a process to end by `SIGTERM`, as `kill` does. Who it is must be sure.
pub fn ask_to_end(pid: u32) -> Result<(), Error> {
    let id = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let id = id.ok_or_else(|| Error::new(ErrorKind::Internal, format!("no process is {pid}")))?;
    let asked = kill_process(id, Signal::TERM);
    asked.map_err(|e| error::io(format!("ask process {pid} to end"), e.into()))
}
