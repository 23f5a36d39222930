//! What the tests of this folder share.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tempfile::TempDir;

use super::Deadlines;
use super::HostFacts;
use super::Options;
use super::Presence;
use super::VirtualBoxManager;
use super::WebServiceOptions;
use super::obstacles::Neighbours;
use crate::model::ExecutionEngine;
use crate::model::Firmware;
use crate::model::Gibibytes;
use crate::model::GraphicsController;
use crate::model::Mebibytes;
use crate::model::Nic;
use crate::model::ProcessPriority;
use crate::model::Switch;
use crate::model::VmConfiguration;
use crate::model::VmId;
use crate::model::VmRef;
use crate::process::CommandLine;
use crate::process::CommandRunner;
use crate::process::Exit;
use crate::process::Output;
use crate::process::ProcessError;
use crate::process::ScriptedRunner;

/// Returns an ordinary VM of the name `web`, with a disk and without a disc.
pub(super) fn web() -> VmConfiguration {
    VmConfiguration {
        name: "web".parse().expect("a name"),
        os_type: "Debian_64".to_owned(),
        memory: Mebibytes(1024),
        video_memory: Mebibytes(16),
        cpus: 2,
        disk: Some(Gibibytes(8)),
        disk_image: None,
        discs: Vec::new(),
        firmware: Firmware::Bios,
        tpm: Switch::Off,
        secure_boot: Switch::Off,
        graphics: GraphicsController::Vmsvga,
        accelerate_3d: Switch::Off,
        execution_engine: ExecutionEngine::Interpreter,
        hardware_acceleration: Switch::On,
        nested_virtualization: Switch::Off,
        nic: Nic::Nat,
        forwards: Vec::new(),
        remote_display: None,
        groups: Vec::new(),
        description: String::new(),
        balloon: Mebibytes(0),
        process_priority: ProcessPriority::Default,
        folder: None,
        snapshots_folder: None,
    }
}

/// A driver whose VBoxManage gives prepared answers, with folders of its own.
pub(super) struct Rig {
    pub(super) manager: VirtualBoxManager,
    pub(super) runner: Arc<ScriptedRunner>,
    pub(super) folder: TempDir,
}

/// What a VBoxManage does that says it deleted a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// It takes it out of the register.
    Done,
    /// Nothing.
    Undone,
}

/// Gives the prepared answers, and does as they say.
#[derive(Debug)]
struct Obeying {
    script: Arc<ScriptedRunner>,
    register: PathBuf,
}

#[async_trait]
impl CommandRunner for Obeying {
    async fn run(&self, line: &CommandLine) -> Result<Output, ProcessError> {
        let output = self.script.run(line).await?;
        if line.to_string().contains(" unregistervm ") && output.exit == Exit::Code(0) {
            let text = fs::read_to_string(&self.register).unwrap_or_default();
            let (before, rest) = text.split_once("<MachineEntry").unwrap_or((&text, "/>"));
            let after = rest.split_once("/>").map_or("", |(_, after)| after);
            fs::write(&self.register, format!("{before}{after}")).unwrap();
        }
        Ok(output)
    }
}

impl Rig {
    pub(super) fn new(answers: impl IntoIterator<Item = Output>) -> Self {
        Self::that_deletes(answers, Deed::Done)
    }

    /// Builds one whose VBoxManage may not do what it says.
    pub(super) fn that_deletes(answers: impl IntoIterator<Item = Output>, deed: Deed) -> Self {
        let runner = Arc::new(ScriptedRunner::new(answers.into_iter().map(Ok)));
        let folder = tempfile::tempdir().unwrap();
        let register = folder.path().join("VirtualBox.xml");
        let called: Arc<dyn CommandRunner> = match deed {
            Deed::Done => Arc::new(Obeying { script: runner.clone(), register }),
            Deed::Undone => runner.clone(),
        };
        let second = Duration::from_secs(1);
        let manager = VirtualBoxManager::new(Options {
            program: "VBoxManage".into(),
            runner: called,
            deadlines: Deadlines { query: second, change: second, start: second },
            scratch: folder.path().join("scratch"),
            settings_folder: Some(folder.path().to_owned()),
            host: HostFacts { driver: Presence::Absent, hardware_virtualization: Presence::Absent },
            webservice: WebServiceOptions::absent(),
            ledger: None,
            neighbours: Neighbours::default,
        });
        Self { manager, runner, folder }
    }

    /// Registers VMs whose settings files have this content.
    pub(super) fn register(&self, id: VmId, settings: &Path, xml: &str) {
        fs::create_dir_all(settings.parent().unwrap()).unwrap();
        fs::write(settings, xml).unwrap();
        let registry = format!(
            "<X><MachineEntry uuid=\"{{{id}}}\" src=\"{}\"/><SystemProperties defaultMachineFolder=\"{}\"/></X>",
            settings.display(),
            self.folder.path().join("vms").display()
        );
        fs::write(self.folder.path().join("VirtualBox.xml"), registry).unwrap();
    }

    /// Returns the calls without the program's name.
    pub(super) fn calls(&self) -> Vec<String> {
        let calls = self.runner.calls();
        calls.iter().map(|call| call.trim_start_matches("VBoxManage ").to_owned()).collect()
    }
}

pub(super) fn silent() -> Output {
    Output::ok("")
}

pub(super) fn failed(text: &str, code: u32) -> Output {
    let stderr = format!(
        "VBoxManage: error: {text}\nVBoxManage: error: Details: code NAME (0x{code:08x}), x\n"
    );
    Output { exit: Exit::Code(1), stdout: String::new(), stderr }
}

pub(super) fn gone() -> Output {
    failed("Could not find a registered machine named 'web'", 0x80bb_0001)
}

pub(super) fn id() -> VmId {
    VmId::from_random(7)
}

pub(super) fn named(name: &str) -> VmRef {
    name.parse().unwrap()
}
