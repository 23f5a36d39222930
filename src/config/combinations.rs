use serde_json::Value;
use serde_json::json;

use super::Effective;
use super::Origin;
use super::Problem;

/// Two keys whose values cannot both be meant.
struct Rule {
    keys: [&'static str; 2],
    clash: fn(&Value, &Value) -> bool,
    why: &'static str,
}

const HARDWARE: &str = "performance.enable_hardware_acceleration";

const RULES: &[Rule] = &[
    Rule {
        keys: ["retry.max_delay_ms", "retry.base_delay_ms"],
        clash: |max, base| max.as_u64() < base.as_u64(),
        why: "the longest wait must not be below the first",
    },
    Rule {
        keys: ["performance.enable_nested_virtualization", HARDWARE],
        clash: |nested, hardware| *nested == json!(true) && *hardware == json!(false),
        why: "VMs in VMs need the CPU's virtualisation",
    },
    Rule {
        keys: ["vm_defaults.execution_engine", HARDWARE],
        clash: |engine, hardware| *engine == json!("hwvirt") && *hardware == json!(false),
        why: "this engine is the CPU's virtualisation",
    },
];

/// Finds the values that cannot stand together, leaving out keys with a problem of their own.
pub(super) fn check(effective: &Effective, known: &[Problem]) -> Vec<Problem> {
    let is_known = |path: &str| known.iter().any(|problem| problem.key.as_deref() == Some(path));
    let rules = RULES.iter().filter(|rule| !rule.keys.iter().any(|path| is_known(path)));
    rules.filter_map(|rule| rule.broken_by(effective)).collect()
}

impl Rule {
    fn broken_by(&self, effective: &Effective) -> Option<Problem> {
        let [left, right] = self.keys.map(|path| effective.get(path));
        let (left, right) = (left?, right?);
        if !(self.clash)(&left.value, &right.value) {
            return None;
        }
        // The one that somebody wrote is the one to change.
        let (blamed, other) =
            if left.origin == Origin::Default { (right, left) } else { (left, right) };
        let why = format!(
            "is {}, but `{}` is {} ({}): {}",
            blamed.value, other.key.path, other.value, other.origin, self.why
        );
        Some(Problem::with(&blamed.origin, blamed.key.path, why))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::RULES;
    use super::check;
    use crate::config::Effective;
    use crate::config::Layer;
    use crate::config::Origin;
    use crate::config::Problem;
    use crate::config::find;

    fn effective(values: &[(&str, Value)]) -> Effective {
        let values = values.iter().map(|(path, value)| (find(path).unwrap(), value.clone()));
        let origin = Origin::Flag("--test".to_owned());
        Effective::stack(vec![Layer { origin, values: values.collect() }])
    }

    #[test]
    fn the_defaults_stand_together_and_every_rule_names_keys_that_exist() {
        assert_eq!(check(&Effective::stack(Vec::new()), &[]), []);
        for path in RULES.iter().flat_map(|rule| rule.keys) {
            assert!(find(path).is_some(), "{path}");
        }
    }

    #[test]
    fn a_base_above_the_maximum_names_both_keys_and_where_they_came_from() {
        let problems = check(&effective(&[("retry.base_delay_ms", json!(9000))]), &[]);
        let expected = "--test: `retry.base_delay_ms` is 9000, but `retry.max_delay_ms` is 5000 \
                        (default): the longest wait must not be below the first";
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        assert_eq!(check(&effective(&[("retry.base_delay_ms", json!(5000))]), &[]), []);
    }

    #[test]
    fn what_needs_the_cpus_virtualisation_clashes_with_switching_it_off() {
        let off = ("performance.enable_hardware_acceleration", json!(false));
        let nested = ("performance.enable_nested_virtualization", json!(true));
        let engine = ("vm_defaults.execution_engine", json!("hwvirt"));
        assert_eq!(check(&effective(&[off.clone(), nested.clone(), engine.clone()]), &[]).len(), 2);
        assert_eq!(check(&effective(&[nested, engine]), &[]), []);
        assert_eq!(check(&effective(&[off]), &[]), []);
    }

    #[test]
    fn a_key_with_a_problem_of_its_own_gets_no_second_one() {
        let effective = effective(&[("retry.max_delay_ms", json!(1))]);
        let known = Problem::with(&Origin::Default, "retry.base_delay_ms", "is wrong");
        assert_eq!(check(&effective, &[known]), []);
    }
}
