use crate::error::Error;
use crate::hypervisor::virtualbox::error;
use crate::model::{ShareAccess, ShareLifetime, ShareMount, SharedFolder};

/// Reads the shared folders in `showvminfo`: the form for programs tells neither access nor mount.
pub(in super::super) fn shared_folders(stdout: &str) -> Result<Vec<SharedFolder>, Error> {
    let of_folder = |line: &&str| line.starts_with("Name: '") && line.contains("', Host path: '");
    let read = |line| folder(line).ok_or_else(|| error::unparseable("holds an odd shared folder"));
    stdout.lines().filter(of_folder).map(read).collect()
}

/// Reads `Name: 'data', Host path: '/srv' (transient mapping), readonly, auto-mount, mount-point:
/// '/mnt'`. A path may hold quotes.
fn folder(line: &str) -> Option<SharedFolder> {
    let (name, rest) = line.strip_prefix("Name: '")?.split_once("', Host path: '")?;
    let (host_path, rest) = rest.rsplit_once("' (")?;
    let (mapping, rest) = rest.split_once(')')?;
    let (flags, place) = match rest.split_once(", mount-point: '") {
        Some((flags, place)) => (flags, place.strip_suffix('\'')),
        None => (rest, None),
    };
    let has = |word: &str| flags.split(", ").any(|flag| flag.trim() == word);
    Some(SharedFolder {
        name: name.parse().ok()?,
        host_path: host_path.into(),
        access: if has("readonly") { ShareAccess::ReadOnly } else { ShareAccess::ReadWrite },
        mount: match place {
            Some(place) => ShareMount::At(place.to_owned()),
            None if has("auto-mount") => ShareMount::Anywhere,
            None => ShareMount::Never,
        },
        lifetime: match mapping {
            "transient mapping" => ShareLifetime::UntilOff,
            _ => ShareLifetime::Kept,
        },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::shared_folders;
    use crate::model::{ShareAccess, ShareLifetime, ShareMount};

    // As 7.2.22 prints them.
    const PRINTED: &str = "Shared folders:              \n\n\
        Name: 'data', Host path: '/srv/shared' (machine mapping), writable, auto-mount, mount-point: '/mnt/data'\n\
        Name: 'perm3', Host path: '/srv/shared' (transient mapping), writable, auto-mount\n\
        Name: 'tr', Host path: '/srv/it's ü, (x)' (transient mapping), readonly\n\nVRDE Connection: not active\n";

    #[test]
    fn folders_are_read_with_all_that_is_told_of_them() {
        let [data, perm3, tr] = shared_folders(PRINTED).unwrap().try_into().unwrap();
        assert_eq!((data.access, data.lifetime), (ShareAccess::ReadWrite, ShareLifetime::Kept));
        assert_eq!(data.mount, ShareMount::At("/mnt/data".to_owned()));
        assert_eq!((perm3.mount, perm3.lifetime), (ShareMount::Anywhere, ShareLifetime::UntilOff));
        assert_eq!(tr.host_path.to_str(), Some("/srv/it's ü, (x)"));
        assert_eq!((tr.access, tr.mount), (ShareAccess::ReadOnly, ShareMount::Never));
        assert!(shared_folders("Shared folders:              <none>\n").unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "Name: '[a-z' (]{0,5}', Host path: '[a-z'(), ]{0,20}") {
            drop(shared_folders(&line));
        }
    }
}
