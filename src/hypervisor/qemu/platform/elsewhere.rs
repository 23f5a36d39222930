use std::fs::{self, File};
use std::io;
use std::path::Path;

use tokio::io::DuplexStream;

/// What a socket would be.
pub(in crate::hypervisor::qemu) type Stream = DuplexStream;

/// Refuses: QEMU is spoken to through a Unix socket.
pub(in crate::hypervisor::qemu) async fn connect(_path: &Path) -> io::Result<Stream> {
    Err(io::ErrorKind::Unsupported.into())
}

/// No QEMU of ours runs here.
pub(in crate::hypervisor::qemu) fn holder(_file: &File) -> io::Result<Option<u32>> {
    Ok(None)
}

/// Refuses, as no QEMU of ours runs here.
pub(in crate::hypervisor::qemu) fn end(_pid: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Makes a folder.
pub(in crate::hypervisor::qemu) fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// There is none.
pub(in crate::hypervisor::qemu) fn has_kvm() -> bool {
    false
}
