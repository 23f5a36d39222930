use std::path::PathBuf;

use crate::error::{Error, ErrorKind};
use crate::model::{Phase, VmName, VmRef, VmState, typed};

/// Builds the refusal of something that a VM's state does not allow.
pub(in crate::hypervisor) fn refusal(name: &VmName, state: &VmState, what: &str) -> Error {
    let typed = typed(name);
    let next = match state.phase() {
        Phase::Offline => format!("run `vm-cli start {typed}`"),
        Phase::Broken => format!("run `vm-cli stop {typed} --force`"),
        Phase::Live if *state == VmState::Paused => {
            format!("run `vm-cli resume {typed}` or `vm-cli stop {typed} --force`")
        }
        Phase::Live | Phase::Changing => format!("run `vm-cli stop {typed}` first"),
    };
    Error::new(ErrorKind::InvalidState, format!("`{name}` is {state}: it cannot {what}"))
        .hint(next)
        .about(name)
}

/// Says that there is no such VM.
pub(in crate::hypervisor) fn not_found(vm: &VmRef) -> Error {
    Error::new(ErrorKind::VmNotFound, format!("there is no VM `{vm}`"))
        .hint("run `vm-cli list` to see the names")
        .about(vm)
}

/// Says that a name is taken.
pub(in crate::hypervisor) fn taken(name: &VmName) -> Error {
    Error::new(ErrorKind::AlreadyExists, format!("a VM named `{name}` exists already"))
        .hint("choose another name, or run `vm-cli list` to see those in use")
        .about(name)
}

/// Refuses a disc image that is not there; an empty path is a drive without a disc.
pub(in crate::hypervisor) fn check_discs(discs: &[PathBuf], name: &VmName) -> Result<(), Error> {
    let is_missing = |iso: &&PathBuf| !iso.as_os_str().is_empty() && !iso.is_file();
    let Some(iso) = discs.iter().find(is_missing) else { return Ok(()) };
    let message = format!("the disc image `{}` is not a file", iso.display());
    let hint = "name an ISO file that exists with `--iso`";
    Err(Error::new(ErrorKind::FileNotFound, message).hint(hint).about(name))
}
