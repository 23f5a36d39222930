use serde_json::Number;
use serde_json::Value;
use serde_json::json;

use super::{Kind, Shape};
use crate::config::nearest::nearest;
use crate::model::Nic;

/// Why a value is refused, as a clause that follows the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Refusal {
    /// What it must be and what it is.
    pub(in crate::config) why: String,
    /// The word that was probably meant.
    pub(in crate::config) nearest: Option<String>,
}

impl Kind {
    /// Returns a value in its plainest form (`4096.0` is `4096`), or why it is refused.
    pub(in crate::config) fn check(&self, value: &Value) -> Result<Value, Refusal> {
        let refused = || Refusal {
            why: format!("must be {}, not {}{}", self.wanted(), shown(value), self.quotes(value)),
            nearest: value.as_str().and_then(|text| nearest(text, self.words())),
        };
        let accepted = match *self {
            Self::Integer { min, max, .. } => whole(value, min, max).map(Value::from),
            Self::Switch { .. } => value.as_bool().map(Value::from),
            Self::Word { words, .. } => {
                words.iter().find(|word| value == **word).map(|word| json!(word))
            }
            Self::Text { shape, .. } => {
                value.as_str().filter(|text| shape.fits(text)).map(Value::from)
            }
            Self::Path => is_path(value).then(|| value.clone()),
            Self::Ports { .. } => match range(value) {
                Some((first, last)) if first > last => {
                    let why = format!("must not begin ({first}) above its end ({last})");
                    return Err(Refusal { why, nearest: None });
                }
                range => range.map(|(first, last)| json!([first, last])),
            },
            Self::Balloon { max } => match value.as_bool() {
                Some(on) => Some(json!(on)),
                None => whole(value, 0, max).map(Value::from),
            },
        };
        accepted.ok_or_else(refused)
    }

    fn wanted(&self) -> String {
        match *self {
            Self::Integer { min, max, .. } => format!("a whole number from {min} to {max}"),
            Self::Switch { .. } => "true or false".to_owned(),
            Self::Word { words, .. } => format!("one of {}", words.join(", ")),
            Self::Text { shape: Shape::Plain, .. } => {
                "a text that does not begin with `-` or a space".to_owned()
            }
            Self::Text { shape: Shape::Network, .. } => {
                "none, nat, bridged:IF, hostonly:IF, intnet:NAME or natnetwork:NAME".to_owned()
            }
            Self::Path => "a path in quotes, or null".to_owned(),
            Self::Ports { default: (first, last) } => {
                format!("a first and a last port from 1 to 65535, such as [{first},{last}]")
            }
            Self::Balloon { max } => {
                format!("true, false or a whole number of MiB from 0 to {max}")
            }
        }
    }

    /// Returns the advice to drop the quotes around a value that is right without them.
    fn quotes(&self, value: &Value) -> &'static str {
        let bare = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        match bare {
            Some(bare) if !bare.is_string() && self.check(&bare).is_ok() => " (drop the quotes)",
            Some(_) | None => "",
        }
    }
}

impl Shape {
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Plain => {
                !text.is_empty()
                    && !text.starts_with(['-', ' '])
                    && !text.chars().any(char::is_control)
            }
            Self::Network => text.parse::<Nic>().is_ok(),
        }
    }
}

fn whole(value: &Value, min: u64, max: u64) -> Option<u64> {
    let number = value.as_number().map(Number::to_string)?;
    // JSON has one kind of number: 4096.0 is a whole one (JSON Schema says so too).
    let digits = number.strip_suffix(".0").unwrap_or(&number);
    let whole = if digits == "-0" { 0 } else { digits.parse().ok()? };
    (min <= whole && whole <= max).then_some(whole)
}

fn range(value: &Value) -> Option<(u64, u64)> {
    let [first, last] = value.as_array()?.as_slice() else { return None };
    let port = |value| whole(value, 1, u16::MAX.into());
    Some((port(first)?, port(last)?))
}

fn is_path(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|path| !path.is_empty() && !path.contains('\0'))
}

