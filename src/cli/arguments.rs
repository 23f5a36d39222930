use clap::Parser;

use super::commands::Command;
use super::global::Global;

/// Run and drive virtual machines on VirtualBox
#[derive(Debug, Parser)]
#[command(
    name = "vm-cli",
    version,
    help_template = TEMPLATE,
    after_help = AFTER,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// clap has no groups of commands: the list is written here, and a test compares it.
const TEMPLATE: &str = "\
{about}

{usage-heading} {usage}

Make and run:
  create         Create a VM
  create-windows  Make a VM in which Windows installs itself
  create-linux   Make a VM in which a Linux installs itself
  start          Start a VM, or let it go on
  stop           Stop a VM
  restart        Stop a VM by its power button and start it again
  reset          Reset a VM without asking its guest
  pause          Pause a VM
  resume         Let a paused VM go on
  delete         Delete a VM with its disks and snapshots [rm]
  clone          Make copies of a VM
  template       Make VMs templates, from which others are made in a moment
  export         Write a VM into a file that other hosts can import
  import         Make a VM from a file
  iso            Tell what can be installed from an ISO file
  answer-media   Write what answers an installer's questions
  up             Bring up the VMs of a file
  down           Take down the VMs of a file

See and use:
  list           List the VMs [ls]
  status         Show a VM, or how the VMs of a file stand [info, show]
  wait           Wait until a VM is ready
  snapshot       Take, list, restore and delete snapshots
  rollback       Put a VM back to a snapshot and start it
  run            Run a command from a snapshot, and put the VM back to it
  screenshot     Take a picture of a VM's screen
  screen-diff    Tell how two screens differ
  record         Make a film of a VM's screen
  analyze        Tell what is on a screen: text, buttons, fields, states [analyse]
  find           Find text or an element on a screen
  assert         Check that a screen shows something, for scripts and CI
  display        Switch a VM's remote display on or off, or tell where it is
  type           Type a text on a VM's keyboard
  key            Press keys, one chord after the other
  click          Click at a place of a VM's screen
  move           Move a VM's pointer to a place
  drag           Drag from one place of a VM's screen to another
  scroll         Turn the wheel of a VM's pointer
  exec           Run a command in a guest
  shell          Open a shell in a guest
  copy           Copy files between this host and a guest [cp]
  clock          Tell how far a guest's clock is off, or set it right
  share          List, add and remove folders of this host that a guest can use
  forward        List, add and remove ports of the host that lead to a guest
  logs           Show the log of vm-cli or of a VM

Look after:
  setup          Check what VMs need on this host, and prepare it
  system-status  Show how the host, the hypervisor and the VMs are
  tasks          Show, cancel and forget tasks
  metrics        Show what tasks came to, and what VMs take of the host
  audit          Show who changed what, and what came of it
  gc             Find and repair what a crash left
  unlock         Explain what holds a VM, and free it
  recover        Find out what is wrong with a VM, and bring it back
  watch          Keep VMs up: look at them, and bring back those that came to harm
  config         Show, check and make the configuration
  mcp            Serve an agent over the Model Context Protocol
  serve          Serve agents and people over HTTP
  top            Show the host, its VMs and its tasks as they go on
  events         Tell what happens on a server: VMs, tasks, what clients do
  token          Make, list and revoke tokens of the server's clients
  demo           Run everything once on a VM of its own
  completions    Print a shell's completions
  man            Print the manual pages

Everywhere:
{options}{after-help}";

const AFTER: &str = "Examples:
  vm-cli create --name my-first-vm --memory 8192 --disk 100
  vm-cli start --name my-first-vm
  vm-cli list --json

`vm-cli COMMAND --help` tells more of each, `vm-cli setup` begins.";
