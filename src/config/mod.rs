//! The configuration: a table of keys, where each value came from, and the typed result.
//!
//! ```text
//!  keys (the table) ─┬─► defaults ─┐
//!                    │   files ────┤  each a Layer   the highest wins
//!                    ├─► VM_CLI_* ─┼────────────────► Effective ─► Settings
//!                    │   flags ────┘ problems of all
//!                    └─► schema, sample
//! ```
//!
//! Flags stand over `VM_CLI_*` over `--config` over the project's file over the user's file over
//! the defaults. The environment, the home folder and the paths come in as arguments.

mod combinations;
mod document;
mod effective;
mod environment;
mod file;
mod folders;
mod json;
mod keys;
mod layer;
mod load;
mod nearest;
mod problem;
mod sample;
mod schema;
mod settings;
mod sources;
mod typed;
mod write;

pub use effective::{Effective, Entry};
pub use environment::Environment;
pub(crate) use file::{bytes as file_bytes, parse as parse_document};
pub use folders::{Folders, Platform};
pub use keys::{Key, Kind, SECTIONS, Section, Shape, Trust, find, keys};
pub use layer::{FileRole, Layer, Origin};
pub use load::{FileFound, Loaded, Presence, load};
pub(crate) use nearest::nearest;
pub use problem::{Problem, Problems};
pub use sample::sample;
pub use schema::schema;
pub use settings::{
    Agents, Ballooning, HypervisorSettings, Input, LogFormat, Logging, Networking, Performance,
    PortRange, Recovery, ResourceLimits, Retry, Screen, Security, Server, Settings, Ssh, Storage,
    Timeouts, VmDefaults, Watch,
};
pub use sources::{Flag, PROJECT_FILE, Sources};
pub use write::write_new;
