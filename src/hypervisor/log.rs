//! A VM's own log.

use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::path::Path;
use std::path::PathBuf;

use crate::model::Vm;

/// The file of a VM's own log within its [`Vm::log_folder`].
pub fn log_file(vm: &Vm) -> Option<PathBuf> {
    vm.log_folder.as_deref().map(log_in)
}

/// Returns the log within a folder of logs.
pub(super) fn log_in(folder: &Path) -> PathBuf {
    folder.join("VBox.log")
}

/// Reads the last bytes of a log; it blocks.
pub fn end_of_log(log: &Path, bytes: u64) -> io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(bytes)))?;
    let mut end = Vec::new();
    file.take(bytes).read_to_end(&mut end)?;
    Ok(String::from_utf8_lossy(&end).into_owned())
}

/// Reads a whole log; one that is not there says nothing.
pub(super) async fn whole_log(log: &Path) -> String {
    let bytes = tokio::fs::read(log).await.unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
