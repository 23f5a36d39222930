use serde::{Deserialize, Serialize};

use crate::model::{Invalid, ShareAccess, ShareLifetime, ShareMount, SharedFolder};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShareShape {
    name: String,
    host_path: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    readonly: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mounted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mount_point: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    until_off: bool,
}

impl From<&SharedFolder> for ShareShape {
    fn from(folder: &SharedFolder) -> Self {
        let (mounted, mount_point) = match &folder.mount {
            ShareMount::Never => (false, None),
            ShareMount::Anywhere => (true, None),
            ShareMount::At(place) => (true, Some(place.clone())),
        };
        Self {
            name: folder.name.to_string(),
            host_path: folder.host_path.to_string_lossy().into_owned(),
            readonly: folder.access == ShareAccess::ReadOnly,
            mounted,
            mount_point,
            until_off: folder.lifetime == ShareLifetime::UntilOff,
        }
    }
}

impl TryFrom<ShareShape> for SharedFolder {
    type Error = Invalid;

    fn try_from(shape: ShareShape) -> Result<Self, Invalid> {
        Ok(Self {
            name: shape.name.parse()?,
            host_path: shape.host_path.into(),
            access: if shape.readonly { ShareAccess::ReadOnly } else { ShareAccess::ReadWrite },
            mount: match (shape.mount_point, shape.mounted) {
                (Some(place), _) => ShareMount::At(place),
                (None, true) => ShareMount::Anywhere,
                (None, false) => ShareMount::Never,
            },
            lifetime: if shape.until_off { ShareLifetime::UntilOff } else { ShareLifetime::Kept },
        })
    }
}
