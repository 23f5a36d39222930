//! Files of a moment for what no command line may show.

use std::io::Write;

use tempfile::TempPath;

use super::manager::VirtualBoxManager;
use crate::error::Error;
use crate::error::io;
use crate::model::VmRef;

impl VirtualBoxManager {
    /// Writes a file that is its owner's alone, and goes away however its use ends.
    pub(super) async fn scratch_file(&self, text: String, vm: &VmRef) -> Result<TempPath, Error> {
        let scratch = self.options.scratch.clone();
        let write = move || {
            std::fs::create_dir_all(&scratch)?;
            let mut file = tempfile::Builder::new().prefix("vm-cli-").tempfile_in(scratch)?;
            file.write_all(text.as_bytes())?;
            Ok(file.into_temp_path())
        };
        let written = tokio::task::spawn_blocking(write).await;
        let written = written.unwrap_or_else(|died| Err(std::io::Error::other(died)));
        written.map_err(|e| io("write what VBoxManage is to read", e).about(vm))
    }

    /// Makes a call whose arguments only its owner can read.
    pub(super) async fn call_in_file(&self, vm: &VmRef, arguments: &[&str]) -> Result<(), Error> {
        let line: Vec<String> = arguments.iter().map(|it| quoted(it)).collect();
        let file = self.scratch_file(line.join(" ") + "\n", vm).await?;
        self.tell(self.commands.in_file(&file), vm).await
    }
}

/// Quotes an argument as VBoxManage reads it from a file: as a POSIX shell would.
fn quoted(argument: &str) -> String {
    format!("'{}'", argument.replace('\'', r"'\''"))
}
