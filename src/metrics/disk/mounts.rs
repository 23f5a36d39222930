use std::path::Path;
use std::path::PathBuf;

use sysinfo::DiskRefreshKind;
use sysinfo::Disks;

use super::DiskRoom;

/// Reads the room of the disk under a folder; `None` if the host does not tell.
///
/// Network disks are not asked, because one that is gone would never answer: what is told then is
/// the disk that holds the place where it is mounted.
pub(in crate::metrics) fn under(folder: &Path) -> Option<DiskRoom> {
    let mut disks = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing()).ok()?;
    let mounts: Vec<_> = disks.iter().map(|disk| disk.mount_point().to_owned()).collect();
    let nearest = places(folder).iter().find_map(|place| longest_prefix(&mounts, place))?;
    let disk = disks.get_mut(nearest)?;
    disk.refresh_specifics(DiskRefreshKind::nothing().with_storage());
    Some(DiskRoom { total: disk.total_space(), free: disk.available_space() })
}

/// Returns what a folder may be called where disks are: first with links followed, then as named.
fn places(folder: &Path) -> Vec<PathBuf> {
    let named = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let followed = named.ancestors().find_map(|part| part.canonicalize().ok());
    followed.into_iter().chain([named]).collect()
}

/// Returns which mount point is the deepest above a place.
fn longest_prefix(mounts: &[PathBuf], place: &Path) -> Option<usize> {
    let above = mounts.iter().enumerate().filter(|(_, mount)| place.starts_with(mount));
    above.max_by_key(|(_, mount)| mount.components().count()).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::path::PathBuf;

    use super::longest_prefix;

    #[test]
    fn the_deepest_mount_point_wins_and_names_are_whole() {
        let mounts = ["/", "/srv", "/srv/vms", "/home"].map(PathBuf::from);
        let of = |place: &str| longest_prefix(&mounts, Path::new(place));
        assert_eq!(of("/srv/vms/web"), Some(2));
        assert_eq!(of("/srv/vms2"), Some(1));
        assert_eq!(of("/var"), Some(0));
        assert_eq!(of("relative"), None);
        assert_eq!(longest_prefix(&[], Path::new("/")), None);
    }

    #[test]
    fn of_two_disks_in_one_place_the_later_hides_the_earlier() {
        let mounts = ["/", "/data", "/data"].map(PathBuf::from);
        assert_eq!(longest_prefix(&mounts, Path::new("/data/x")), Some(2));
    }
}
