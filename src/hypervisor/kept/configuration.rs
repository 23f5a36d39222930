use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::{
    Forward, Gibibytes, Invalid, Mebibytes, Nic, Protocol, RemoteDisplay, Switch, VmConfiguration,
};

/// The wire shape of a [`VmConfiguration`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "a wire shape: each is a key of its own")]
pub(in crate::hypervisor) struct ConfigurationShape {
    name: String,
    os_type: String,
    memory_mb: u64,
    video_memory_mb: u64,
    cpus: u32,
    disk_gb: Option<u64>,
    discs: Vec<PathBuf>,
    firmware: String,
    tpm: bool,
    secure_boot: bool,
    graphics: String,
    accelerate_3d: bool,
    execution_engine: String,
    hardware_acceleration: bool,
    nested_virtualization: bool,
    nic: String,
    forwards: Vec<ForwardShape>,
    remote_display: Option<RemoteDisplayShape>,
    groups: Vec<String>,
    description: String,
    balloon_mb: u64,
    process_priority: String,
    folder: Option<PathBuf>,
    snapshots_folder: Option<PathBuf>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ForwardShape {
    name: String,
    protocol: ProtocolShape,
    host_address: Option<std::net::IpAddr>,
    host_port: u16,
    guest_port: u16,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ProtocolShape {
    Tcp,
    Udp,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RemoteDisplayShape {
    address: std::net::IpAddr,
    port: u16,
}

impl From<&VmConfiguration> for ConfigurationShape {
    fn from(it: &VmConfiguration) -> Self {
        Self {
            name: it.name.to_string(),
            os_type: it.os_type.clone(),
            memory_mb: it.memory.0,
            video_memory_mb: it.video_memory.0,
            cpus: it.cpus,
            disk_gb: it.disk.map(|disk| disk.0),
            discs: it.discs.clone(),
            firmware: it.firmware.to_string(),
            tpm: it.tpm == Switch::On,
            secure_boot: it.secure_boot == Switch::On,
            graphics: it.graphics.to_string(),
            accelerate_3d: it.accelerate_3d == Switch::On,
            execution_engine: it.execution_engine.to_string(),
            hardware_acceleration: it.hardware_acceleration == Switch::On,
            nested_virtualization: it.nested_virtualization == Switch::On,
            nic: nic_text(&it.nic),
            forwards: it.forwards.iter().map(Into::into).collect(),
            remote_display: it
                .remote_display
                .as_ref()
                .map(|it| RemoteDisplayShape { address: it.address, port: it.port }),
            groups: it.groups.clone(),
            description: it.description.clone(),
            balloon_mb: it.balloon.0,
            process_priority: it.process_priority.to_string(),
            folder: it.folder.clone(),
            snapshots_folder: it.snapshots_folder.clone(),
        }
    }
}

impl TryFrom<ConfigurationShape> for VmConfiguration {
    type Error = Invalid;

    fn try_from(it: ConfigurationShape) -> Result<Self, Invalid> {
        Ok(Self {
            name: it.name.parse()?,
            os_type: it.os_type,
            memory: Mebibytes(it.memory_mb),
            video_memory: Mebibytes(it.video_memory_mb),
            cpus: it.cpus,
            disk: it.disk_gb.map(Gibibytes),
            // Simulated disks hold nothing.
            disk_image: None,
            discs: it.discs,
            firmware: it.firmware.parse()?,
            tpm: it.tpm.into(),
            secure_boot: it.secure_boot.into(),
            graphics: it.graphics.parse()?,
            accelerate_3d: it.accelerate_3d.into(),
            execution_engine: it.execution_engine.parse()?,
            hardware_acceleration: it.hardware_acceleration.into(),
            nested_virtualization: it.nested_virtualization.into(),
            nic: it.nic.parse()?,
            forwards: it.forwards.into_iter().map(Into::into).collect(),
            remote_display: it
                .remote_display
                .map(|it| RemoteDisplay { address: it.address, port: it.port }),
            groups: it.groups,
            description: it.description,
            balloon: Mebibytes(it.balloon_mb),
            process_priority: it.process_priority.parse()?,
            folder: it.folder,
            snapshots_folder: it.snapshots_folder,
        })
    }
}

impl From<&Forward> for ForwardShape {
    fn from(it: &Forward) -> Self {
        Self {
            name: it.name.clone(),
            protocol: match it.protocol {
                Protocol::Tcp => ProtocolShape::Tcp,
                Protocol::Udp => ProtocolShape::Udp,
            },
            host_address: it.host_address,
            host_port: it.host_port,
            guest_port: it.guest_port,
        }
    }
}

impl From<ForwardShape> for Forward {
    fn from(it: ForwardShape) -> Self {
        Self {
            name: it.name,
            protocol: match it.protocol {
                ProtocolShape::Tcp => Protocol::Tcp,
                ProtocolShape::Udp => Protocol::Udp,
            },
            host_address: it.host_address,
            host_port: it.host_port,
            guest_port: it.guest_port,
        }
    }
}

/// Writes a network as it is read.
fn nic_text(nic: &Nic) -> String {
    match nic {
        Nic::None => "none".to_owned(),
        Nic::Nat => "nat".to_owned(),
        Nic::Bridged(name) => format!("bridged:{name}"),
        Nic::HostOnly(name) => format!("hostonly:{name}"),
        Nic::Internal(name) => format!("intnet:{name}"),
        Nic::NatNetwork(name) => format!("natnetwork:{name}"),
    }
}
