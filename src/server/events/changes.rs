use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::happening::{Happening, Kind};
use crate::model::{VmId, VmState, VmSummary};

/// What was known of each VM at the last look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known(BTreeMap<VmId, (String, VmState)>);

impl Known {
    /// Remembers what a look found.
    pub(super) fn of(found: &[VmSummary]) -> Self {
        Self(found.iter().map(|it| (it.id, (it.name.clone(), it.state.clone()))).collect())
    }

    /// Tells what is other than it was.
    pub(super) fn changes_to(&self, now: &Self) -> Vec<Happening> {
        let mut changes = Vec::new();
        let mut add = |kind, name: &str, data: Value| {
            changes.push(Happening::of_vm(kind, name, data));
        };
        for (id, (name, _)) in self.0.iter().filter(|(id, _)| !now.0.contains_key(id)) {
            add(Kind::VmDeleted, name, json!({ "id": id.to_string() }));
        }
        for (id, (name, state)) in &now.0 {
            match self.0.get(id) {
                None => {
                    let data = json!({ "id": id.to_string(), "state": state.to_string() });
                    add(Kind::VmCreated, name, data);
                }
                Some((_, before)) if before != state => {
                    let (id, from, to) = (id.to_string(), before.to_string(), state.to_string());
                    add(Kind::VmState, name, json!({ "id": id, "from": from, "to": to }));
                }
                Some(_) => {}
            }
        }
        changes
    }
}
