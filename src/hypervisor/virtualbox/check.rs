//! Whether a call of VBoxManage went well: the exit code alone does not tell.

use crate::process::CommandLine;
use crate::process::Effect;
use crate::process::Exit;
use crate::process::Output;

/// What a call that failed left behind, for `error` to explain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// How it ended.
    pub(super) exit: Exit,
    /// Whether it would have changed something.
    pub(super) effect: Effect,
    /// What it said, without its usage text and its source positions; prefixes are cut off.
    pub(super) said: Vec<String>,
    /// Where in its source it failed, as it says.
    pub(super) context: String,
    /// The first result code it named.
    pub(super) code: Option<u32>,
}

/// Returns what a call printed on standard output if it went well.
pub(super) fn check(line: &CommandLine, output: &Output) -> Result<String, Failure> {
    let errors: Vec<&str> = output.stderr.lines().filter_map(error_text).collect();
    let (_, stdout) = split_warning(&output.stdout);
    let well = match output.exit {
        // It can fail and exit with 0: `discardstate` does, and so do reads that race.
        Exit::Code(0) | Exit::Dismissed => errors.is_empty(),
        // And it can fail after it has started the VM, which is what counts.
        Exit::Code(_) => stdout.lines().any(is_started),
        Exit::Signal(_) => false,
    };
    if well {
        return Ok(stdout.to_owned());
    }
    Err(Failure::new(line.effect(), output.exit, &errors, stdout))
}

/// Splits the warning of the wrapper script (Linux) from what follows it on standard output.
pub(super) fn split_warning(stdout: &str) -> (Option<&str>, &str) {
    if !stdout.starts_with("WARNING:") {
        return (None, stdout);
    }
    let of_warning = |line: &&str| {
        line.starts_with("WARNING:") || line.starts_with([' ', '\t']) || line.trim().is_empty()
    };
    let length = stdout.split_inclusive('\n').take_while(of_warning).map(str::len).sum();
    match stdout.split_at_checked(length) {
        Some((warning, rest)) => (Some(warning.trim_end()), rest),
        None => (None, stdout),
    }
}

impl Failure {
    fn new(effect: Effect, exit: Exit, errors: &[&str], stdout: &str) -> Self {
        let (contexts, mut said): (Vec<_>, Vec<_>) =
            errors.iter().map(|text| (*text).to_owned()).partition(|t| t.starts_with("Context:"));
        if said.is_empty() {
            // `snapshot list` of a VM without snapshots says so on standard output.
            said.extend(stdout.lines().rev().find(|l| !l.trim().is_empty()).map(str::to_owned));
        }
        said.dedup();
        let code = said.iter().find_map(|text| result_code(text));
        Self { exit, effect, said, context: contexts.into_iter().next().unwrap_or_default(), code }
    }

    /// Says what another place gives as the reason, before what the call said itself.
    pub(super) fn explained_by(mut self, code: Option<u32>, text: String) -> Self {
        self.code = code.or(self.code);
        self.said.insert(0, text);
        self
    }

    /// Returns its first sentence, or how it ended if it said nothing.
    pub(super) fn first_line(&self) -> String {
        match (self.said.iter().find(|text| !text.is_empty()), self.exit) {
            (Some(text), _) => text.clone(),
            (None, Exit::Code(code)) => format!("VBoxManage ended with exit code {code}"),
            (None, Exit::Dismissed) => "VBoxManage was ended when it was done".to_owned(),
            (None, Exit::Signal(signal)) => format!("VBoxManage was ended by signal {signal}"),
        }
    }
}

fn is_started(line: &str) -> bool {
    line.starts_with("VM \"") && line.trim_end().ends_with("has been successfully started.")
}

/// Returns what stands behind `VBoxManage: error: ` (`VBoxManage.exe` on Windows).
fn error_text(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("VBoxManage").or_else(|| line.strip_prefix("vboxmanage"))?;
    let rest = rest.strip_prefix(".exe").unwrap_or(rest).strip_prefix(": ")?;
    let rest = rest.strip_prefix("fatal ").unwrap_or(rest);
    rest.strip_prefix("error:").map(str::trim)
}

/// Finds the result code in `Details: code NAME (0x80bb0007), …` and `Code NAME (0x…) - …`.
fn result_code(text: &str) -> Option<u32> {
    let named = text.strip_prefix("Details: code ").or_else(|| text.strip_prefix("Code "))?;
    let (_, rest) = named.split_once("(0x")?;
    let (digits, _) = rest.split_once(')')?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Failure, check, split_warning};
    use crate::process::CommandLine;
    use crate::process::Exit;
    use crate::process::Output;

    fn checked(code: i32, stdout: &str, stderr: &str) -> Result<String, Failure> {
        let line = CommandLine::read("VBoxManage", Duration::from_secs(1));
        let (stdout, stderr) = (stdout.to_owned(), stderr.to_owned());
        check(&line, &Output { exit: Exit::Code(code), stdout, stderr })
    }

    #[test]
    fn an_error_with_exit_code_0_is_a_failure() {
        let stderr = include_str!("../../../tests/fixtures/virtualbox/7.2/discardstate-off.stderr");
        assert_eq!(checked(0, "", stderr).unwrap_err().code, Some(0x80bb_0002));
        let windows = "VBoxManage.exe: error: The object is not ready\n";
        assert_eq!(checked(0, "", windows).unwrap_err().first_line(), "The object is not ready");
    }

    #[test]
    fn progress_and_warnings_on_standard_error_are_no_failure() {
        assert_eq!(checked(0, "done\n", "0%...100%\nVBoxManage: warning: x\n").unwrap(), "done\n");
    }

    #[test]
    fn a_vm_that_was_started_counts_more_than_the_exit_code() {
        let stdout = include_str!("../../../tests/fixtures/virtualbox/7.2/startvm.stdout");
        assert!(checked(1, stdout, "VBoxManage: error: late\n").is_ok());
        assert!(checked(1, "Waiting for VM \"x\" to power on...\n", "").is_err());
    }

    #[test]
    fn the_warning_of_the_wrapper_is_not_output() {
        let printed = include_str!("../../../tests/fixtures/virtualbox/7.2/version-wrapper.stdout");
        let (warning, rest) = split_warning(printed);
        assert!(warning.unwrap().ends_with("until this problem is fixed."));
        assert_eq!(rest, "7.2.22_Debianr175245\n");
        assert_eq!(checked(0, printed, "").unwrap(), rest);
    }

    #[test]
    fn forty_kilobytes_of_usage_come_down_to_one_line() {
        let stderr =
            include_str!("../../../tests/fixtures/virtualbox/7.2/usage-unknown-command.stderr");
        let failure = checked(2, "", stderr).unwrap_err();
        assert_eq!(failure.said, ["Invalid command 'nosuchcommand'"]);
    }

    #[test]
    fn a_silent_failure_says_how_it_ended() {
        assert_eq!(
            checked(126, "", "").unwrap_err().first_line(),
            "VBoxManage ended with exit code 126"
        );
    }

    proptest! {
        #[test]
        fn no_output_makes_it_panic(code in -1i32..130, out in "(WARNING:)?[\\PC\n]*", err in "(VBoxManage: error: )?[\\PC\n]*") {
            let _unused = checked(code, &out, &err);
        }
    }
}
