//! How a disc can be booted (the El Torito specification, and UEFI's addition of platform 0xEF).

use std::fmt;

use super::fault::Fault;
use super::fields::Fields;
use super::image::Image;

/// Which firmware can boot a disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BootKind {
    /// A PC's BIOS.
    Bios,
    /// UEFI.
    Efi,
}

impl fmt::Display for BootKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bios => "bios",
            Self::Efi => "efi",
        })
    }
}

const ENTRY: usize = 32;
const BOOTABLE: u8 = 0x88;
const SECTION: u8 = 0x90;
const LAST_SECTION: u8 = 0x91;
const EFI: u8 = 0xEF;
const PC: u8 = 0;

/// Returns the sector of the boot catalogue that a volume descriptor leads to, if it is one of
/// El Torito.
pub(super) fn catalogue(descriptor: &[u8]) -> Result<Option<u64>, Fault> {
    let fields = Fields::new("boot record", descriptor);
    let is_el_torito = fields.bytes(7, 23)? == b"EL TORITO SPECIFICATION";
    Ok(if is_el_torito { Some(u64::from(fields.u32(71)?)) } else { None })
}

/// Reads a boot catalogue: the kinds of firmware that find something bootable in it.
pub(super) fn boot_kinds(image: &mut Image<'_>, sector: u64) -> Result<Vec<BootKind>, Fault> {
    let catalogue = image.sectors(sector, 1)?;
    let mut entries = catalogue.chunks_exact(ENTRY);
    let damaged = |why| Fault::damaged("boot catalogue", why);
    let first = entries.next().unwrap_or_default();
    let &[1, mut platform, ..] = first else { return Err(damaged("does not begin as one")) };
    if first.get(30..) != Some(&[0x55, 0xAA]) {
        return Err(damaged("is not marked as one"));
    }
    let mut kinds = Vec::new();
    for entry in entries {
        match entry {
            &[SECTION | LAST_SECTION, of, ..] => platform = of,
            &[BOOTABLE, ..] => kinds.extend(kind(platform)),
            [0, 0, ..] => break,
            // Not bootable, or what goes on an entry.
            _ => {}
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

fn kind(platform: u8) -> Option<BootKind> {
    match platform {
        PC => Some(BootKind::Bios),
        EFI => Some(BootKind::Efi),
        // PowerPC and old Macs.
        _ => None,
    }
}
