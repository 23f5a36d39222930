use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::model::Scope;
use crate::request::{Request, TemplateAction, TemplateCopies};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// List the templates, of which `vm_create` makes VMs, and the VMs that need each.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct List {}

impl Method for List {
    const NAME: &'static str = "template_list";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.tell(Request::Template(TemplateAction::List)).await
    }
}

/// Asks for a VM of a template. It is off afterwards.
pub(super) fn make(template: &str, name: &str) -> Result<Request, Error> {
    let (template, names) = (template.parse()?, vec![name.parse()?]);
    let asked = TemplateCopies { template, names, start: None, wait: None };
    Ok(Request::Template(TemplateAction::Make(Box::new(asked))))
}
