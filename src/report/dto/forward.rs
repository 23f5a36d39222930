use serde::Serialize;

use super::millis;
use crate::model::Forward;
use crate::request::{Forwarded, Outcome};

/// A forward of a VM.
#[derive(Debug, Serialize)]
pub(crate) struct ForwardItem {
    vm: String,
    name: String,
    protocol: String,
    host_address: Option<String>,
    host_port: u16,
    guest_port: u16,
}

/// A forward that was added, or was there.
#[derive(Debug, Serialize)]
pub(crate) struct ForwardedItem {
    vm: String,
    action: &'static str,
    changed: bool,
    name: String,
    protocol: String,
    host_address: Option<String>,
    host_port: u16,
    guest_port: u16,
    took_ms: u64,
}

impl ForwardItem {
    pub(crate) fn of(vm: &str, forward: &Forward) -> Self {
        Self {
            vm: vm.to_owned(),
            name: forward.name.clone(),
            protocol: forward.protocol.to_string(),
            host_address: forward.host_address.map(|address| address.to_string()),
            host_port: forward.host_port,
            guest_port: forward.guest_port,
        }
    }
}

impl From<&Forwarded> for ForwardedItem {
    fn from(forwarded: &Forwarded) -> Self {
        let ForwardItem { vm, name, protocol, host_address, host_port, guest_port } =
            ForwardItem::of(&forwarded.vm, &forwarded.forward);
        Self {
            vm,
            action: "forward-add",
            changed: forwarded.outcome == Outcome::Changed,
            name,
            protocol,
            host_address,
            host_port,
            guest_port,
            took_ms: millis(forwarded.took),
        }
    }
}
