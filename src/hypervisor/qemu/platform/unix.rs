use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rustix::process::{Flock, FlockType, Pid, Signal, fcntl_getlk, kill_process};
use tokio::net::UnixStream;

/// A socket in the file system.
pub(in crate::hypervisor::qemu) type Stream = UnixStream;

/// Connects to a socket.
pub(in crate::hypervisor::qemu) async fn connect(path: &Path) -> io::Result<Stream> {
    UnixStream::connect(path).await
}

/// Returns the process that has locked a file. The kernel releases the lock when it dies.
pub(in crate::hypervisor::qemu) fn holder(file: &File) -> io::Result<Option<u32>> {
    let lock = fcntl_getlk(file, &Flock::from(FlockType::WriteLock))?;
    let pid = lock.and_then(|lock| lock.pid).map(Pid::as_raw_pid);
    Ok(pid.and_then(|pid| u32::try_from(pid).ok()))
}

/// Ends a process without asking it.
pub(in crate::hypervisor::qemu) fn end(pid: u32) -> io::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.map_or(Ok(()), |pid| Ok(kill_process(pid, Signal::KILL)?))
}

/// Makes a folder that only its owner may enter: who reaches a VM's socket commands the VM.
pub(in crate::hypervisor::qemu) fn make_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Returns whether this user may use the kernel's virtual machines.
pub(in crate::hypervisor::qemu) fn has_kvm() -> bool {
    File::options().read(true).write(true).open("/dev/kvm").is_ok()
}
