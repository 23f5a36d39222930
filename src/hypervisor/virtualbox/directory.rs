//! Which VM a name means, from VirtualBox's own files: no call, no lock, and cheap.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use super::folder;
use super::settings_file;
use super::settings_file::Registry;
use crate::model::VmId;

/// How much of a settings file is read: the VM's name stands behind a short notice.
const HEAD: u64 = 8 * 1024;

/// The registry as it was read last, kept for as long as its file stays the same.
#[derive(Debug, Default)]
pub(super) struct Directory {
    known: Option<(Stamp, Registry)>,
    /// The VM that a name meant last, and the file that said so.
    found: Option<(String, VmId, Stamp)>,
}

/// Which version of a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    file: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
}

impl Directory {
    /// Finds a VM by its name; `None` is also what cannot be found out.
    pub(super) fn find(&mut self, settings_folder: &Path, name: &str) -> Option<VmId> {
        self.registry(settings_folder)?;
        if let Some((known, id, stamp)) = &self.found
            && known == name
            && Stamp::of(&stamp.file).as_ref() == Some(stamp)
        {
            return Some(*id);
        }
        let registry = self.registry(settings_folder)?;
        let file_name = folder::as_file_name(name);
        let is_likely =
            |file: &Path| file.file_stem().is_some_and(|stem| stem == OsStr::new(&file_name));
        // A settings file has its VM's name, unless a person moved or copied it.
        let (likely, others): (Vec<_>, Vec<_>) =
            registry.machines.iter().partition(|(_, file)| is_likely(file));
        let is_named = |(_, file): &&&(VmId, PathBuf)| named(file).is_some_and(|it| it == name);
        let found = likely.iter().chain(&others).find(is_named);
        // What cannot be read, such as encrypted settings, is taken by the file's name.
        let found = found.or_else(|| likely.iter().find(|(_, file)| named(file).is_none()));
        let (id, file) = found?;
        let found = Stamp::of(file).map(|stamp| (name.to_owned(), *id, stamp));
        let id = *id;
        self.found = found;
        Some(id)
    }

    fn registry(&mut self, settings_folder: &Path) -> Option<&Registry> {
        let stamp = Stamp::of(&settings_folder.join(settings_file::REGISTRY))?;
        if self.known.as_ref().is_none_or(|(known, _)| *known != stamp) {
            let xml = std::fs::read_to_string(&stamp.file).ok()?;
            self.found = None;
            self.known = Some((stamp, settings_file::registry(&xml, settings_folder)));
        }
        self.known.as_ref().map(|(_, registry)| registry)
    }
}

impl Stamp {
    fn of(file: &Path) -> Option<Self> {
        let facts = std::fs::metadata(file).ok()?;
        let (file, modified) = (file.to_path_buf(), facts.modified().ok());
        Some(Self { file, length: facts.len(), modified })
    }
}

/// Returns the name that a settings file gives its VM.
fn named(file: &Path) -> Option<String> {
    let mut head = Vec::new();
    File::open(file).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    settings_file::identity(&String::from_utf8_lossy(&head)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::Directory;
    use crate::model::VmId;

    fn settings(id: VmId, name: &str) -> String {
        format!("<?xml?>\n<VirtualBox>\n<Machine uuid=\"{{{id}}}\" name=\"{name}\">\n<Hardware/>")
    }

    fn register(folder: &Path, files: &[(VmId, &str)]) {
        let entry =
            |(id, file): &(VmId, &str)| format!("<MachineEntry uuid=\"{{{id}}}\" src=\"{file}\"/>");
        let entries: String = files.iter().map(entry).collect();
        fs::write(folder.join("VirtualBox.xml"), format!("<X>{entries}</X>")).unwrap();
    }

    #[test]
    fn a_name_is_found_in_its_file_or_in_another_and_a_stranger_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let (web, moved, lost) = (VmId::from_random(1), VmId::from_random(2), VmId::from_random(3));
        fs::write(at.join("web _x.vbox"), settings(web, "web &amp;x")).unwrap();
        fs::write(at.join("old.vbox"), settings(moved, "new")).unwrap();
        let all = [(web, "web _x.vbox"), (moved, "old.vbox"), (lost, "lost.vbox")];
        register(at, &all);
        let mut directory = Directory::default();
        assert_eq!(directory.find(at, "web &x"), Some(web));
        assert_eq!(directory.find(at, "new"), Some(moved));
        assert_eq!(directory.find(at, "old"), None, "it has another name by now");
        assert_eq!(directory.find(at, "lost"), Some(lost), "its file cannot be read");
        assert_eq!(directory.find(at, "web"), None);
    }

    #[test]
    fn a_new_registry_is_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let mut directory = Directory::default();
        assert_eq!(directory.find(at, "web"), None);
        fs::write(at.join("web.vbox"), settings(VmId::from_random(1), "web")).unwrap();
        register(at, &[(VmId::from_random(1), "web.vbox")]);
        assert_eq!(directory.find(at, "web"), Some(VmId::from_random(1)));
        let renamed = settings(VmId::from_random(1), "other");
        fs::write(at.join("web.vbox"), renamed).unwrap();
        assert_eq!(directory.find(at, "web"), None, "its name is another by now");
        fs::write(at.join("web.vbox"), settings(VmId::from_random(1), "web")).unwrap();
        assert_eq!(directory.find(at, "web"), Some(VmId::from_random(1)));
        register(at, &[]);
        assert_eq!(directory.find(at, "web"), None);
    }
}
