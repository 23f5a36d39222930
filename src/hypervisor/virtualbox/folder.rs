//! The folder of a VM: where VirtualBox puts it, whether it is ours, and how it goes away.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use super::settings_file;
use crate::model::VmConfiguration;
use crate::model::VmId;

/// Returns the settings file that `createvm` makes for a configuration below a base folder.
pub(super) fn settings_path(base: &Path, wanted: &VmConfiguration) -> PathBuf {
    settings_path_of(base, wanted.name.as_str(), wanted.groups.first().map(String::as_str))
}

/// Returns the settings file that `createvm` makes for a name and its first group.
pub(super) fn settings_path_of(base: &Path, name: &str, group: Option<&str>) -> PathBuf {
    let name = as_file_name(name);
    let group = group.map_or("", |group| group.trim_matches('/'));
    let parts = group.split('/').filter(|part| !part.is_empty());
    let folder = parts.fold(base.to_owned(), |folder, part| folder.join(part)).join(&name);
    folder.join(format!("{name}.vbox"))
}

/// Returns the disk that belongs beside a settings file.
pub(super) fn disk_path(settings: &Path) -> PathBuf {
    settings.with_extension("vdi")
}

/// Returns whether a settings file, or what VirtualBox keeps of it, is of this VM. A VM of the
/// same name may have been there before.
pub(super) fn is_of(settings: &Path, id: VmId) -> bool {
    let kept = ["vbox", "vbox-prev", "vbox-tmp"].map(|end| settings.with_extension(end));
    let texts = kept.iter().filter_map(|file| fs::read_to_string(file).ok());
    texts.filter_map(|xml| settings_file::machine(&xml)).any(|machine| machine.id == id)
}

/// Removes the folder of a settings file if nothing is in it but what a new VM has.
pub(super) fn remove(settings: &Path) -> io::Result<()> {
    let Some(folder) = settings.parent() else {
        return Ok(());
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<io::Result<Vec<_>>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if entries.iter().all(|entry| is_of_a_new_vm(&entry.path(), settings)) {
        return fs::remove_dir_all(folder);
    }
    Ok(())
}

/// Removes what VirtualBox's own unattended installation wrote beside the settings of a VM, and
/// never removes: the password stands in it.
pub(super) fn remove_answers(settings: &Path) -> io::Result<()> {
    let Some(folder) = settings.parent() else { return Ok(()) };
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let file = entry?.path();
        if is_answer(&file) {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Tells `Unattended-UUID-preseed.cfg`.
fn is_answer(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str);
    let rest = name.and_then(|name| name.strip_prefix("Unattended-"));
    let id = rest.and_then(|rest| rest.split_at_checked(36));
    id.is_some_and(|(id, end)| id.parse::<VmId>().is_ok() && end.starts_with('-'))
}

/// Removes the folder of a deleted VM if nothing is in it but copies of its settings: VirtualBox
/// makes one, such as `web-1.19-linux.vbox`, before it writes them in a newer form, and forgets it.
/// What its own unattended installation wrote goes in any case.
pub(super) fn remove_copies(settings: &Path) -> io::Result<()> {
    let wrote_answers = holds_answers(settings);
    remove_answers(settings)?;
    let Some(folder) = settings.parent() else { return Ok(()) };
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    if (wrote_answers || !files.is_empty()) && files.iter().all(|file| is_copy(file, settings)) {
        return fs::remove_dir_all(folder);
    }
    Ok(())
}

fn holds_answers(settings: &Path) -> bool {
    let entries = settings.parent().and_then(|folder| fs::read_dir(folder).ok());
    entries.is_some_and(|mut it| it.any(|entry| entry.is_ok_and(|it| is_answer(&it.path()))))
}

/// Tells `web-1.19-linux.vbox`, a copy of `web.vbox`.
fn is_copy(path: &Path, settings: &Path) -> bool {
    let texts =
        (path.file_name().and_then(OsStr::to_str), settings.file_stem().and_then(OsStr::to_str));
    let (Some(name), Some(own)) = texts else { return false };
    let rest = name.strip_prefix(own).and_then(|rest| rest.strip_prefix('-'));
    let Some((version, system)) = rest.and_then(|rest| rest.split_once('-')) else { return false };
    let is_version = version.contains('.')
        && version
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()));
    is_version && !system.is_empty() && path.extension().is_some_and(|end| end == "vbox")
}

/// Returns every disk image below a folder.
pub(super) fn disk_images(folder: &Path) -> Vec<PathBuf> {
    const ENDS: [&str; 4] = ["vdi", "vmdk", "vhd", "hdd"];
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut images = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            images.extend(disk_images(&path));
        } else if path.extension().is_some_and(|end| ENDS.iter().any(|it| end == *it)) {
            images.push(path);
        }
    }
    images
}

fn is_of_a_new_vm(path: &Path, settings: &Path) -> bool {
    const ENDS: [&str; 5] = ["vbox", "vbox-prev", "vbox-tmp", "vdi", "nvram"];
    const NAMES: [&str; 4] =
        ["Logs", "Snapshots", "VRDEAutoGeneratedCert.pem", "VRDEAutoGeneratedPrivateKey.pem"];
    let is_named = path.file_name().is_some_and(|name| NAMES.iter().any(|it| name == *it));
    is_named
        || is_copy(path, settings)
        || is_answer(path)
        || ENDS.iter().any(|end| settings.with_extension(end) == path)
}

