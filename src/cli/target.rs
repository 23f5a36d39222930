use clap::Args;

use super::usage;
use crate::config::Timeouts;
use crate::error::Error;
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
    fn named(&self) -> Result<Option<String>, Error> {
        match (&self.word, &self.flag) {
            (Some(word), Some(flag)) if word != flag => Err(two("VM", word, flag)),
            (Some(name), _) | (None, Some(name)) => Ok(Some(name.clone())),
            (None, None) => Ok(None),
        }
    }

    /// Returns this one, or the other where this one names nothing.
    pub(crate) fn or(&self, other: &Self) -> Result<Self, Error> {
        match (self.named()?, other.named()?) {
            (Some(inner), Some(outer)) if inner != outer => Err(two("VM", &outer, &inner)),
            (Some(name), _) | (None, Some(name)) => Ok(Self { word: None, flag: Some(name) }),
            (None, None) => Ok(Self::default()),
        }
    }
}

/// A VM and one more word: `NAME WORD`, `--name NAME WORD`, `NAME --flag WORD`, both by flag.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    /// The first two words, as far as they are there.
    pub(crate) words: [Option<&'a String>; 2],
    /// The VM by its flag.
    pub(crate) name: Option<&'a String>,
    /// The other word by its flag.
    pub(crate) other: Option<&'a String>,
    /// What the other word is, such as "snapshot".
    pub(crate) what: &'static str,
    /// What to type when it is missing.
    pub(crate) missing: &'static str,
}

impl Pair<'_> {
    /// Returns the VM that is meant, and the other word.
    pub(crate) fn settle(&self, given: &Given) -> Result<(VmRef, String), Error> {
        let [first, second] = self.words;
        let elsewhere = self.name.is_some() || given.default_vm.is_some();
        let (word, other) = match (first, second, self.other) {
            (Some(_), Some(second), Some(flag)) if second != flag => {
                return Err(two(self.what, second, flag));
            }
            (Some(first), Some(second), _) => (Some(first), Some(second)),
            (Some(first), None, None) if elsewhere => (None, Some(first)),
            (word, _, flag) => (word, flag),
        };
        let target = Target { word: word.cloned(), flag: self.name.cloned() };
        let vm = target.vm(given)?;
        let other = other.ok_or_else(|| {
            usage(format!("no {} is named", self.what)).about(&vm).hint(self.missing)
        })?;
        Ok((vm, other.clone()))
    }
}

fn two(what: &str, one: &str, other: &str) -> Error {
    usage(format!("two {what}s are named: `{one}` and `{other}`")).hint("name one only")
}

#[cfg(test)]
mod tests {
    use super::{Pair, Target};
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

    #[test]
    fn two_words_find_their_places() {
        let (a, s, t) = ("vm".to_owned(), "snap".to_owned(), "other".to_owned());
        let settle = |words, name, other, default_vm: Option<&str>| {
            let mut given = given();
            given.default_vm = default_vm.map(str::to_owned);
            let pair = Pair { words, name, other, what: "snapshot", missing: "name it" };
            pair.settle(&given).map(|(vm, word)| (vm.to_string(), word)).map_err(|e| e.to_string())
        };
        let both = Ok(("vm".to_owned(), "snap".to_owned()));
        assert_eq!(settle([Some(&a), Some(&s)], None, None, None), both);
        assert_eq!(settle([Some(&s), None], Some(&a), None, None), both);
        assert_eq!(settle([Some(&a), None], None, Some(&s), None), both);
        assert_eq!(settle([None, None], Some(&a), Some(&s), None), both);
        assert_eq!(settle([Some(&s), None], None, None, Some("vm")), both);
        assert_eq!(settle([None, None], None, Some(&s), Some("vm")), both);
        assert!(settle([Some(&a), Some(&s)], None, Some(&t), None).is_err());
        assert!(settle([Some(&t), Some(&s)], Some(&a), None, None).is_err());
        let missing = Err("no snapshot is named".to_owned());
        assert_eq!(settle([Some(&a), None], None, None, None), missing);
        assert_eq!(settle([None, None], Some(&a), None, None), missing);
    }
}
