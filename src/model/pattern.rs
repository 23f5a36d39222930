use std::fmt;

use serde::{Deserialize, Serialize};

use super::Invalid;

/// A pattern for names, as shells have them: `*` is any text, `?` any character, `[a-c]` one of
/// those characters, `[!a-c]` none of them. Case matters, as it does in names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamePattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Any text, also none.
    Any,
    /// One character that fits.
    One(Fit),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fit {
    All,
    Exactly(char),
    In(Vec<(char, char)>),
    NotIn(Vec<(char, char)>),
}

impl NamePattern {
    /// Reads a pattern; `None` if the text has nothing special in it and so is just a name.
    pub fn read(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut rest = chars.as_slice();
        let mut parts = Vec::new();
        while let Some((part, after)) = part(rest) {
            // Two stars in a row are one.
            if part != Part::Any || parts.last() != Some(&Part::Any) {
                parts.push(part);
            }
            rest = after;
        }
        let is_literal = |part: &Part| matches!(part, Part::One(Fit::Exactly(_)));
        (!parts.iter().all(is_literal)).then(|| Self { text: text.to_owned(), parts })
    }

    /// Returns whether a name fits. Takes time in proportion to both lengths at most.
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut part, mut place) = (0, 0);
        // Where the last star stands, and how far it reaches for now.
        let mut star: Option<(usize, usize)> = None;
        loop {
            match (self.parts.get(part), name.get(place)) {
                (Some(Part::Any), _) => {
                    star = Some((part, place));
                    part += 1;
                }
                (Some(Part::One(fit)), Some(c)) if fit.accepts(*c) => {
                    part += 1;
                    place += 1;
                }
                (None, None) => return true,
                (Some(Part::One(_)) | None, _) => match star {
                    Some((at, reach)) if reach < name.len() => {
                        star = Some((at, reach + 1));
                        part = at + 1;
                        place = reach + 1;
                    }
                    Some(_) | None => return false,
                },
            }
        }
    }
}

impl Fit {
    fn accepts(&self, c: char) -> bool {
        let is_in = |ranges: &[(char, char)]| ranges.iter().any(|(a, z)| (*a..=*z).contains(&c));
        match self {
            Self::All => true,
            Self::Exactly(own) => *own == c,
            Self::In(ranges) => is_in(ranges),
            Self::NotIn(ranges) => !is_in(ranges),
        }
    }
}

/// Takes the first part off; `None` at the end.
fn part(text: &[char]) -> Option<(Part, &[char])> {
    let (first, rest) = text.split_first()?;
    Some(match first {
        '*' => (Part::Any, rest),
        '?' => (Part::One(Fit::All), rest),
        // A bracket that nothing closes is a bracket.
        '[' => set(rest)
            .map_or((Part::One(Fit::Exactly('[')), rest), |(fit, after)| (Part::One(fit), after)),
        other => (Part::One(Fit::Exactly(*other)), rest),
    })
}

/// Reads what stands after a `[`, up to its `]`.
fn set(text: &[char]) -> Option<(Fit, &[char])> {
    let (text, negated) = match text {
        ['!' | '^', inner @ ..] => (inner, true),
        inner => (inner, false),
    };
    // A `]` that comes first is one of the characters.
    let end = 1 + text.get(1..)?.iter().position(|c| *c == ']')?;
    let (mut inner, after) = (text.get(..end)?, text.get(end + 1..)?);
    let mut ranges = Vec::new();
    loop {
        inner = match inner {
            [a, '-', z, more @ ..] => {
                ranges.push((*a, *z));
                more
            }
            [c, more @ ..] => {
                ranges.push((*c, *c));
                more
            }
            [] => break,
        };
    }
    Some((if negated { Fit::NotIn(ranges) } else { Fit::In(ranges) }, after))
}

impl TryFrom<String> for NamePattern {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::read(&text).ok_or_else(|| Invalid::new("pattern", &text, "has nothing special in it"))
    }
}

impl From<NamePattern> for String {
    fn from(pattern: NamePattern) -> Self {
        pattern.text
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::NamePattern;

    fn fits(pattern: &str, name: &str) -> bool {
        NamePattern::read(pattern).expect(pattern).matches(name)
    }

    #[test]
    fn patterns_mean_what_they_mean_in_a_shell() {
        assert!(fits("test-*", "test-1") && fits("test-*", "test-") && !fits("test-*", "a-test-1"));
        assert!(fits("*-db-*", "a-db-1-db-2") && !fits("*-db-*", "db-1"));
        assert!(fits("web-?", "web-ü") && !fits("web-?", "web-12") && !fits("web-?", "web-"));
        assert!(fits("web-[1-3]", "web-2") && !fits("web-[1-3]", "web-4"));
        assert!(fits("web-[!1-3]", "web-4") && !fits("web-[^1-3]", "web-1"));
        assert!(fits("[]a]*", "]x") && fits("[a-]*", "-x") && !fits("[a-]*", "bx"));
        assert!(fits("*", "") && fits("**", "anything") && !fits("?*", ""));
        assert!(fits("A*", "Abc") && !fits("A*", "abc"));
    }

    #[test]
    fn a_name_without_anything_special_is_no_pattern() {
        for name in ["web", "web [old", "a]b", "", "[]", "[!]"] {
            assert_eq!(NamePattern::read(name), None, "{name}");
        }
    }

    /// The plain definition, exponential and obvious.
    fn by_definition(pattern: &[char], name: &[char]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            (['*', rest @ ..], _) => {
                (0..=name.len()).any(|taken| by_definition(rest, &name[taken..]))
            }
            (['?', rest @ ..], [_, more @ ..]) => by_definition(rest, more),
            ([a, rest @ ..], [b, more @ ..]) if a == b => by_definition(rest, more),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_the_definition(pattern in "[ab?*]{0,8}", name in "[ab]{0,10}") {
            let (p, n): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
            let expected = by_definition(&p, &n);
            let read = NamePattern::read(&pattern);
            let found = read.map_or(pattern == name, |read| read.matches(&name));
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn nothing_that_can_be_typed_breaks_it(pattern in r"[-\[\]!^a-c*?é]{0,24}", name in ".{0,24}") {
            if let Some(read) = NamePattern::read(&pattern) {
                read.matches(&name);
                prop_assert_eq!(read.to_string(), pattern);
            }
        }

        #[test]
        fn a_name_matches_its_own_beginning_with_a_star(name in r"[^\[*?]{0,20}", cut in 0usize..20) {
            let start: String = name.chars().take(cut).collect();
            let pattern = start + "*";
            prop_assert!(fits(&pattern, &name));
        }
    }

    #[test]
    fn many_stars_do_not_take_for_ever() {
        let pattern = "*a".repeat(100);
        assert!(!fits(&pattern, &("a".repeat(99) + &"b".repeat(2000))));
    }
}
