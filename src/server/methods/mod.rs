//! What programs can ask for, each as its arguments. Their comments are what models read.

pub(super) mod agents;
pub(super) mod audit;
pub(super) mod computer;
pub(super) mod events;
pub(super) mod guest;
pub(super) mod host;
pub(super) mod keyboard;
pub(super) mod logs;
pub(super) mod pointer;
pub(super) mod screen;
pub(super) mod snapshots;
pub(super) mod tasks;
pub(super) mod templates;
pub(super) mod vms;
pub(super) mod work;
