use serde::Serialize;

use super::path;
use crate::model::{ShareAccess, ShareMount, SharedFolder};

#[derive(Debug, Serialize)]
pub(crate) struct ShareItem {
    vm: String,
    name: String,
    host_path: String,
    writable: bool,
    mount: bool,
    mount_point: Option<String>,
    lifetime: String,
}

impl ShareItem {
    pub(crate) fn of(vm: &str, folder: &SharedFolder) -> Self {
        Self {
            vm: vm.to_owned(),
            name: folder.name.to_string(),
            host_path: path(&folder.host_path),
            writable: folder.access == ShareAccess::ReadWrite,
            mount: folder.mount != ShareMount::Never,
            mount_point: match &folder.mount {
                ShareMount::At(place) => Some(place.clone()),
                ShareMount::Anywhere | ShareMount::Never => None,
            },
            lifetime: folder.lifetime.to_string(),
        }
    }
}
