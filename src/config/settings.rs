use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::keyboard::Layout;
use crate::model::{
    ExecutionEngine, Firmware, Gibibytes, GraphicsController, HypervisorKind, Mebibytes, Nic,
    ProcessPriority, RecoveryPolicy, Switch,
};
use crate::retry::RetryPolicy;

/// Everything that can be configured, decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Which hypervisor, and where its program is.
    pub hypervisor: HypervisorSettings,
    /// What a new VM is unless it is said otherwise.
    pub vm_defaults: VmDefaults,
    /// What VMs may take of the host.
    pub resource_limits: ResourceLimits,
    /// Ports.
    pub networking: Networking,
    /// Folders.
    pub storage: Storage,
    /// How VMs use the host.
    pub performance: Performance,
    /// Who may reach what.
    pub security: Security,
    /// How transient failures are tried again.
    pub retry: Retry,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// `input`
    pub input: Input,
    /// How screens are read.
    pub screen: Screen,
    /// What is done about VMs that came to harm.
    pub recovery: Recovery,
    /// How VMs are looked after.
    pub watch: Watch,
    /// How guests are reached.
    pub ssh: Ssh,
    /// The server.
    pub server: Server,
    /// Hubs that give this host work.
    pub agents: Agents,
    /// The log file.
    pub logging: Logging,
}

/// `hypervisor.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HypervisorSettings {
    /// Which one (`driver`).
    pub driver: HypervisorKind,
    /// VBoxManage, where it is not to be searched (`vboxmanage`).
    pub vboxmanage: Option<PathBuf>,
}

/// `vm_defaults.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VmDefaults {
    /// `memory_mb`
    pub memory: Mebibytes,
    /// `disk_size_gb`; 0 is no disk.
    pub disk: Gibibytes,
    /// `cpu_cores`
    pub cpus: u32,
    /// `os_type`
    pub os_type: String,
    /// `execution_engine`
    pub execution_engine: ExecutionEngine,
    /// `firmware`; `None` follows the operating system: EFI for Windows 11, else BIOS.
    pub firmware: Option<Firmware>,
    /// `graphics_controller`; `None` follows the operating system.
    pub graphics: Option<GraphicsController>,
    /// `video_memory_mb`
    pub video_memory: Mebibytes,
    /// `accelerate_3d`
    pub accelerate_3d: Switch,
    /// `network`
    pub nic: Nic,
}

/// `resource_limits.*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceLimits {
    /// `max_concurrent_vms`
    pub max_concurrent_vms: u32,
    /// `max_memory_usage_percent`
    pub max_memory_usage_percent: u32,
    /// `max_cpu_usage_percent`
    pub max_cpu_usage_percent: u32,
    /// `min_free_disk_mb`
    pub min_free_disk: Mebibytes,
    /// `max_parallel_operations`; 0 follows the host's CPUs.
    pub max_parallel_operations: u32,
}

/// `networking.*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Networking {
    /// `vnc_port_range`
    pub vnc_port_range: PortRange,
    /// `rdp_port_range`
    pub rdp_port_range: PortRange,
    /// `ssh_port_range`
    pub ssh_port_range: PortRange,
    /// `enable_port_forwarding`: whether a new VM gets an SSH forward.
    pub enable_port_forwarding: Switch,
}

/// Ports from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PortRange {
    /// The first.
    pub first: u16,
    /// The last.
    pub last: u16,
}

/// `storage.*`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Storage {
    /// `vm_storage_path`; `None` is the hypervisor's own folder.
    pub vm_storage_path: Option<PathBuf>,
    /// `snapshots_path`; `None` is inside the VM's folder.
    pub snapshots_path: Option<PathBuf>,
    /// `iso_path`: where an ISO named without a folder is looked for.
    pub iso_path: Option<PathBuf>,
}

/// `performance.*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Performance {
    /// `enable_hardware_acceleration`
    pub hardware_acceleration: Switch,
    /// `enable_nested_virtualization`
    pub nested_virtualization: Switch,
    /// `memory_ballooning`
    pub memory_ballooning: Ballooning,
    /// `cpu_priority`
    pub cpu_priority: ProcessPriority,
}

