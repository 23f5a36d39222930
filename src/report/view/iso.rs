use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::iso::{Content, Inspection, WindowsImage, WindowsRelease};
use crate::model::Architecture;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::{EditionItem, IsoItem};
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::report::table::{Column, Table};

impl Document {
    /// Builds the document of what an ISO file holds.
    pub fn inspection(file: &Path, inspection: &Inspection) -> Self {
        let volume = &inspection.volume;
        let words = |words: Vec<String>| words.join(", ");
        let systems = words(volume.file_systems.iter().map(ToString::to_string).collect());
        let boot = words(volume.boot.iter().map(ToString::to_string).collect());
        let sheet = Sheet::default().row("file", file.display().to_string());
        let sheet = match &inspection.content {
            Content::Windows(medium) => {
                let first = medium.images.first();
                sheet
                    .row(
                        "installs",
                        medium
                            .release
                            .map_or("a Windows that is not known here", WindowsRelease::as_str),
                    )
                    .row_if("build", first.and_then(|it| it.build).map(|it| it.to_string()))
                    .row_if(
                        "made for",
                        first.and_then(|it| it.architecture).map(Architecture::as_str),
                    )
                    .row_if("languages", first.map(|it| it.languages.join(", ")))
                    .cells("editions", medium.images.iter().map(edition))
            }
            Content::Linux(medium) => {
                let version = medium.version.as_deref().unwrap_or_default();
                let name = format!("{} {version}", medium.distribution);
                sheet
                    .row("installs", name.trim_end())
                    .row_if("made for", medium.architecture.map(Architecture::as_str))
                    .row("described as", &medium.description)
            }
            Content::Other => sheet.row("installs", "nothing that is known here"),
        };
        let sheet = sheet
            .row("boots on", if boot.is_empty() { "no firmware" } else { &boot })
            .row_if("label", Some(&volume.label))
            .row("size", human::bytes(volume.size))
            .row("format", systems);
        let names = vec![file.display().to_string()];
        Self::items(&[IsoItem::new(file, inspection)], Body::Sheet(sheet), names)
    }

    /// Builds the list of the editions that an ISO file holds. Only Windows has such.
    pub fn editions(file: &Path, inspection: &Inspection) -> Result<Self, Error> {
        let Content::Windows(medium) = &inspection.content else {
            let message =
                format!("`{}` has no editions: it is no medium of Windows", file.display());
            return Err(Error::new(ErrorKind::Usage, message)
                .hint("leave `--list-editions` out to see what it is"));
        };
        let columns = vec![
            Column::right("index", "INDEX"),
            Column::left("edition", "EDITION"),
            Column::left("name", "NAME"),
            Column::left("architecture", "MADE FOR"),
            Column::left("languages", "LANGUAGES"),
            Column::left("build", "BUILD"),
        ];
        let row = |image: &WindowsImage| {
            vec![
                Cell::new(image.index.to_string()),
                Cell::maybe(image.edition.as_ref()),
                Cell::new(&image.name),
                Cell::maybe(image.architecture.map(Architecture::as_str)),
                Cell::new(image.languages.join(", ")),
                Cell::maybe(image.build.map(|it| it.to_string())),
            ]
        };
        let rows = medium.images.iter().map(row).collect();
        let items: Vec<EditionItem> = medium.images.iter().map(EditionItem::from).collect();
        let names = medium.images.iter().filter_map(|image| image.edition.clone()).collect();
        Ok(Self::items(&items, Body::Table(Table { columns, rows }), names))
    }
}

fn edition(image: &WindowsImage) -> Cell {
    let edition = image.edition.as_deref().unwrap_or("no edition");
    Cell::new(format!("{} {edition} ({})", image.index, image.name))
}
