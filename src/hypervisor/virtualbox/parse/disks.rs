use std::path::PathBuf;

/// A disk of `list hdds`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct ListedDisk {
    /// Its UUID.
    pub(in super::super) id: String,
    /// The UUID of the disk of which it holds the differences.
    pub(in super::super) parent: Option<String>,
    /// Its file.
    pub(in super::super) file: PathBuf,
}

/// Reads the blocks of `list hdds`, each of lines such as `Location:   /vms/web/web.vdi`.
pub(in super::super) fn disks(stdout: &str) -> Vec<ListedDisk> {
    let mut disks = Vec::new();
    let (mut id, mut parent) = (None, None);
    for line in stdout.lines() {
        let Some((label, value)) = line.split_once(':') else { continue };
        let value = value.trim().to_owned();
        match label {
            "UUID" => (id, parent) = (Some(value), None),
            "Parent UUID" => parent = Some(value).filter(|parent| parent != "base"),
            "Location" => disks.extend(id.take().map(|id| ListedDisk {
                id,
                parent: parent.take(),
                file: value.into(),
            })),
            _ => {}
        }
    }
    disks
}

#[cfg(test)]
mod tests {
    use super::disks;

    #[test]
    fn a_disk_has_an_identity_a_file_and_maybe_a_parent() {
        // As VirtualBox 7.2.22 prints it.
        let printed = "\
UUID:           aaaaaaaa-0000-4000-8000-000000000001
Parent UUID:    base
State:          created
Type:           normal (base)
Location:       /vms/a: b/web.vdi
Storage format: VDI
Capacity:       1024 MBytes
Encryption:     disabled

UUID:           bbbbbbbb-0000-4000-8000-000000000002
Parent UUID:    aaaaaaaa-0000-4000-8000-000000000001
State:          inaccessible
Type:           normal (differencing)
Location:       /vms/web/Snapshots/{b}.vdi
";
        let found = disks(printed);
        let shown: Vec<_> = found
            .iter()
            .map(|disk| (&disk.id[..2], disk.parent.is_some(), disk.file.to_str().unwrap()))
            .collect();
        let expected =
            [("aa", false, "/vms/a: b/web.vdi"), ("bb", true, "/vms/web/Snapshots/{b}.vdi")];
        assert_eq!(shown, expected);
        assert!(disks("").is_empty());
    }
}
