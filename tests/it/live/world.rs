//! A VirtualBox of a test's own: its settings, its service, its VMs; gone at the end.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::command::Home;

/// The VBoxManage that is tested against.
const PROGRAMS: [&str; 2] = ["/usr/lib/virtualbox/VBoxManage", "/opt/VirtualBox/VBoxManage"];

/// A world in which a live test runs.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) home: Home,
    name: &'static str,
    program: PathBuf,
}

impl World {
    /// Makes a world; `None`, said aloud, where there is no VirtualBox and none is required.
    pub(crate) fn new(name: &'static str) -> Option<Self> {
        let usable = |file: &&&str| {
            let version = Command::new(**file).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        };
        let Some(program) = PROGRAMS.iter().find(usable) else {
            let required = std::env::var("VM_CLI_LIVE").is_ok_and(|it| it == "required");
            assert!(!required, "VM_CLI_LIVE=required, and there is no usable VBoxManage");
            eprintln!("SKIPPED, no VBoxManage on this host: {name}");
            return None;
        };
        let mut home = Home::with([]);
        let folder = home.path().to_path_buf();
        home.set("VBOX_USER_HOME", folder.join("vbox").display().to_string());
        let socket = folder.file_name().unwrap().to_string_lossy().into_owned();
        home.set("VBOX_IPC_SOCKETID", socket);
        // Other tests keep the host busy.
        for limit in ["CPU", "MEMORY"] {
            home.set(&format!("VM_CLI_RESOURCE_LIMITS_MAX_{limit}_USAGE_PERCENT"), "100");
        }
        // Guests are interpreted, several at once, and to log in is what costs them most.
        home.set("VM_CLI_SSH_CONNECT_SECONDS", "180");
        // Ports are the host's: worlds that are used at once each have a range of their own.
        let first = 20_000 + std::process::id() % 500 * 20;
        let configuration =
            format!(r#"{{"networking": {{"ssh_port_range": [{first}, {}]}}}}"#, first + 19);
        std::fs::create_dir_all(folder.join("state")).unwrap();
        std::fs::write(folder.join("state/config.json"), configuration).unwrap();
        let world = Self { home, name, program: PathBuf::from(program) };
        let machines = folder.join("vms").display().to_string();
        world.vboxmanage(&["setproperty", "machinefolder", &machines]);
        Some(world)
    }

    /// Runs the bare VBoxManage in this world; it must succeed.
    #[track_caller]
    pub(crate) fn vboxmanage(&self, arguments: &[&str]) -> String {
        let output = self
            .home
            .command(&self.program)
            .env("LC_ALL", "C.UTF-8")
            .args(arguments)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "VBoxManage {}: {errors}", arguments.join(" "));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Puts the fault-injecting program before VirtualBox, and returns the file in which it
    /// notes every call.
    pub(crate) fn observe(&mut self) -> PathBuf {
        let log = self.home.path().join("calls.jsonl");
        self.home.set("FAKE_VBOXMANAGE_REAL", self.program.display().to_string());
        self.home.set("FAKE_VBOXMANAGE_LOG", log.display().to_string());
        self.home.set("VM_CLI_VBOXMANAGE", env!("CARGO_BIN_EXE_fake-vboxmanage"));
        log
    }

    /// Makes calls fail by these rules from now on, counted anew; see the program that injects
    /// the faults.
    pub(crate) fn plan(&mut self, seed: u64, rules: &serde_json::Value) {
        self.observe();
        let plan = self.home.path().join("plan.json");
        std::fs::remove_file(self.home.path().join("plan.json.counts")).ok();
        std::fs::write(&plan, serde_json::json!({"seed": seed, "rules": rules}).to_string())
            .unwrap();
        self.home.set("FAKE_VBOXMANAGE_PLAN", plan.display().to_string());
    }

    /// Returns a program that is VBoxManage in this world, whatever the environment of who calls
    /// it. What stands before VirtualBox stands before it here too.
    pub(crate) fn launcher(&self) -> PathBuf {
        let observed = self.home.variable("VM_CLI_VBOXMANAGE").map(PathBuf::from);
        let program = observed.unwrap_or_else(|| self.program.clone());
        let mut script = b"#!/bin/sh\n".to_vec();
        for (name, value) in self.home.environment() {
            writeln!(script, "export {name}='{value}'").unwrap();
        }
        writeln!(script, "exec '{}' \"$@\"", program.display()).unwrap();
        let file = self.home.path().join("VBoxManage");
        std::fs::write(&file, script).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    /// Returns the file of a VM's saved state.
    pub(crate) fn state_file(&self, vm: &str) -> PathBuf {
        let text = self.vboxmanage(&["showvminfo", vm, "--machinereadable"]);
        let file = text.lines().find_map(|line| line.strip_prefix("VMStateFile=\"")).unwrap();
        PathBuf::from(file.trim_end_matches('"'))
    }

    /// Returns the test guest's disc image: a copy of this world's own, for a VirtualBox in a
    /// root of its own need not see the folder of this checkout.
    pub(crate) fn guest_iso(&self) -> String {
        let file = self.home.path().join("iso/guest.iso");
        if !file.exists() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest/guest.iso");
            std::fs::copy(original, &file).unwrap();
        }
        file.display().to_string()
    }
}

impl Drop for World {
    /// Removes every VM, waits for the service to end, and notes that the test was run.
    fn drop(&mut self) {
        let list = self.home.command(&self.program).args(["list", "vms"]).output();
        let text = list.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
        for line in text.unwrap_or_default().lines() {
            let Some((_, id)) = line.rsplit_once(' ') else { continue };
            let call = |arguments: &[&str]| {
                self.home.command(&self.program).args(arguments).output().ok();
            };
            call(&["controlvm", id, "poweroff"]);
            let deadline = Instant::now() + Duration::from_secs(20);
            while Instant::now() < deadline {
                let gone = self
                    .home
                    .command(&self.program)
                    .args(["unregistervm", id, "--delete-all"])
                    .output();
                if gone.is_ok_and(|it| it.status.success()) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        }
        if std::thread::panicking() {
            return;
        }
        if let Ok(report) = std::env::var("VM_CLI_LIVE_REPORT") {
            let file = OpenOptions::new().append(true).create(true).open(report);
            if let Ok(mut file) = file {
                writeln!(file, "{}", self.name).ok();
            }
        }
    }
}
