use clap::Args;

use super::usage;
use crate::config::{Recovery, Timeouts};
use crate::error::Error;
use crate::keyboard::Layout;
use crate::model::VmRef;

/// The VM that a command is about: `NAME`, `--name NAME`, or the default of `VM_CLI_VM`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(crate) struct Target {
    /// Name the VM: its name, its UUID, or the unique start of its UUID
    #[arg(value_name = "NAME")]
    pub(super) word: Option<String>,

    /// Name the VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    pub(super) flag: Option<String>,
}

/// What turns arguments into a request besides the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    /// The VM that is meant when none is named (`VM_CLI_VM`).
    pub(crate) default_vm: Option<String>,
    /// How long things take when it is not said.
    pub(crate) timeouts: Timeouts,
    /// What the guest takes its keyboard for when it is not said.
    pub(crate) layout: Layout,
    /// What is done about a VM that came to harm when it is not said.
    pub(crate) recovery: Recovery,
}

impl Target {
    /// Returns the VM that is meant.
    pub(crate) fn vm(&self, given: &Given) -> Result<VmRef, Error> {
        Ok(self.text(given)?.parse()?)
    }

    /// Returns the text that was typed for it.
    pub(crate) fn text(&self, given: &Given) -> Result<String, Error> {
        let named = self.named()?.or_else(|| given.default_vm.clone());
        named.ok_or_else(|| {
            usage("no VM is named").hint("name one: `--name NAME` (`vm-cli list` shows them)")
        })
    }

    /// Returns what was typed, if anything was.
    pub(crate) fn named(&self) -> Result<Option<String>, Error> {
        match (&self.word, &self.flag) {
            (Some(word), Some(flag)) if word != flag => Err(two(word, flag)),
            (Some(name), _) | (None, Some(name)) => Ok(Some(name.clone())),
            (None, None) => Ok(None),
        }
    }
}

fn two(one: &str, other: &str) -> Error {
    usage(format!("two VMs are named: `{one}` and `{other}`")).hint("name one only")
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::cli::testing::given;

    fn target(word: Option<&str>, flag: Option<&str>) -> Target {
        Target { word: word.map(str::to_owned), flag: flag.map(str::to_owned) }
    }

    #[test]
    fn a_vm_is_named_by_word_flag_or_default() {
        let mut given = given();
        let text = |target: Target, given: &_| target.text(given).map_err(|e| e.to_string());
        assert_eq!(text(target(Some("a"), None), &given), Ok("a".to_owned()));
        assert_eq!(text(target(None, Some("a")), &given), Ok("a".to_owned()));
        assert_eq!(text(target(Some("a"), Some("a")), &given), Ok("a".to_owned()));
        assert!(text(target(Some("a"), Some("b")), &given).is_err());
        assert_eq!(text(target(None, None), &given), Err("no VM is named".to_owned()));
        given.default_vm = Some("d".to_owned());
        assert_eq!(text(target(None, None), &given), Ok("d".to_owned()));
        assert_eq!(text(target(Some("a"), None), &given), Ok("a".to_owned()));
    }
}
