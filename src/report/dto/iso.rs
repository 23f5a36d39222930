use std::path::Path;

use serde::Serialize;

use super::path;
use crate::iso::{Content, Inspection, InstallationType, LinuxMedium, WindowsImage, WindowsMedium};
use crate::model::Architecture;

#[derive(Debug, Serialize)]
pub(crate) struct IsoItem {
    file: String,
    size_bytes: u64,
    label: String,
    file_systems: Vec<String>,
    boot: Vec<String>,
    kind: &'static str,
    distribution: Option<&'static str>,
    name: Option<String>,
    version: Option<String>,
    architecture: Option<&'static str>,
    install_file: Option<&'static str>,
    editions: Vec<EditionItem>,
}

#[derive(Debug, Serialize)]
pub(crate) struct EditionItem {
    index: u32,
    edition: Option<String>,
    name: String,
    architecture: Option<&'static str>,
    installation: Option<&'static str>,
    languages: Vec<String>,
    build: Option<String>,
}

impl IsoItem {
    pub(crate) fn new(file: &Path, inspection: &Inspection) -> Self {
        let volume = &inspection.volume;
        let item = Self {
            file: path(file),
            size_bytes: volume.size,
            label: volume.label.clone(),
            file_systems: volume.file_systems.iter().map(ToString::to_string).collect(),
            boot: volume.boot.iter().map(ToString::to_string).collect(),
            kind: "other",
            distribution: None,
            name: None,
            version: None,
            architecture: None,
            install_file: None,
            editions: Vec::new(),
        };
        match &inspection.content {
            Content::Windows(medium) => item.windows(medium),
            Content::Linux(medium) => item.linux(medium),
            Content::Other => item,
        }
    }

    fn windows(self, medium: &WindowsMedium) -> Self {
        let first = medium.images.first();
        Self {
            kind: "windows",
            name: medium.release.map(|release| release.to_string()),
            version: first.and_then(|it| it.build).map(|it| it.to_string()),
            architecture: first.and_then(|it| it.architecture).map(Architecture::as_str),
            install_file: Some(medium.install_file),
            editions: medium.images.iter().map(EditionItem::from).collect(),
            ..self
        }
    }

    fn linux(self, medium: &LinuxMedium) -> Self {
        Self {
            kind: "linux",
            distribution: Some(medium.distribution.as_str()),
            name: Some(medium.description.clone()),
            version: medium.version.clone(),
            architecture: medium.architecture.map(Architecture::as_str),
            ..self
        }
    }
}

impl From<&WindowsImage> for EditionItem {
    fn from(image: &WindowsImage) -> Self {
        Self {
            index: image.index,
            edition: image.edition.clone(),
            name: image.name.clone(),
            architecture: image.architecture.map(Architecture::as_str),
            installation: image.installation.map(InstallationType::as_str),
            languages: image.languages.clone(),
            build: image.build.map(|it| it.to_string()),
        }
    }
}
