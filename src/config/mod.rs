//! The configuration: a table of keys, where each value came from, and the typed result.

mod settings;

pub use settings::{
    Ballooning, HypervisorSettings, LogFormat, Logging, Networking, Performance, PortRange,
    ResourceLimits, Retry, Security, Settings, Ssh, Storage, Timeouts, VmDefaults,
};
