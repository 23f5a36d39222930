//! QEMU's own words of why it did not do something: the only place where they are read.

use crate::error::{Error, ErrorKind};
use crate::process::{Exit, Output, ProcessError};

/// Words by which a kind of failure is told (seen on 7.2).
const KINDS: [(&str, ErrorKind); 6] = [
    ("No space left on device", ErrorKind::DiskFull),
    ("Permission denied", ErrorKind::PermissionDenied),
    ("Failed to get \"write\" lock", ErrorKind::FileBusy),
    ("Failed to get shared \"write\" lock", ErrorKind::FileBusy),
    ("failed to initialize kvm", ErrorKind::HypervisorUnusable),
    ("No such file or directory", ErrorKind::FileNotFound),
];

/// Builds the failure of a command of the monitor.
pub(super) fn by_monitor(command: &str, why: &str) -> Error {
    Error::new(kind(why), format!("QEMU refused `{command}`: {}", why.trim()))
}

/// Returns what a program printed if it went well.
pub(super) fn by_program(
    program: &str,
    ran: Result<Output, ProcessError>,
) -> Result<String, Error> {
    let output = ran.map_err(|e| match &e {
        ProcessError::NotFound { program } => missing(program),
        ProcessError::TimedOut { .. } => Error::new(ErrorKind::OutcomeUnknown, e.to_string())
            .hint("run `vm-cli status` to see what became of the VM"),
        ProcessError::Spawn { .. }
        | ProcessError::Read { .. }
        | ProcessError::Flood { .. }
        | ProcessError::NotServing { .. } => {
            Error::new(ErrorKind::ProgramFailed, format!("{program} could not be run")).caused_by(e)
        }
    })?;
    if output.exit == Exit::Code(0) {
        return Ok(output.stdout);
    }
    // The last line tells why; warnings come before it.
    let why = output.stderr.lines().rev().find(|line| !line.trim().is_empty());
    let why = why.unwrap_or("it says nothing of why");
    Err(Error::new(kind(&output.stderr), format!("{program} failed: {}", why.trim())))
}

/// Says that a program of QEMU's is not there.
pub(super) fn missing(program: &str) -> Error {
    Error::new(ErrorKind::HypervisorMissing, format!("`{program}` was not found"))
        .hint("install QEMU: on Debian `apt install qemu-system-x86 qemu-utils`")
}

fn kind(words: &str) -> ErrorKind {
    let known = KINDS.iter().find(|(text, _)| words.contains(text));
    known.map_or(ErrorKind::ProgramFailed, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::{by_monitor, by_program};
    use crate::error::ErrorKind;
    use crate::process::{Exit, Output, ProcessError};

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        let full = "Error -28 while writing VM state: No space left on device";
        assert_eq!(by_monitor("snapshot-save", full).kind(), ErrorKind::DiskFull);
        assert_eq!(by_monitor("stop", "what?").kind(), ErrorKind::ProgramFailed);
    }

    #[test]
    fn the_last_line_tells_why_a_program_failed() {
        let stderr = "a warning\nqemu-img: Could not open 'x': No such file or directory\n\n";
        let output =
            Output { exit: Exit::Code(1), stdout: String::new(), stderr: stderr.to_owned() };
        let error = by_program("qemu-img", Ok(output)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileNotFound);
        assert!(error.message().ends_with("No such file or directory"), "{error}");
        let gone = ProcessError::NotFound { program: "qemu-img".to_owned() };
        let error = by_program("qemu-img", Err(gone)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HypervisorMissing);
        assert!(error.next_step().unwrap().contains("qemu-utils"));
    }
}