/// Replaces what VirtualBox replaces in a name (source: `sanitiseMachineFilename`, and the real
/// program: each byte of a character that is not kept becomes one `_`).
pub(super) fn as_file_name(name: &str) -> String {
    let is_kept = |c: char| {
        c.is_ascii_alphanumeric() || " ()-._".contains(c) || ('\u{a0}'..='\u{d7af}').contains(&c)
    };
    let mut file = String::with_capacity(name.len());
    for c in name.chars() {
        if is_kept(c) {
            file.push(c);
        } else {
            file.extend(std::iter::repeat_n('_', c.len_utf8()));
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::path::PathBuf;

    use super::{as_file_name, disk_path, is_of, remove, remove_copies, settings_path};
    use crate::hypervisor::virtualbox::testing::web;
    use crate::model::VmId;

    #[test]
    fn the_file_name_is_the_one_that_virtualbox_makes() {
        // Recorded from `createvm` of VirtualBox 7.2.22.
        let name = "a'b & c, ü (x) [y] 日本 😀";
        assert_eq!(as_file_name(name), "a_b _ c_ ü (x) _y_ 日本 ____");
    }

    #[test]
    fn the_first_group_is_a_folder() {
        let mut wanted = web();
        let path = |wanted: &_| settings_path(Path::new("/vms"), wanted);
        assert_eq!(path(&wanted), PathBuf::from("/vms/web/web.vbox"));
        wanted.groups = vec!["/lab/win".to_owned(), "/ci".to_owned()];
        assert_eq!(path(&wanted), PathBuf::from("/vms/lab/win/web/web.vbox"));
        wanted.groups = vec!["/".to_owned()];
        assert_eq!(disk_path(&path(&wanted)), PathBuf::from("/vms/web/web.vdi"));
    }

    #[test]
    fn a_folder_goes_only_with_nothing_else_in_it() {
        let base = tempfile::tempdir().unwrap();
        let settings = base.path().join("web/web.vbox");
        assert!(remove(&settings).is_ok(), "nothing there is fine");
        fs::create_dir_all(base.path().join("web/Logs")).unwrap();
        fs::write(&settings, "").unwrap();
        fs::write(base.path().join("web/notes.txt"), "mine").unwrap();
        remove(&settings).unwrap();
        assert!(settings.exists(), "a stranger's file is there");
        fs::remove_file(base.path().join("web/notes.txt")).unwrap();
        remove(&settings).unwrap();
        assert!(!base.path().join("web").exists());
    }

    #[test]
    fn copies_of_settings_go_with_their_folder_and_nothing_else_does() {
        let base = tempfile::tempdir().unwrap();
        let settings = base.path().join("my-web/my-web.vbox");
        assert!(remove_copies(&settings).is_ok(), "nothing there is fine");
        fs::create_dir_all(settings.parent().unwrap()).unwrap();
        let beside = |name| settings.with_file_name(name);
        fs::write(beside("my-web-1.19-linux.vbox"), "").unwrap();
        for stranger in ["my-web-2.vbox", "my-web-1.x-linux.vbox", "web-1.19-linux.vbox", "a.vdi"] {
            fs::write(beside(stranger), "").unwrap();
            remove_copies(&settings).unwrap();
            assert!(beside("my-web-1.19-linux.vbox").exists(), "{stranger} is there");
            fs::remove_file(beside(stranger)).unwrap();
        }
        remove_copies(&settings).unwrap();
        assert!(!settings.parent().unwrap().exists());
    }

    #[test]
    fn answers_of_an_unattended_installation_go_and_nothing_else_does() {
        let base = tempfile::tempdir().unwrap();
        let settings = base.path().join("web/web.vbox");
        fs::create_dir_all(settings.parent().unwrap()).unwrap();
        let answers = settings
            .with_file_name(format!("Unattended-{}-autounattend.xml", VmId::from_random(1)));
        let notes = settings.with_file_name("Unattended-notes.txt");
        for file in [&answers, &notes] {
            fs::write(file, "a password").unwrap();
        }
        remove_copies(&settings).unwrap();
        assert!(!answers.exists() && notes.exists(), "a stranger's file is there");
        fs::remove_file(notes).unwrap();
        fs::write(&answers, "a password").unwrap();
        remove_copies(&settings).unwrap();
        assert!(!settings.parent().unwrap().exists());
    }

    #[test]
    fn a_settings_file_is_of_the_vm_that_it_names() {
        let base = tempfile::tempdir().unwrap();
        let settings = base.path().join("web.vbox");
        let (ours, other) = (VmId::from_random(1), VmId::from_random(2));
        assert!(!is_of(&settings, ours));
        fs::write(settings.with_extension("vbox-prev"), format!("<Machine uuid=\"{{{ours}}}\"/>"))
            .unwrap();
        assert!(is_of(&settings, ours) && !is_of(&settings, other));
    }
}
