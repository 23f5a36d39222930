//! What agents can look at without calling a tool: each VM's screen, state and log.

use rmcp::model::{
    ErrorData, ListResourceTemplatesResult, ListResourcesResult, ReadResourceResult, Resource,
    ResourceContents, ResourceTemplate,
};
use serde_json::{Value, json};

use crate::error::Error;
use crate::guest::base64;
use crate::report::failure_value;
use crate::server::{Answer, Client, Offered, Office};

/// What every address begins with; the VM and what is looked at follow.
const START: &str = "vm://";

/// What can be looked at of a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum View {
    Screen,
    Status,
    Log,
}

impl View {
    const ALL: [Self; 3] = [Self::Screen, Self::Status, Self::Log];

    fn word(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Status => "status",
            Self::Log => "log",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Screen => "What its screen shows now.",
            Self::Status => "Its state, disks, forwards, snapshots.",
            Self::Log => "The last lines of the hypervisor's log of it.",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Screen => "image/png",
            Self::Status => "application/json",
            Self::Log => "text/plain",
        }
    }

    fn method(self) -> &'static str {
        match self {
            Self::Screen => "screen_picture",
            Self::Status => "vm_status",
            Self::Log => "vm_log",
        }
    }
}

/// Lists them all.
pub(super) async fn list(
    office: &Office,
    client: &Client,
) -> Result<ListResourcesResult, ErrorData> {
    let listed = call(office, client, "vm_list", json!({})).await?.document;
    let vms = listed.get("items").and_then(Value::as_array).into_iter().flatten();
    let names = vms.filter_map(|it| it.get("name")?.as_str());
    let of_vm = |name: &str| {
        let resource = |view: View| {
            Resource::new(address(name, view), format!("{name}: {}", view.word()))
                .with_description(view.about())
                .with_mime_type(view.kind())
        };
        View::ALL.map(resource)
    };
    Ok(ListResourcesResult::with_all_items(names.flat_map(of_vm).collect()))
}

/// Tells how addresses are made.
pub(super) fn templates() -> ListResourceTemplatesResult {
    let templates = View::ALL.map(|it| {
        let word = it.word();
        ResourceTemplate::new(format!("{START}{{vm}}/{word}"), format!("The {word} of a VM"))
            .with_description(it.about())
            .with_mime_type(it.kind())
    });
    ListResourceTemplatesResult::with_all_items(templates.to_vec())
}

/// Reads one.
pub(super) async fn read(
    office: &Office,
    client: &Client,
    uri: &str,
) -> Result<ReadResourceResult, ErrorData> {
    let Some((vm, view)) = parsed(uri) else {
        let message = format!("`{uri}` is none of `{START}NAME/screen`, `status`, `log`");
        return Err(ErrorData::resource_not_found(message, None));
    };
    let Answer { document, picture } =
        call(office, client, view.method(), json!({ "vm": vm })).await?;
    let contents = match picture.and_then(|it| it.png) {
        Some(png) => ResourceContents::blob(base64::padded(&png), uri),
        None => ResourceContents::text(text(view, &document), uri),
    };
    Ok(ReadResourceResult::new(vec![contents.with_mime_type(view.kind())]))
}

fn text(view: View, document: &Value) -> String {
    match view {
        View::Log => document.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
        View::Status | View::Screen => document.to_string(),
    }
}

async fn call(
    office: &Office,
    client: &Client,
    method: &str,
    arguments: Value,
) -> Result<Answer, ErrorData> {
    let Some(method) = Offered::find(method) else {
        return Err(ErrorData::internal_error(format!("there is no method `{method}`"), None));
    };
    office.call(method, arguments, client).await.map_err(|error| refusal(&error))
}

fn refusal(error: &Error) -> ErrorData {
    let failure = failure_value(error).get("error").cloned();
    ErrorData::resource_not_found(error.message().to_owned(), failure)
}

/// Names may hold what addresses may not.
fn address(vm: &str, view: View) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let written = vm.bytes().map(|byte| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    format!("{START}{}/{}", written.collect::<Vec<_>>().concat(), view.word())
}

fn parsed(uri: &str) -> Option<(String, View)> {
    let (vm, word) = uri.strip_prefix(START)?.split_once('/')?;
    let view = View::ALL.into_iter().find(|it| it.word() == word)?;
    let mut bytes = Vec::with_capacity(vm.len());
    let mut rest = vm.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |it: Option<u8>| char::from(it?).to_digit(16);
            let code = digit(rest.next())? * 16 + digit(rest.next())?;
            bytes.push(u8::try_from(code).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    Some((String::from_utf8(bytes).ok()?, view))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{View, address, parsed};

    proptest! {
        #[test]
        fn every_name_has_an_address_that_leads_back(name in "\\PC{1,40}") {
            for view in View::ALL {
                prop_assert_eq!(parsed(&address(&name, view)), Some((name.clone(), view)));
            }
        }

        #[test]
        fn no_address_breaks_it(uri in any::<String>()) {
            parsed(&uri);
            parsed(&format!("vm://{uri}/log"));
        }
    }
}
