use serde::{Deserialize, Serialize};

use super::PortWish;
use crate::model::Protocol;

/// What is to be done with a VM's forwards.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum ForwardAction {
    /// List them.
    List,
    /// Add one.
    Add(ForwardWish),
    /// Remove the one of this name.
    Remove(String),
}

/// A forward that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ForwardWish {
    /// Its name.
    pub name: String,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The host port.
    pub host: PortWish,
    /// The guest port.
    pub guest_port: u16,
}
