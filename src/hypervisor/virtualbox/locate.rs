//! Where VBoxManage is: a search that is told what the host looks like. Pure.
//!
//! On Linux the `VBoxManage` on the PATH is usually a shell script that runs half a dozen
//! programs, prints warnings among the output and cleans sockets up under the feet of its like.
//! So the real program behind it comes first.

use std::path::Path;
use std::path::PathBuf;

/// The system that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Linux, and other Unix systems.
    Unix,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// Nothing that can be called.
    Nothing,
    /// A shell script.
    Script,
    /// A program.
    Program,
}

/// What the host looks like to the search.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct HostView<'a> {
    /// The system.
    pub system: System,
    /// What a flag, the environment or the configuration names; then nothing else is tried.
    pub explicit: Option<PathBuf>,
    /// The folders of the PATH.
    pub path: Vec<PathBuf>,
    /// The folders that VirtualBox's own variables and registry keys name, in their order:
    /// `VBOX_MSI_INSTALL_PATH`, `VBOX_INSTALL_PATH`, and on Linux `INSTALL_DIR` of
    /// `/etc/vbox/vbox.cfg` (see [`install_dir`]), on Windows `InstallDir` of the registry's key.
    pub named: Vec<PathBuf>,
    /// `%ProgramFiles%` (Windows).
    pub program_files: Option<PathBuf>,
    /// Tells what a path leads to.
    pub kind_of: &'a dyn Fn(&Path) -> PathKind,
}

/// Why a place was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It was named by a person.
    Explicit,
    /// VirtualBox's installer names it.
    Named,
    /// VirtualBox is usually there.
    Usual,
    /// It is on the PATH.
    OnPath,
    /// It is on the PATH, and only a script that calls the real program.
    Wrapper,
}

/// A place that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The program's path there.
    pub program: PathBuf,
    /// Why it was looked at.
    pub reason: Reason,
    /// What was there.
    pub kind: PathKind,
}

/// The outcome of a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// What was found.
    pub found: Option<Place>,
    /// Everything that was looked at, in order.
    pub looked_at: Vec<Place>,
}

/// Searches for VBoxManage.
pub fn locate(host: &HostView<'_>) -> Search {
    let mut search = Search::default();
    if let Some(program) = &host.explicit {
        search.look(host, program.clone(), Reason::Explicit);
        search.found = search.looked_at.first().filter(|it| it.kind != PathKind::Nothing).cloned();
        return search;
    }
    let file = match host.system {
        System::Windows => "VBoxManage.exe",
        System::Unix | System::MacOs => "VBoxManage",
    };
    let named = host.named.iter().map(|folder| (folder.clone(), Reason::Named));
    let usual = usual_folders(host).into_iter().map(|folder| (folder, Reason::Usual));
    let on_path = host.path.iter().map(|folder| (folder.clone(), Reason::OnPath));
    let places: Vec<_> = match host.system {
        System::Unix => usual.chain(named).chain(on_path).collect(),
        System::MacOs | System::Windows => on_path.chain(named).chain(usual).collect(),
    };
    for (folder, reason) in places {
        search.look(host, folder.join(file), reason);
        if search.looked_at.last().is_some_and(|place| place.kind == PathKind::Program) {
            search.found = search.looked_at.last().cloned();
            return search;
        }
    }
    let script = search.looked_at.iter().find(|place| place.kind == PathKind::Script);
    search.found = script.map(|place| Place { reason: Reason::Wrapper, ..place.clone() });
    search
}

