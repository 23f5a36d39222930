//! What the drivers share that keep the VMs' definitions themselves.

mod configuration;
pub(super) mod file_lock;
mod forwards;
mod points;
mod refit;
mod refusal;
mod summary;
mod versioned;
mod wording;

pub(super) use configuration::ConfigurationShape;
pub(super) use forwards::{add_forward, check_forward, remove_forward};
pub(super) use points::{Point, Points};
pub(super) use refit::refit;
pub(super) use refusal::{check_discs, not_found, refusal, taken};
pub(super) use summary::summary;
pub(super) use versioned::{ShapeError, versioned};
pub(super) use wording::{groups, os_title, rfc3339};
