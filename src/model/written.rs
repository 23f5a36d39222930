//! Values that travel as the text that people write: what cannot be read is refused on arrival.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Makes types travel as the text that they show and read.
macro_rules! travels_as_text {
    ($($name:ident)*) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
pub(crate) use travels_as_text;

/// So many different words come at most, and none is longer.
const MOST_WORDS: usize = 500;
const LONGEST_WORD: usize = 40;

/// The words that have come, each once.
static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// A word of this program's own, such as `snapshot-take`. By this name serde does not take it for a
/// piece of what is read.
pub type Word = &'static str;

/// Reads a word of this program's own, such as `snapshot-take`.
pub(crate) fn word<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    let word = String::deserialize(from)?;
    let mut known = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(word.as_str()) {
        return Ok(known);
    }
    if MOST_WORDS <= known.len() || LONGEST_WORD < word.len() {
        return Err(D::Error::custom("this is no word of vm-cli's own"));
    }
    let kept: &'static str = word.leak();
    known.insert(kept);
    Ok(kept)
}

/// Reads a word of this program's own, if there is one.
pub(crate) fn word_or_none<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<&'static str>, D::Error> {
    struct Word(&'static str);
    impl<'de> Deserialize<'de> for Word {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            word(from).map(Self)
        }
    }
    Ok(Option::<Word>::deserialize(from)?.map(|it| it.0))
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::Error;

    use super::word;
    use crate::model::{SnapshotName, VmRef};

    #[test]
    fn what_nobody_could_have_typed_does_not_arrive() {
        let name: VmRef = serde_json::from_str("\"web\"").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"web\"");
        assert!(serde_json::from_str::<VmRef>("\"--help\"").is_err());
        assert!(serde_json::from_str::<SnapshotName>("\"a\\nb\"").is_err());
    }

    #[test]
    fn a_word_is_kept_once() {
        let read = |text: &str| {
            word::<serde::de::value::StringDeserializer<Error>>(text.to_owned().into_deserializer())
        };
        assert!(std::ptr::eq(read("start").unwrap(), read("start").unwrap()));
        assert!(read(&"x".repeat(41)).is_err());
    }
}
