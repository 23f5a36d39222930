use serde::Serialize;

use super::moment;
use crate::request::Template;

/// A line of `template list`.
#[derive(Debug, Serialize)]
pub(crate) struct TemplateItem {
    name: String,
    /// `null` if another program removed it.
    vm: Option<String>,
    vm_id: String,
    os: String,
    /// `none` or `cloud-init`.
    renewal: &'static str,
    saved_at: String,
    /// The VMs that need it.
    clones: Vec<String>,
}

impl From<&Template> for TemplateItem {
    fn from(template: &Template) -> Self {
        Self {
            name: template.name.clone(),
            vm: template.vm.clone(),
            vm_id: template.vm_id.to_string(),
            os: template.os.clone(),
            renewal: template.renewal.as_str(),
            saved_at: moment(template.saved_at),
            clones: template.clones.clone(),
        }
    }
}
