//! Where VirtualBox's installer wrote down the folder it installed to.

use std::path::PathBuf;

/// Reads the folder from the file that the installer for Linux leaves; macOS has no such file.
#[cfg(not(windows))]
pub(super) fn folder() -> Option<PathBuf> {
    super::locate::install_dir(&std::fs::read_to_string("/etc/vbox/vbox.cfg").ok()?)
}

/// Reads the folder from the registry.
#[cfg(windows)]
pub(super) fn folder() -> Option<PathBuf> {
    let key = windows_registry::LOCAL_MACHINE.open(r"SOFTWARE\Oracle\VirtualBox").ok()?;
    key.get_string("InstallDir").ok().filter(|folder| !folder.is_empty()).map(PathBuf::from)
}
