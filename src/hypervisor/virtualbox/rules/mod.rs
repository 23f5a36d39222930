//! What VBoxManage's failures mean: one row for each, by result code first, by text second.
//!
//! Codes are the same everywhere and in every language; names such as `E_FAIL` are not, and texts
//! are translated. So a row with a code stands before rows that know only a text.

mod argument;
mod file;
mod guest;
mod host;
mod machine;

use super::check::Failure;
use crate::error::ErrorKind;

/// One known failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// The result code; `None` is any, or none.
    code: Option<u32>,
    /// Everything that must have been said.
    text: &'static [&'static str],
    /// What it means.
    pub(super) kind: ErrorKind,
    /// Our line; `{vm}` is the VM, `{said}` VBoxManage's own first sentence.
    pub(super) message: &'static str,
    /// What to do next; `{name}` is the VM as it can be typed.
    pub(super) hint: &'static str,
}

/// `VBOX_E_OBJECT_NOT_FOUND`
const OBJECT_NOT_FOUND: u32 = 0x80bb_0001;
/// `VBOX_E_INVALID_VM_STATE`
const INVALID_VM_STATE: u32 = 0x80bb_0002;
/// `VBOX_E_FILE_ERROR`
const FILE_ERROR: u32 = 0x80bb_0004;
/// `VBOX_E_INVALID_OBJECT_STATE`
const INVALID_OBJECT_STATE: u32 = 0x80bb_0007;
/// `VBOX_E_INVALID_SESSION_STATE`
const INVALID_SESSION_STATE: u32 = 0x80bb_000b;
/// `VBOX_E_OBJECT_IN_USE`
const OBJECT_IN_USE: u32 = 0x80bb_000c;
/// `VBOX_E_PASSWORD_INCORRECT`
const PASSWORD_INCORRECT: u32 = 0x80bb_000d;
/// `VBOX_E_GSTCTL_GUEST_ERROR`
const GUEST_ERROR: u32 = 0x80bb_000f;
/// `E_ACCESSDENIED`
const ACCESS_DENIED: u32 = 0x8007_0005;
/// `E_OUTOFMEMORY`
const OUT_OF_MEMORY: u32 = 0x8007_000e;
/// `E_INVALIDARG`
const INVALID_ARGUMENT: u32 = 0x8007_0057;
/// `E_UNEXPECTED`
const UNEXPECTED: u32 = 0x8000_ffff;
/// `E_ABORT`
const ABORT: u32 = 0x8000_4004;
/// `E_NOINTERFACE`
const NO_INTERFACE: u32 = 0x8000_4002;
/// `REGDB_E_CLASSNOTREG`
const CLASS_NOT_REGISTERED: u32 = 0x8004_0154;
/// `CO_E_SERVER_EXEC_FAILURE`
const SERVER_EXEC_FAILURE: u32 = 0x8008_0005;
/// `RPC_S_SERVER_UNAVAILABLE`
const SERVER_UNAVAILABLE: u32 = 0x8007_06ba;
/// `RPC_S_CALL_FAILED`
const CALL_FAILED: u32 = 0x8007_06be;

/// Returns the first row that a failure fits.
pub(super) fn find(failure: &Failure) -> Option<&'static Rule> {
    rows().find(|rule| rule.fits(failure))
}

/// Returns whether a call died under way: what it did by then is unknown.
pub(super) fn is_broken_off(failure: &Failure) -> bool {
    matches!(failure.code, Some(SERVER_UNAVAILABLE | CALL_FAILED | ABORT))
}

/// Returns whether the VM is registered but its settings cannot be read.
pub(super) fn is_inaccessible(failure: &Failure) -> bool {
    failure.code == Some(ACCESS_DENIED) && failure.says("functionality is limited")
}

fn rows() -> impl Iterator<Item = &'static Rule> {
    [machine::RULES, host::RULES, guest::RULES, file::RULES, argument::RULES].into_iter().flatten()
}

impl Rule {
    fn fits(&self, failure: &Failure) -> bool {
        let code_fits = self.code.is_none() || self.code == failure.code;
        code_fits && self.text.iter().all(|text| failure.says(text))
    }
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn every_row_says_what_happened_and_what_to_do() {
        for rule in rows() {
            assert!(rule.code.is_some() || !rule.text.is_empty(), "fits everything: {rule:?}");
            assert!(!rule.message.is_empty() && !rule.hint.is_empty(), "{rule:?}");
            let rest = rule.message.replace("{vm}", "").replace("{said}", "");
            assert!(!rest.contains('{') && !rule.hint.replace("{name}", "").contains('{'));
        }
    }

    #[test]
    fn no_row_stands_behind_one_that_always_fits_first() {
        let rules: Vec<_> = rows().collect();
        for (place, rule) in rules.iter().enumerate() {
            let hides = |earlier: &&super::Rule| {
                let code = earlier.code.is_none() || earlier.code == rule.code;
                let covered = |text: &&str| rule.text.iter().any(|mine| mine.contains(text));
                code && earlier.text.iter().all(covered)
            };
            let hidden_by = rules[..place].iter().copied().find(hides);
            assert!(hidden_by.is_none(), "{rule:?} is hidden by {hidden_by:?}");
        }
    }
}