fn shown(value: &Value) -> String {
    const LONGEST: usize = 40;
    let json = value.to_string();
    let is_short = json.chars().count() <= LONGEST;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => json,
        Value::String(_) | Value::Array(_) if is_short => json,
        Value::String(_) => format!("{}…\"", json.chars().take(LONGEST).collect::<String>()),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use crate::config::keys::find;

    fn check(path: &str, value: &Value) -> Result<Value, String> {
        find(path).unwrap().kind.check(value).map_err(|refusal| refusal.why)
    }

    #[test]
    fn a_number_is_whole_and_within_its_range() {
        let path = "vm_defaults.cpu_cores";
        assert_eq!(check(path, &json!(64)), Ok(json!(64)));
        assert_eq!(check(path, &json!(4.0)), Ok(json!(4)));
        assert_eq!(check("retry.base_delay_ms", &json!(-0.0)), Ok(json!(0)));
        for wrong in [json!(0), json!(65), json!(-1), json!(1.5), json!(1e300), json!(null)] {
            let why = check(path, &wrong).unwrap_err();
            assert_eq!(why, format!("must be a whole number from 1 to 64, not {wrong}"));
        }
    }

    #[test]
    fn a_number_in_quotes_is_told_to_drop_them() {
        let why = check("vm_defaults.cpu_cores", &json!("4")).unwrap_err();
        assert_eq!(why, r#"must be a whole number from 1 to 64, not "4" (drop the quotes)"#);
        let why = check("vm_defaults.cpu_cores", &json!("99")).unwrap_err();
        assert_eq!(why, r#"must be a whole number from 1 to 64, not "99""#);
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones_and_the_nearest() {
        let kind = find("vm_defaults.execution_engine").unwrap().kind;
        let refusal = kind.check(&json!("interpeter")).unwrap_err();
        assert!(refusal.why.starts_with("must be one of auto, default, hwvirt"), "{refusal:?}");
        assert_eq!(refusal.nearest.as_deref(), Some("interpreter"));
    }

    #[test]
    fn ports_are_a_first_and_a_last_in_this_order() {
        let path = "networking.ssh_port_range";
        assert_eq!(check(path, &json!([22, 22])), Ok(json!([22, 22])));
        assert_eq!(
            check(path, &json!([2, 1])).unwrap_err(),
            "must not begin (2) above its end (1)"
        );
        for wrong in [json!([]), json!([1]), json!([1, 2, 3]), json!([0, 1]), json!([1, 65536])] {
            assert!(check(path, &wrong).unwrap_err().contains("from 1 to 65535"), "{wrong}");
        }
    }

    #[test]
    fn a_balloon_is_a_switch_or_an_amount() {
        let path = "performance.memory_ballooning";
        for right in [json!(true), json!(false), json!(0), json!(512)] {
            assert_eq!(check(path, &right), Ok(right));
        }
        assert!(check(path, &json!(-1)).is_err());
        assert!(check(path, &json!("on")).is_err());
    }

    #[test]
    fn a_text_that_a_program_would_take_for_an_option_is_refused() {
        for wrong in ["", "-x", " x", "a\nb"] {
            assert!(check("ssh.user", &json!(wrong)).is_err(), "{wrong:?}");
        }
        assert_eq!(check("ssh.user", &json!("Ünal Öz")), Ok(json!("Ünal Öz")));
        assert!(check("vm_defaults.network", &json!("bridged")).is_err());
        assert!(check("vm_defaults.network", &json!("bridged:eth0")).is_ok());
    }

    #[test]
    fn a_path_is_a_text_or_null() {
        let path = "storage.iso_path";
        assert_eq!(check(path, &json!(null)), Ok(json!(null)));
        assert_eq!(check(path, &json!("~/iso")), Ok(json!("~/iso")));
        for wrong in [json!(""), json!(7), json!("a\0b"), json!({})] {
            assert!(check(path, &wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_long_value_is_cut_in_the_message() {
        let why = check("storage.iso_path", &json!(vec!["x"; 1000])).unwrap_err();
        assert!(why.ends_with("not a list"), "{why}");
        let why = check("retry.max_attempts", &json!("ä".repeat(1000))).unwrap_err();
        assert!(why.len() < 200, "{why}");
    }
}
