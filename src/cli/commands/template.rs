use clap::{Args, Subcommand};

use crate::cli::target::{Given, Target};
use crate::error::Error;
use crate::model::TemplateName;
use crate::request::{Renewal, Request, TemplateAction};

/// Make VMs templates, from which others are made in a moment
///
/// `vm-cli create NAME --template TEMPLATE --count 5` makes linked clones: each takes a second and
/// little disk. Each has a UUID, hardware addresses and host ports of its own. A template is not
/// started, and not deleted as long as it is one.
///
/// What is inside its guest is copied as it is: a Windows keeps computer name and SID unless it was
/// prepared with sysprep; a Linux with cloud-init gets a name and host keys of its own with
/// `--cloud-init`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli template save win11 --as win11-clean
  vm-cli create lab --template win11-clean --count 5
  vm-cli template list")]
pub(crate) struct Template {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a VM that is off a template
    #[command(after_help = "Examples:
  vm-cli template save win11 --as win11-clean
  vm-cli template save deb --cloud-init --json")]
    Save {
        #[command(flatten)]
        target: Target,

        /// Call the template so, instead of like its VM
        #[arg(long = "as", value_name = "TEMPLATE", allow_hyphen_values = true)]
        template: Option<TemplateName>,

        /// Its guest has cloud-init: VMs made of it get a host name and SSH host keys of their own
        #[arg(long)]
        cloud_init: bool,
    },
    /// List the templates
    #[command(
        visible_alias = "ls",
        after_help = "Examples:
  vm-cli template list
  vm-cli template list --json"
    )]
    List {},
    /// Show a template, and the VMs that need it
    #[command(after_help = "Examples:
  vm-cli template show win11-clean
  vm-cli template show win11-clean --json")]
    Show {
        /// Name the template
        #[arg(value_name = "TEMPLATE")]
        template: TemplateName,
    },
    /// Make a template an ordinary VM again, if no VM needs it
    #[command(
        visible_alias = "rm",
        after_help = "Examples:
  vm-cli template delete win11-clean
  vm-cli template delete win11-clean --dry-run"
    )]
    Delete {
        /// Name the template
        #[arg(value_name = "TEMPLATE")]
        template: TemplateName,
    },
}

impl Template {
    /// Says what the arguments ask for.
    pub(super) fn request(self, given: &Given) -> Result<Request, Error> {
        let action = match self.action {
            Action::Save { target, template, cloud_init } => TemplateAction::Save {
                vm: target.vm(given)?,
                name: template,
                renewal: if cloud_init { Renewal::CloudInit } else { Renewal::None },
            },
            Action::List {} => TemplateAction::List,
            Action::Show { template } => TemplateAction::Show(template),
            Action::Delete { template } => TemplateAction::Delete(template),
        };
        Ok(Request::Template(action))
    }
}
