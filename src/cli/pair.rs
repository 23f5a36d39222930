use super::target::{Given, Target};
use super::usage;
use crate::error::Error;
use crate::model::VmRef;

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
    use super::Pair;
    use crate::cli::testing::given;

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