/// Reads `INSTALL_DIR` from `/etc/vbox/vbox.cfg`, a file of shell assignments.
pub fn install_dir(vbox_cfg: &str) -> Option<PathBuf> {
    let value = vbox_cfg.lines().rev().find_map(|line| line.trim().strip_prefix("INSTALL_DIR="))?;
    let bare = value.trim().trim_matches(['"', '\'']);
    Some(bare).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Tells what a path leads to by a look at the first bytes of the file.
pub fn kind_of(path: &Path) -> PathKind {
    use std::io::Read;
    let mut start = [0u8; 2];
    let Ok(mut file) = std::fs::File::open(path) else {
        return PathKind::Nothing;
    };
    match file.read_exact(&mut start) {
        Ok(()) if start == *b"#!" => PathKind::Script,
        Ok(()) => PathKind::Program,
        Err(_) => PathKind::Nothing,
    }
}

fn usual_folders(host: &HostView<'_>) -> Vec<PathBuf> {
    match host.system {
        System::Unix => ["/usr/lib/virtualbox", "/opt/VirtualBox", "/usr/lib64/virtualbox"]
            .map(PathBuf::from)
            .to_vec(),
        System::MacOs => vec!["/Applications/VirtualBox.app/Contents/MacOS".into()],
        System::Windows => {
            let folders = host.program_files.iter();
            folders.map(|folder| folder.join("Oracle").join("VirtualBox")).collect()
        }
    }
}

impl Search {
    fn look(&mut self, host: &HostView<'_>, program: PathBuf, reason: Reason) {
        let kind = (host.kind_of)(&program);
        self.looked_at.push(Place { program, reason, kind });
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::path::PathBuf;

    use super::{HostView, PathKind, Reason, Search, System};
    use super::{install_dir, kind_of, locate};

    /// Searches a host with these files.
    fn search(system: System, files: &[(&str, PathKind)], explicit: Option<&str>) -> Search {
        let kind_of = |path: &Path| {
            let known = files.iter().find(|(file, _)| Path::new(file) == path);
            known.map_or(PathKind::Nothing, |(_, kind)| *kind)
        };
        locate(&HostView {
            system,
            explicit: explicit.map(PathBuf::from),
            path: vec!["/usr/local/bin".into(), "/usr/bin".into()],
            named: vec!["/srv/vbox".into()],
            program_files: Some("/pf".into()),
            kind_of: &kind_of,
        })
    }

    fn found(search: &Search) -> (&Path, Reason) {
        let place = search.found.as_ref().expect("something is found");
        (place.program.as_path(), place.reason)
    }

    #[test]
    fn the_real_program_comes_before_the_wrapper_on_the_path() {
        let wrapper = ("/usr/bin/VBoxManage", PathKind::Script);
        let real = ("/usr/lib/virtualbox/VBoxManage", PathKind::Program);
        let both = search(System::Unix, &[wrapper, real], None);
        assert_eq!(found(&both), (Path::new("/usr/lib/virtualbox/VBoxManage"), Reason::Usual));
        let configured = ("/srv/vbox/VBoxManage", PathKind::Program);
        let named = search(System::Unix, &[wrapper, configured], None);
        assert_eq!(found(&named), (Path::new("/srv/vbox/VBoxManage"), Reason::Named));
    }

    #[test]
    fn the_wrapper_is_used_only_when_there_is_nothing_else() {
        let wrapper = ("/usr/bin/VBoxManage", PathKind::Script);
        let alone = search(System::Unix, &[wrapper], None);
        assert_eq!(found(&alone), (Path::new("/usr/bin/VBoxManage"), Reason::Wrapper));
        let program = ("/usr/local/bin/VBoxManage", PathKind::Program);
        let with = search(System::Unix, &[wrapper, program], None);
        assert_eq!(found(&with), (Path::new("/usr/local/bin/VBoxManage"), Reason::OnPath));
    }

    #[test]
    fn what_a_person_names_is_taken_or_nothing_is() {
        let files = [
            ("/my/vboxmanage", PathKind::Script),
            ("/usr/lib/virtualbox/VBoxManage", PathKind::Program),
        ];
        let named = search(System::Unix, &files, Some("/my/vboxmanage"));
        assert_eq!(found(&named), (Path::new("/my/vboxmanage"), Reason::Explicit));
        let wrong = search(System::Unix, &files, Some("/nowhere"));
        assert_eq!((wrong.found, wrong.looked_at.len()), (None, 1));
    }

    #[test]
    fn each_system_has_its_usual_place() {
        let mac = "/Applications/VirtualBox.app/Contents/MacOS/VBoxManage";
        assert_eq!(
            found(&search(System::MacOs, &[(mac, PathKind::Program)], None)).0,
            Path::new(mac)
        );
        let windows = "/pf/Oracle/VirtualBox/VBoxManage.exe";
        let search = search(System::Windows, &[(windows, PathKind::Program)], None);
        assert_eq!(found(&search).0, Path::new(windows));
    }

    #[test]
    fn a_search_in_vain_tells_where_it_looked() {
        let search = search(System::Unix, &[], None);
        assert_eq!(search.found, None);
        assert_eq!(search.looked_at.len(), 6);
    }

    #[test]
    fn the_installer_on_linux_tells_its_folder() {
        assert_eq!(
            install_dir("# x\nINSTALL_DIR='/opt/VirtualBox'\n"),
            Some("/opt/VirtualBox".into())
        );
        assert_eq!(install_dir("OTHER=1\nINSTALL_DIR=\n"), None);
    }

    #[test]
    fn a_script_is_told_from_a_program() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            path
        };
        assert_eq!(kind_of(&write("script", b"#!/bin/sh\n")), PathKind::Script);
        assert_eq!(kind_of(&write("program", b"\x7fELF")), PathKind::Program);
        assert_eq!(kind_of(&write("empty", b"")), PathKind::Nothing);
        assert_eq!(kind_of(folder.path()), PathKind::Nothing);
    }
}
