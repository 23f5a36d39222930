//! ISO files: what there is to install from one, read without mounting it.
//!
//! ```text
//!  file ─► Image ─► ISO 9660, UDF ─► Disc ─► sources/install.wim ─► editions
//!         (bounded     (volumes)       │
//!          reads)                      └───► .disk/info, .treeinfo ─► distribution
//! ```
//! Nothing here trusts what it reads: every length is checked before memory is taken for it, an
//! image may be read for so many bytes and no more, and what contradicts itself is refused with
//! the reason. All readers are pure over [`std::io::Read`] and [`std::io::Seek`].

mod disc;
mod el_torito;
mod fault;
mod fields;
mod foreign;
mod image;
mod inspect;
mod iso9660;
mod linux;
mod tree;
mod udf;
mod wim;
mod wim_xml;
mod windows;
mod write;

pub use disc::{FileSystem, Volume};
pub use el_torito::BootKind;
pub use fault::Fault;
pub use foreign::recognised;
pub use inspect::{Content, Inspection, inspect, inspect_file};
pub use linux::{Distribution, Kernel, LinuxMedium};
pub use wim_xml::{Build, InstallationType, WindowsImage};
pub use windows::{WindowsMedium, WindowsRelease};
pub use write::{Label, NewFile, write};
