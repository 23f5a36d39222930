use crate::model::{ShareAccess, ShareMount, SharedFolder};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::ShareItem;
use crate::report::table::{Column, Table};

pub(super) fn list(vm: &str, folders: &[SharedFolder]) -> Document {
    let columns = vec![
        Column::left("name", "SHARE"),
        Column::left("host_path", "FOLDER"),
        Column::left("writable", "ACCESS"),
        Column::left("mount_point", "MOUNT"),
        Column::left("lifetime", "LASTS"),
    ];
    let row = |folder: &SharedFolder| {
        let access = match folder.access {
            ShareAccess::ReadWrite => "read-write",
            ShareAccess::ReadOnly => "read-only",
        };
        let mount = match &folder.mount {
            ShareMount::Never => "-",
            ShareMount::Anywhere => "auto",
            ShareMount::At(place) => place,
        };
        vec![
            Cell::new(folder.name.as_str()),
            Cell::new(folder.host_path.display().to_string()),
            Cell::new(access),
            Cell::new(mount),
            Cell::new(folder.lifetime.to_string()),
        ]
    };
    let rows = folders.iter().map(row).collect();
    let items: Vec<ShareItem> = folders.iter().map(|it| ShareItem::of(vm, it)).collect();
    let names = folders.iter().map(|it| it.name.to_string()).collect();
    Document::items(&items, Body::Table(Table { columns, rows }), names)
}
