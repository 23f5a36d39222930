use std::path::PathBuf;

/// The programs of QEMU's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Programs {
    /// What runs a VM.
    pub system: Option<PathBuf>,
    /// What changes disks.
    pub image: Option<PathBuf>,
}

impl Programs {
    /// Looks for them in the folders of the environment's PATH.
    pub fn find(environment: &[(String, String)]) -> Self {
        let path = environment.iter().find(|(name, _)| name == "PATH");
        let text = path.map_or("", |(_, value)| value.as_str());
        let separator = if cfg!(windows) { ';' } else { ':' };
        let ending = if cfg!(windows) { ".exe" } else { "" };
        let find = |name: &str| {
            let folders = text.split(separator).filter(|folder| !folder.is_empty());
            let mut files = folders.map(|it| PathBuf::from(it).join(format!("{name}{ending}")));
            files.find(|file| file.is_file())
        };
        Self { system: find(super::SYSTEM), image: find("qemu-img") }
    }
}
