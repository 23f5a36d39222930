//! Ways of doing things that people can choose for their agent.

use rmcp::model::{
    ErrorData, GetPromptResult, JsonObject, ListPromptsResult, Prompt, PromptArgument,
    PromptMessage, Role,
};

/// A way of doing something.
struct Way {
    name: &'static str,
    about: &'static str,
    /// What has to be said, with what it is.
    wanted: &'static [(&'static str, &'static str)],
    /// `{vm}` and its like stand for what was said.
    text: &'static str,
}

const VM: (&str, &str) = ("vm", "The VM: its name or UUID");

const WAYS: [Way; 3] = [
    Way {
        name: "use_desktop",
        about: "Do something on a VM's desktop, safely",
        wanted: &[VM, ("goal", "What is to be reached")],
        text: "Reach this on the desktop of the VM `{vm}`: {goal}\n\n\
            Take the VM for yourself first with `lease_take`, and take a snapshot with \
            `snapshot_take`. Then look with `screen_read` and, where words do not tell enough, \
            with `screen_picture`. Click with `screen_click` at texts, with `pointer_click` only \
            where there is none; type with `keyboard_type`. After each action look whether it had \
            the effect that you wanted, and wait with `vm_wait` where the VM needs time. Tell what \
            you did and what the screen shows at the end. Give the VM back with \
            `lease_give_back`.",
    },
    Way {
        name: "try_and_undo",
        about: "Try a command in a VM, and put the VM back",
        wanted: &[VM, ("command", "The command line")],
        text: "Try `{command}` in the VM `{vm}`, and leave no trace:\n\
            1. `vm_status`: note its `id` and state.\n\
            2. `snapshot_take` with a name of its own.\n\
            3. `guest_exec`; tell the exit code and what it printed.\n\
            4. `snapshot_restore` to that snapshot, with the `id` as `confirm`.\n\
            5. `snapshot_delete` of it, with the `id` as `confirm`.\n\
            If a step fails, do 4 and 5 all the same, and tell what failed.",
    },
    Way {
        name: "find_fault",
        about: "Find out why a VM does not do what it should",
        wanted: &[VM],
        text: "Find out what is wrong with the VM `{vm}`. Ask `system_status` whether VMs can run \
            here, `vm_status` how it is, `vm_log` what the hypervisor says, `task_list` what \
            failed lately, and look at its screen with `screen_read`. Change nothing. Tell what \
            you found, what it means, and the one thing that you would try first.",
    },
];

/// Lists them.
pub(super) fn list() -> ListPromptsResult {
    let prompts = WAYS.iter().map(|way| {
        let wanted = way.wanted.iter().map(|(name, about)| {
            PromptArgument::new(*name).with_description(*about).with_required(true)
        });
        Prompt::new(way.name, Some(way.about), Some(wanted.collect()))
    });
    ListPromptsResult::with_all_items(prompts.collect())
}

/// Tells one, with what was said in its place.
pub(super) fn get(name: &str, said: &JsonObject) -> Result<GetPromptResult, ErrorData> {
    let refused = |message: String| ErrorData::invalid_params(message, None);
    let Some(way) = WAYS.iter().find(|it| it.name == name) else {
        return Err(refused(format!("there is no prompt `{name}`")));
    };
    let mut text = String::new();
    let mut rest = way.text;
    // In one pass: what was said is not looked through for places.
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        let value = said.get(place).and_then(|it| it.as_str());
        let value = value.ok_or_else(|| refused(format!("`{name}` wants `{place}`")))?;
        text.extend([before, value]);
        rest = after;
    }
    text.push_str(rest);
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(way.about))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{WAYS, get};
    use crate::server::METHODS;

    #[test]
    fn every_way_takes_what_it_names_and_names_tools_that_there_are() {
        for way in &WAYS {
            let mut said = serde_json::Map::new();
            assert!(get(way.name, &said).is_err(), "{}", way.name);
            for (name, _) in way.wanted {
                said.insert((*name).to_owned(), json!("{vm}"));
            }
            get(way.name, &said).unwrap();
            for word in way.text.split('`').skip(1).step_by(2).filter(|it| it.contains('_')) {
                assert!(METHODS.iter().any(|it| it.name == word), "{}: {word}", way.name);
            }
        }
        assert!(get("none", &serde_json::Map::new()).is_err());
    }
}
