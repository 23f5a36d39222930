use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::templates;
use crate::error::{Error, ErrorKind};
use crate::model::{Display, Gibibytes, Mebibytes, Scope, StopMode, VmRef};
use crate::request::{
    CloneRequest, CloneWish, CreateRequest, DiskWish, IfLive, IfMissing, Request, Response,
    ScreenWatch, StopRequest, WaitCondition, WhenFull, WhenLate,
};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// A list of VMs may be so old when nothing else is said.
const LIST_AGE: Duration = Duration::from_secs(1);

/// List every VM: name, UUID, state, operating system, CPUs, memory. `age_seconds` tells how long
/// ago that was found out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct List {
    /// How old the answer may be, in seconds; 1 if it is left out, 0 looks in any case.
    max_age_seconds: Option<f64>,
}

impl Method for List {
    const NAME: &'static str = "vm_list";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let listed = desk.list(Desk::seconds(self.max_age_seconds, LIST_AGE)?).await?;
        let mut answer = Answer::of(Response::List(listed.vms));
        if let Some(fields) = answer.document.as_object_mut() {
            fields.insert("age_seconds".to_owned(), listed.age.as_secs_f64().into());
        }
        Ok(answer)
    }
}

/// Tell everything about one VM: its UUID (`id`), state, disks, forwards, snapshots, how its
/// pointer is reached.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Status {
    /// The VM: its name, its UUID, or the start of its UUID.
    vm: String,
    /// Whether the guest is asked too: its system, addresses, users, traffic. Takes a second more.
    #[serde(default)]
    guest: bool,
}

impl Method for Status {
    const NAME: &'static str = "vm_status";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm = self.vm.parse()?;
        let login = None;
        desk.tell(if self.guest { Request::Guest { vm, login } } else { Request::Status(vm) }).await
    }
}

/// Make a VM: all of it or nothing. It is off afterwards.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Create {
    /// Its name.
    name: String,
    /// Its memory, in MiB; as configured if it is left out.
    memory_mib: Option<u64>,
    /// The size of its disk, in GiB, 0 for none; as configured if it is left out.
    disk_gib: Option<u64>,
    /// How many CPUs it has; as configured if it is left out.
    cpus: Option<u32>,
    /// VirtualBox's name of its operating system, such as `Debian_64` or `Windows11_64`.
    os_type: Option<String>,
    /// A file of this host: the disc image in its drive.
    iso: Option<PathBuf>,
    /// The template of which it is a linked clone, in a second; nothing else is said then.
    template: Option<String>,
}

impl Method for Create {
    const NAME: &'static str = "vm_create";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        if let Some(template) = &self.template {
            let others = [self.memory_mib.is_some(), self.disk_gib.is_some(), self.cpus.is_some()];
            if others.contains(&true) || self.os_type.is_some() || self.iso.is_some() {
                let message = "what is made of a template is as the template is";
                return Err(Error::new(ErrorKind::Usage, message)
                    .hint("leave out everything but `name` and `template`"));
            }
            return desk.tell(templates::make(template, &self.name)?).await;
        }
        if self.iso.is_some() {
            // It could be any file of the host, and the guest reads all of it.
            desk.client().permit(Scope::Admin)?;
        }
        let storage = |size| match size {
            0 => DiskWish::None,
            size => DiskWish::Size(Gibibytes(size)),
        };
        let wanted = CreateRequest {
            memory: self.memory_mib.map(Mebibytes),
            disk: self.disk_gib.map(storage),
            cpus: self.cpus,
            os_type: self.os_type,
            iso: self.iso,
            ..CreateRequest::new(self.name.parse()?)
        };
        desk.tell(Request::Create(Box::new(wanted))).await
    }
}

/// Copy a VM. A linked copy takes a second and little space, and depends on its original.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Clone {
    /// The original: its name or UUID.
    vm: String,
    /// The copy's name.
    name: String,
    /// Whether the copy is linked.
    #[serde(default)]
    linked: bool,
    /// The snapshot that it begins with; what the original is now if it is left out.
    snapshot: Option<String>,
}

