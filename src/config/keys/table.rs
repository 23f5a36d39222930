//! The table itself. A key that is added here is read, checked, documented and configurable.

use super::kind::integer;
use super::kind::off;
use super::kind::on;
use super::kind::ports;
use super::kind::word;
use super::{Key, Kind, Section, Shape};

/// VirtualBox 7.2: `VBoxManage list systemproperties`, maximum guest RAM size.
const MOST_MEMORY_MB: u64 = 2_097_152;
/// VirtualBox 7.2: virtual disk limit 2199022206976 bytes, one MiB short of 2048 GiB.
const MOST_DISK_GB: u64 = 2047;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

const ENGINES: &[&str] = &["auto", "default", "hwvirt", "nem", "interpreter", "recompiler"];
const GRAPHICS: &[&str] = &["auto", "vboxvga", "vboxsvga", "vmsvga", "qemuramfb", "none"];
const PRIORITIES: &[&str] = &["default", "flat", "low", "normal", "high"];
const POLICIES: &[&str] = &["none", "restart", "restore-snapshot"];
const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

/// Every section with its keys, in the order of the sample file.
#[rustfmt::skip] // One key a paragraph: a table is read, not nested.
pub const SECTIONS: &[Section] = &[
    Section {
        name: "hypervisor",
        doc: "Which hypervisor runs the VMs.",
        keys: &[
            Key::new("hypervisor.driver", word(&["virtualbox", "qemu", "simulated"], "virtualbox"),
                "The hypervisor: `virtualbox`, `qemu`, or `simulated` for rehearsals without one.")
                .alias("VM_CLI_HYPERVISOR"),
            Key::new("hypervisor.vboxmanage", Kind::Path,
                "The VBoxManage program; null looks for it in the usual places. Not in the current \
                 folder's file.")
                .alias("VM_CLI_VBOXMANAGE")
                .user_only(),
        ],
    },
    Section {
        name: "vm_defaults",
        doc: "What a new VM is unless `create` is told otherwise.",
        keys: &[
            Key::new("vm_defaults.memory_mb", integer(4, MOST_MEMORY_MB, 4096),
                "Memory in MiB."),
            Key::new("vm_defaults.disk_size_gb", integer(0, MOST_DISK_GB, 50),
                "Size of the disk in GiB; 0 is no disk."),
            Key::new("vm_defaults.cpu_cores", integer(1, 64, 2),
                "Number of virtual CPUs."),
            Key::new("vm_defaults.os_type",
                Kind::Text { shape: Shape::Plain, default: "Windows11_64" },
                "Operating system, as an identifier of `VBoxManage list ostypes`."),
            Key::new("vm_defaults.execution_engine", word(ENGINES, "auto"),
                "What runs the guest's instructions; `auto` is the best that works on this host."),
            Key::new("vm_defaults.firmware", word(&["auto", "bios", "efi"], "auto"),
                "Firmware; `auto` is EFI for operating systems that need it, else BIOS."),
            Key::new("vm_defaults.graphics_controller", word(GRAPHICS, "auto"),
                "Graphics card that the VM sees; `auto` follows the operating system."),
            Key::new("vm_defaults.video_memory_mb", integer(0, 256, 128),
                "Video memory in MiB."),
            Key::new("vm_defaults.accelerate_3d", off(),
                "Whether the graphics card offers 3D acceleration."),
            Key::new("vm_defaults.network",
                Kind::Text { shape: Shape::Network, default: "nat" },
                "First network adapter: `none`, `nat`, `bridged:IF`, `hostonly:IF`, `intnet:NAME` \
                 or `natnetwork:NAME`."),
        ],
    },
    Section {
        name: "resource_limits",
        doc: "What VMs may take of the host.",
        keys: &[
            Key::new("resource_limits.max_concurrent_vms", integer(1, 1000, 5),
                "How many VMs may be running; the start of one more is refused."),
            Key::new("resource_limits.max_memory_usage_percent", integer(1, 100, 80),
                "Share of the host's memory in percent above which no VM is started; 100 is no limit."),
            Key::new("resource_limits.max_cpu_usage_percent", integer(1, 100, 90),
                "CPU usage of the host in percent above which no VM is started; 100 is no limit."),
            Key::new("resource_limits.min_free_disk_mb", integer(0, 1_048_576, 1024),
                "Free disk in MiB that creating, copying and snapshots must leave."),
            Key::new("resource_limits.max_parallel_operations", integer(0, 256, 0),
                "How many operations run at once; 0 follows the number of the host's CPUs."),
        ],
    },
    Section {
        name: "networking",
        doc: "Host ports, each range as its first and last port.",
        keys: &[
            Key::new("networking.vnc_port_range", ports(5900, 5950),
                "Ports for remote displays that speak VNC; takes effect with the first of them."),
            Key::new("networking.rdp_port_range", ports(3389, 3400),
                "Ports for remote displays that speak RDP."),
            Key::new("networking.ssh_port_range", ports(2222, 2232),
                "Ports that are forwarded to the SSH servers of guests."),
            Key::new("networking.enable_port_forwarding", on(),
                "Whether a new VM gets a port that is forwarded to its SSH server."),
        ],
    },
    Section {
        name: "storage",
        doc: "Folders; a leading `~` is the home folder, a relative path is in the current one.",
        keys: &[
            Key::new("storage.vm_storage_path", Kind::Path,
                "Folder under which new VMs are stored; null is the hypervisor's own."),
            Key::new("storage.snapshots_path", Kind::Path,
                "Folder for the snapshots of new VMs; null is inside each VM's folder."),
            Key::new("storage.iso_path", Kind::Path,
                "Folder in which an ISO named without a folder is looked for."),
        ],
    },
    Section {
        name: "performance",
        doc: "How new VMs use the host.",
        keys: &[
            Key::new("performance.enable_hardware_acceleration", on(),
                "Whether VMs use the CPU's virtualisation (VT-x, AMD-V)."),
            Key::new("performance.enable_nested_virtualization", off(),
                "Whether VMs are offered the CPU's virtualisation for VMs of their own."),
            Key::new("performance.memory_ballooning", Kind::Balloon { max: MOST_MEMORY_MB },
                "Memory that the host may take back: false is none, true a quarter of the VM's, a \
                 number that many MiB."),
            Key::new("performance.cpu_priority", word(PRIORITIES, "default"),
                "Priority of a VM's process on the host."),
        ],
    },
    Section {
        name: "security",
        doc: "Who may reach what.",
        keys: &[
            Key::new("security.require_authentication", off(),
                "Whether clients of the server must show a token, on this host too."),
            Key::new("security.firewall_enabled", on(),
                "Whether forwarded ports and remote displays listen on 127.0.0.1 only."),
            Key::new("security.audit_logging", on(),
                "Whether every change is recorded in the audit trail, which `audit` shows."),
        ],
    },
    Section {
        name: "retry",
        doc: "How a transient failure is tried again: the wait doubles up to the maximum.",
        keys: &[
            Key::new("retry.max_attempts", integer(1, 100, 8),
                "Attempts in all, the first included."),
            Key::new("retry.base_delay_ms", integer(0, 600_000, 200),
                "Longest wait after the first attempt in milliseconds."),
            Key::new("retry.max_delay_ms", integer(0, 600_000, 5000),
                "Longest wait after any attempt in milliseconds."),
        ],
    },
    Section {
        name: "timeouts",
        doc: "How long things may take.",
        keys: &[
            Key::new("timeouts.query_seconds", integer(1, DAY, 30),
                "One call that only looks, in seconds."),
            Key::new("timeouts.change_seconds", integer(1, DAY, 60),
                "One call that changes a setting, in seconds."),
            Key::new("timeouts.start_seconds", integer(1, DAY, 300),
                "One call that starts, saves, snapshots or deletes, in seconds."),
            Key::new("timeouts.stop_seconds", integer(1, DAY, 120),
                "A guest going off after its power button was pressed, in seconds."),
            Key::new("timeouts.wait_seconds", integer(1, DAY, 300),
                "`wait` and `--wait` where no `--timeout` is given, in seconds."),
            Key::new("timeouts.lock_seconds", integer(1, DAY, 60),
                "Another vm-cli being done with a VM that is wanted here, in seconds."),
            Key::new("timeouts.cancel_grace_seconds", integer(0, HOUR, 10),
                "A canceled VBoxManage ending by itself before it is killed, in seconds."),
        ],
    },
    Section {
        name: "input",
        doc: "How guests are typed to.",
        keys: &[
            Key::new("input.keyboard_layout", word(&["us", "uk", "de", "fr", "es"], "us"),
                "What the guest's system takes its keyboard for, when `--layout` does not say."),
        ],
    },
    Section {
        name: "screen",
        doc: "How screens are read.",
        keys: &[
            Key::new("screen.recogniser", Kind::Path,
                "A folder with a recogniser for other scripts, such as Chinese, Greek or Cyrillic, as \
                 `src/screen/models/reproduce --full` makes it; null is the built-in one for Latin letters."),
        ],
    },
    Section {
        name: "recovery",
        doc: "What `recover` and `watch` do about a VM that died, is stuck or cannot resume.",
        keys: &[
            Key::new("recovery.policy", word(POLICIES, "none"),
                "`none` only tells, `restart` starts the VM again, `restore-snapshot` puts it back \
                 to a snapshot first."),
            Key::new("recovery.snapshot",
                Kind::Text { shape: Shape::Plain, default: "current" },
                "The snapshot that is restored; `current` is the one on which the VM stands."),
            Key::new("recovery.max_recoveries", integer(1, 100, 3),
                "How often `watch` brings a VM back within the window before it gives up."),
            Key::new("recovery.window_minutes", integer(1, 10_080, 60),
                "The window in minutes."),
        ],
    },
    Section {
        name: "watch",
        doc: "How `watch` looks after VMs.",
        keys: &[
            Key::new("watch.interval_seconds", integer(1, HOUR, 10),
                "Time between two looks at a VM in seconds."),
            Key::new("watch.checks",
                Kind::Text { shape: Shape::Plain, default: "state" },
                "Health checks that lead to a recovery, separated by commas: state, screen, ssh, \
                 heartbeat, command."),
            Key::new("watch.warnings",
                Kind::Text { shape: Shape::Plain, default: "none" },
                "Health checks that are only told of, separated by commas; `none` is none."),
            Key::new("watch.failures", integer(1, 1000, 3),
                "How many looks in a row must find a running VM unwell before that counts."),
            Key::new("watch.grace_seconds", integer(0, DAY, 300),
                "How long a VM that was started may take to become well, in seconds."),
            Key::new("watch.frozen_seconds", integer(1, DAY, 300),
                "How long a screen may stay the same before the check `screen` minds, in seconds."),
            Key::new("watch.command",
                Kind::Text { shape: Shape::Plain, default: "true" },
                "What the check `command` runs in the guest; exit code 0 is well."),
        ],
    },
    Section {
        name: "ssh",
        doc: "How guests are reached.",
        keys: &[
            Key::new("ssh.user", Kind::Text { shape: Shape::Plain, default: "admin" },
                "Who logs in when nobody is named."),
            Key::new("ssh.identity", Kind::Path,
                "Private key when none is named; null asks the SSH agent."),
            Key::new("ssh.connect_seconds", integer(1, HOUR, 30),
                "One connection, from the banner to the login, in seconds."),
        ],
    },
    Section {
        name: "server",
        doc: "How `serve` listens.",
        keys: &[
            Key::new("server.host", Kind::Text { shape: Shape::Plain, default: "127.0.0.1" },
                "Address, or a name of it; where other hosts can come in, clients need tokens."),
            Key::new("server.port", integer(0, 65_535, 8470),
                "Port; 0 is any that is free."),
            Key::new("server.max_connections", integer(1, 65_536, 2048),
                "How many clients may be connected at once; others wait."),
            Key::new("server.max_requests_per_second", integer(1, 1_000_000, 500),
                "How many requests a second each address may make; more are refused."),
            Key::new("server.tls_certificate", Kind::Path,
                "Certificate chain (PEM) with which it speaks HTTPS; null is plain HTTP."),
            Key::new("server.tls_key", Kind::Path,
                "Private key (PEM) of the certificate."),
        ],
    },
    Section {
        name: "agents",
        doc: "Hubs: servers that give this host work.",
        keys: &[
            Key::new("agents.hub_url", Kind::Text { shape: Shape::Plain, default: "none" },
                "Hub that `serve` offers this host to, such as wss://hub.lab:8470, or none."),
            Key::new("agents.hub_token_file", Kind::Path,
                "File with the token that the hub gets."),
            Key::new("agents.hub_certificate", Kind::Path,
                "Certificate (PEM) that the hub's must be, or be signed by."),
        ],
    },
    Section {
        name: "logging",
        doc: "The log file, and how long records are kept.",
        keys: &[
            Key::new("logging.level", word(LEVELS, "info"),
                "The least important that is written."),
            Key::new("logging.format", word(&["text", "json"], "text"),
                "Lines for people, or one JSON object a line."),
            Key::new("logging.directory", Kind::Path,
                "Folder of the log files; null is `logs` in the folder of the program's state."),
            Key::new("logging.max_files", integer(1, 3650, 7),
                "How many days are kept."),
            Key::new("logging.keep_records_days", integer(1, 3650, 30),
                "How many days tasks, samples of metrics and the audit trail are kept."),
        ],
    },
];