/// How much of a VM's memory the host may take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ballooning {
    /// `false` or 0: none.
    Off,
    /// `true`: a quarter.
    Quarter,
    /// A number: that many MiB.
    Fixed(Mebibytes),
}

/// `security.*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Security {
    /// `require_authentication` (of the server's clients).
    pub require_authentication: Switch,
    /// `firewall_enabled`: forwards and remote displays listen on 127.0.0.1 only.
    pub firewall_enabled: Switch,
    /// `audit_logging`
    pub audit_logging: Switch,
}

/// `retry.*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// `max_attempts`, `base_delay_ms`, `max_delay_ms`
    pub policy: RetryPolicy,
}

/// `timeouts.*`, each in seconds in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// `query_seconds`: one call that only looks.
    pub query: Duration,
    /// `change_seconds`: one call that changes a setting.
    pub change: Duration,
    /// `start_seconds`: one call that starts, saves, snapshots or deletes.
    pub start: Duration,
    /// `stop_seconds`: a guest going off after its power button.
    pub stop: Duration,
    /// `wait_seconds`: `wait` and `--wait` without `--timeout`.
    pub wait: Duration,
    /// `lock_seconds`: another vm-cli being done with the same VM.
    pub lock: Duration,
    /// `cancel_grace_seconds`: a canceled VBoxManage ending by itself.
    pub cancel_grace: Duration,
}

/// `input.*`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// `keyboard_layout`: what the guest's system takes its keyboard for.
    pub keyboard_layout: Layout,
}

/// `screen.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// `recogniser`: a folder with one for other scripts; `None` is the one for Latin letters.
    pub recogniser: Option<PathBuf>,
}

/// `recovery.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// `policy`
    pub policy: RecoveryPolicy,
    /// `snapshot`; `None` (`current`) is the one on which the VM stands.
    pub snapshot: Option<String>,
    /// `max_recoveries`
    pub max_recoveries: usize,
    /// `window_minutes`
    pub window: Duration,
}

/// `watch.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// `interval_seconds`
    pub interval: Duration,
    /// `checks`: those that lead to a recovery.
    pub checks: Vec<String>,
    /// `warnings`: those that are only told of.
    pub warnings: Vec<String>,
    /// `failures`: so many looks in a row.
    pub failures: u32,
    /// `grace_seconds`
    pub grace: Duration,
    /// `frozen_seconds`
    pub frozen: Duration,
    /// `command`
    pub command: String,
}

/// `ssh.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssh {
    /// `user`: who logs in when nobody is named.
    pub user: String,
    /// `identity`: the private key when none is named.
    pub identity: Option<PathBuf>,
    /// `connect_seconds`: one connection, from the banner to the login.
    pub connect: Duration,
}

/// `server.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// `host`: the address on which it listens, or a name of it.
    pub host: String,
    /// `port`; 0 is any that is free.
    pub port: u16,
    /// `max_connections`
    pub max_connections: usize,
    /// `max_requests_per_second`, of one address.
    pub max_requests_per_second: u32,
    /// `tls_certificate`: a chain, as PEM; `None` is plain HTTP.
    pub tls_certificate: Option<PathBuf>,
    /// `tls_key`: as PEM.
    pub tls_key: Option<PathBuf>,
}

impl Server {
    /// Returns whether only this host can come in.
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// `agents.*`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agents {
    /// `hub_url`
    pub hub_url: Option<String>,
    /// `hub_token_file`
    pub hub_token_file: Option<PathBuf>,
    /// `hub_certificate`: what the hub's must be, or be signed by.
    pub hub_certificate: Option<PathBuf>,
}

/// `logging.*`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logging {
    /// `level`: `off`, `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
    /// `format`
    pub format: LogFormat,
    /// `directory`; `None` is `logs` in the state folder.
    pub directory: Option<PathBuf>,
    /// `max_files`: how many days are kept.
    pub max_files: usize,
    /// `keep_records_days`: how long tasks, samples and the audit trail are kept.
    pub keep_records: Duration,
}

/// How the log file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}
