use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::model::Invalid;

/// Reads one of several words into the type that they stand for.
pub(crate) fn words<T>(
    all: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = Invalid> + Clone + Send + Sync + 'static,
{
    let words: Vec<&'static str> = all.into_iter().collect();
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}
