use std::fmt;
use std::path::PathBuf;

/// An image of a disk, from which a VM's disk is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskImage {
    /// The file, absolute.
    pub file: PathBuf,
    /// How it is written.
    pub format: DiskFormat,
    /// How large the disk is, in bytes.
    pub size: u64,
}

/// How an image of a disk is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiskFormat {
    /// QEMU's.
    Qcow2,
    /// VMware's.
    Vmdk,
    /// VirtualBox's.
    Vdi,
    /// Microsoft's first.
    Vhd,
    /// Sector by sector.
    Raw,
}

impl fmt::Display for DiskFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Qcow2 => "qcow2",
            Self::Vmdk => "VMDK",
            Self::Vdi => "VDI",
            Self::Vhd => "VHD",
            Self::Raw => "raw",
        })
    }
}
