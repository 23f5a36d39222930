use std::path::{Component, Path, Prefix};

use super::DiskRoom;

/// Reads the room that this user has on the disk under a folder; `None` if the host does not tell.
///
/// Network disks are not asked, because one that is gone answers late.
pub(in crate::metrics) fn under(folder: &Path) -> Option<DiskRoom> {
    let folder = std::path::absolute(folder).ok()?;
    if winsafe::GetDriveType(Some(&drive(&folder)?)) == winsafe::co::DRIVE::REMOTE {
        return None;
    }
    let there = folder.ancestors().find(|part| part.is_dir())?;
    let mut room = DiskRoom { total: 0, free: 0 };
    let (free, total) = (Some(&mut room.free), Some(&mut room.total));
    winsafe::GetDiskFreeSpaceEx(there.to_str(), free, total, None).ok()?;
    Some(room)
}

/// Returns the root of the drive that a path names; network folders have none.
fn drive(path: &Path) -> Option<String> {
    let Component::Prefix(prefix) = path.components().next()? else {
        return None;
    };
    let (Prefix::Disk(letter) | Prefix::VerbatimDisk(letter)) = prefix.kind() else {
        return None;
    };
    Some(format!("{}:\\", char::from(letter)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::drive;

    #[test]
    fn a_path_has_a_drive_unless_it_leads_into_the_network() {
        let of = |path| drive(Path::new(path));
        assert_eq!(of(r"C:\vms\web"), Some(r"C:\".to_owned()));
        assert_eq!(of(r"\\?\D:\vms"), Some(r"D:\".to_owned()));
        assert_eq!(of(r"\\server\share\vms"), None);
    }
}
