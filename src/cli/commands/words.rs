use crate::cli::target::{Given, Target};
use crate::error::Error;
use crate::model::VmRef;

/// Takes the VM off words that begin with it, unless a flag names it.
pub(super) fn leading_vm<'a>(
    words: &'a [String],
    flag: Option<&str>,
    given: &Given,
) -> Result<(VmRef, &'a [String]), Error> {
    let flag = flag.map(str::to_owned);
    let (word, rest) = match (&flag, words) {
        (None, [first, rest @ ..]) => (Some(first.clone()), rest),
        (Some(_), _) | (None, []) => (None, words),
    };
    Ok((Target { word, flag }.vm(given)?, rest))
}

#[cfg(test)]
mod tests {
    use super::leading_vm;
    use crate::cli::testing::given;

    #[test]
    fn the_first_word_is_the_vm_unless_a_flag_names_it() {
        let words: Vec<String> = ["web", "tab"].map(str::to_owned).to_vec();
        let (vm, rest) = leading_vm(&words, None, &given()).unwrap();
        assert_eq!((vm.as_str(), rest), ("web", &words[1..]));
        let (vm, rest) = leading_vm(&words, Some("db"), &given()).unwrap();
        assert_eq!((vm.as_str(), rest), ("db", words.as_slice()));
        assert!(leading_vm(&[], None, &given()).is_err());
    }
}