impl Method for Clone {
    const NAME: &'static str = "vm_clone";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let content = if self.linked { CloneWish::Linked } else { CloneWish::Full };
        let snapshot = self.snapshot.map(|it| it.parse()).transpose()?;
        let (source, names) = (self.vm.parse()?, vec![self.name.parse()?]);
        let wanted = CloneRequest { source, names, content, snapshot };
        desk.tell(Request::Clone(Box::new(wanted))).await
    }
}

/// Start a VM, or let a saved or paused one go on. A running one is left as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Start {
    /// The VM: its name or UUID.
    vm: String,
}

impl Method for Start {
    const NAME: &'static str = "vm_start";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let (vm, when_full) = (self.vm.parse()?, WhenFull::Refuse);
        desk.tell(Request::Start { vm, display: Display::Headless, wait: None, when_full }).await
    }
}

/// How a VM is stopped.
#[derive(Debug, Default, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum StopWay {
    /// Its power button is pressed, and the guest goes off by itself.
    #[default]
    Button,
    /// Its memory is kept on disk, and it goes on from there at the next start.
    Save,
    /// It is powered off: what the guest has not written is lost.
    PowerOff,
}

/// Stop a VM. One that is off is left as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Stop {
    /// The VM: its name or UUID.
    vm: String,
    /// How: `button` (the guest goes off by itself), `save` (its memory is kept), `power_off` (what
    /// the guest has not written is lost).
    #[serde(default)]
    way: StopWay,
    /// How long the guest may take to go off, in seconds.
    timeout_seconds: Option<f64>,
}

impl Method for Stop {
    const NAME: &'static str = "vm_stop";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let mode = match self.way {
            StopWay::Button => StopMode::Acpi,
            StopWay::Save => StopMode::Save,
            StopWay::PowerOff => StopMode::PowerOff,
        };
        let timeout = Desk::seconds(self.timeout_seconds, desk.settings().timeouts.stop)?;
        let (vm, then) = (self.vm.parse()?, WhenLate::Fail);
        desk.tell(Request::Stop(StopRequest { vm, mode, timeout, then })).await
    }
}

/// Stop a running VM's CPUs until it is resumed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Pause {
    /// The VM: its name or UUID.
    vm: String,
}

impl Method for Pause {
    const NAME: &'static str = "vm_pause";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.tell(Request::Pause(self.vm.parse()?)).await
    }
}

/// Let a paused VM go on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Resume {
    /// The VM: its name or UUID.
    vm: String,
}

impl Method for Resume {
    const NAME: &'static str = "vm_resume";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.tell(Request::Resume(self.vm.parse()?)).await
    }
}

/// Wait until a VM is ready: `running`, `poweroff`, `ip`, `ssh`, `additions`, `screen-stable`,
/// `screen-changed`, `text` (the screen says what `text` asks for), `gone`. In vain, it tells how
/// the VM is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Wait {
    /// The VM: its name or UUID.
    vm: String,
    /// For what.
    condition: String,
    /// With the condition `text`: what the screen must say; small misreadings do no harm.
    text: Option<String>,
    /// How long at most, in seconds.
    timeout_seconds: Option<f64>,
}

impl Method for Wait {
    const NAME: &'static str = "vm_wait";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let (vm, condition): (VmRef, WaitCondition) = (self.vm.parse()?, self.condition.parse()?);
        let wants_text = condition == WaitCondition::Text;
        if wants_text != self.text.as_ref().is_some_and(|it| !it.trim().is_empty()) {
            let message = "the condition `text` and the argument `text` belong together";
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let timeout = Desk::seconds(self.timeout_seconds, desk.settings().timeouts.wait)?;
        let watch = ScreenWatch { text: self.text, ..ScreenWatch::default() };
        desk.tell(Request::Wait { vm, condition, timeout, watch }).await
    }
}

/// Remove a VM with its disks and snapshots. It must be off, and its UUID repeated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Delete {
    /// The VM: its name or UUID.
    vm: String,
    /// Its UUID once more, as `vm_status` tells it.
    confirm: String,
}

impl Method for Delete {
    const NAME: &'static str = "vm_delete";
    const SCOPE: Scope = Scope::Destroy;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm = self.vm.parse()?;
        desk.confirm(&vm, &self.confirm).await?;
        let (if_missing, if_live) = (IfMissing::Fail, IfLive::Fail);
        desk.tell(Request::Delete { vm, if_missing, if_live }).await
    }
}
