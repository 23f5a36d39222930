//! What `vm-cli exec` adds to the bare SSH: `cargo bench --bench ssh`.
//!
//! A server of OpenSSH on this host stands where a guest's would, so that the figures are steady;
//! then the tests' guest, where VirtualBox interprets it. Beside each stands what libssh2 alone
//! takes at the same moment: handshake, login, a command.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it starts programs and reads its environment")]

#[path = "../it/support/ssh_server.rs"]
#[expect(clippy::unwrap_used, dead_code, reason = "it is the tests', which use all of it")]
mod ssh_server;
mod world;

use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ssh_server::SshServer;
use vm_cli::config::{Folders, Settings};
use vm_cli::guest::OutputSink;
use vm_cli::orchestrator::{Setup, VmOrchestrator};
use vm_cli::request::{Credentials, ExecRequest, Request, Secret};
use world::{World, median, vboxmanage, vm_cli};

const VM: &str = "ssh";
/// What an own cost may be.
const MOST_MS: f64 = 50.0;

/// By what one logs in.
enum Proof<'a> {
    Key(&'a Path),
    Password(&'a str),
}

fn main() -> anyhow::Result<()> {
    let Some(bare) = vboxmanage() else { return Ok(()) };
    let world = World::new()?;
    world.time(&bare, &["setproperty", "machinefolder", &world.machines()]);
    local(&world, &bare)?;
    guest(&world, &bare)
}

/// Measures against a server on this host.
fn local(world: &World, bare: &Path) -> anyhow::Result<()> {
    let server = SshServer::start();
    // VirtualBox says nothing of a port that is taken, and so the server stands before the VM.
    let _vm = RunningVm::start(world, bare, server.port, &["--memory", "4"]);
    let (key, user, runs) = (server.key("key"), ssh_server::user(), 15);
    Subject { world, bare, port: server.port, user: &user, proof: Proof::Key(&key), runs }
        .measure("a server on this host")
}

/// Measures against the tests' guest.
fn guest(world: &World, bare: &Path) -> anyhow::Result<()> {
    let iso = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest/guest.iso");
    let (iso, port) = (iso.display().to_string(), free_port()?);
    let shape = ["--memory", "128", "--iso", &iso, "--graphics", "vboxvga"];
    let _vm = RunningVm::start(world, bare, port, &shape);
    world.time(&vm_cli(), &["wait", VM, "ssh", "--timeout", "5m"]);
    let (proof, runs) = (Proof::Password("password"), 5);
    Subject { world, bare, port, user: "root", proof, runs }.measure("the tests' guest")
}

/// What is measured.
struct Subject<'a> {
    world: &'a World,
    bare: &'a Path,
    port: u16,
    user: &'a str,
    proof: Proof<'a>,
    runs: usize,
}

impl Subject<'_> {
    /// Prints what libssh2, VBoxManage and vm-cli take.
    fn measure(&self, what: &str) -> anyhow::Result<()> {
        let (mut alone, mut looks, mut ours) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..=self.runs {
            alone.push(self.bare_ssh()?.as_secs_f64());
            let look = self.world.time(self.bare, &["showvminfo", VM, "--machinereadable"]);
            looks.push(look.as_secs_f64());
            ours.push(self.exec().as_secs_f64());
        }
        // The first of each warms up.
        let middle = |times: &[f64]| median(times.iter().skip(1).copied().collect()) * 1e3;
        let (alone, look, ours) = (middle(&alone), middle(&looks), middle(&ours));
        let own = ours - alone - look;
        println!(
            "{what}: libssh2 alone {alone:.1} ms, showvminfo {look:.1} ms, vm-cli exec {ours:.1} \
             ms: adds {:.1} ms to the SSH (ratio {:.2}), {own:.1} ms of its own ({} {MOST_MS} ms)",
            ours - alone,
            ours / alone,
            if own <= MOST_MS { "within" } else { "MORE THAN" },
        );
        let times = self.in_one_process()?;
        let first = times.first().copied().unwrap_or_default() * 1e3;
        let later = middle(&times);
        println!(
            "{what}, in one process: the first {first:.1} ms, each further {later:.1} ms (ratio to \
             libssh2 alone {:.2})",
            later / alone
        );
        Ok(())
    }

    /// Times `vm-cli exec`.
    fn exec(&self) -> Duration {
        let mut exec = self.world.command(vm_cli());
        exec.args(["exec", VM, "--username", self.user]);
        match self.proof {
            Proof::Key(key) => exec.arg("--identity").arg(key),
            Proof::Password(password) => exec.env("VM_CLI_PASSWORD", password),
        };
        world::time(exec.args(["--", "true"]))
    }

    /// Times one command after the other in one process.
    fn in_one_process(&self) -> anyhow::Result<Vec<f64>> {
        let mut settings = Settings::default();
        settings.ssh.connect = Duration::from_mins(2);
        settings.resource_limits.max_cpu_usage_percent = 100;
        settings.hypervisor.vboxmanage = Some(self.launcher()?);
        let setup = Setup::new(settings, Folders::within(self.world.home()));
        let (password, identity) = match self.proof {
            Proof::Key(key) => (None, Some(key.to_path_buf())),
            Proof::Password(it) => (Some(Secret::new(it)), None),
        };
        let credentials = Credentials { user: Some(self.user.to_owned()), password, identity };
        tokio::runtime::Runtime::new()?.block_on(async {
            let orchestrator = VmOrchestrator::new(setup)?;
            let mut times = Vec::new();
            for _ in 0..=self.runs {
                let exec = ExecRequest::new(VM.parse()?, "true", Duration::from_mins(1));
                let exec = ExecRequest { credentials: credentials.clone(), ..exec };
                let begun = Instant::now();
                orchestrator.handle(Request::Exec(Box::new(exec)), Arc::new(Nowhere)).await?;
                times.push(begun.elapsed().as_secs_f64());
            }
            orchestrator.close().await;
            Ok(times)
        })
    }

    /// Returns a program that is VBoxManage in the world, whatever the environment of who calls it.
    fn launcher(&self) -> anyhow::Result<PathBuf> {
        let set = |(name, value)| format!("export {name}='{value}'\n");
        let set: String = self.world.variables().into_iter().map(set).collect();
        let file = self.world.home().join("VBoxManage");
        let script = format!("#!/bin/sh\n{set}exec '{}' \"$@\"\n", self.bare.display());
        std::fs::write(&file, script)?;
        let made = Command::new("chmod").arg("+x").arg(&file).status()?;
        anyhow::ensure!(made.success(), "the launcher cannot be run");
        Ok(file)
    }

    /// Logs in and runs a command by libssh2 alone.
    fn bare_ssh(&self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let socket = TcpStream::connect(("127.0.0.1", self.port))?;
        socket.set_nodelay(true)?;
        let mut session = ssh2::Session::new()?;
        session.set_tcp_stream(socket);
        session.handshake()?;
        match self.proof {
            Proof::Key(key) => session.userauth_pubkey_file(self.user, None, key, None)?,
            Proof::Password(password) => session.userauth_password(self.user, password)?,
        }
        let mut channel = session.channel_session()?;
        channel.exec("true")?;
        let mut text = String::new();
        channel.read_to_string(&mut text)?;
        channel.wait_close()?;
        anyhow::ensure!(channel.exit_status()? == 0, "the command failed");
        Ok(begun.elapsed())
    }
}

/// A VM that is gone with us.
struct RunningVm<'a> {
    world: &'a World,
    bare: &'a Path,
}

impl<'a> RunningVm<'a> {
    /// Makes a VM whose SSH port is the one that is measured, and starts it.
    fn start(world: &'a World, bare: &'a Path, port: u16, shape: &[&str]) -> Self {
        let mut all =
            vec!["create", VM, "--no-disk", "--os-type", "Linux_64", "--ssh-port", "none"];
        all.extend(["--firmware", "bios", "--execution-engine", "interpreter"]);
        all.extend(shape);
        world.time(&vm_cli(), &all);
        let rule = format!("ssh,tcp,127.0.0.1,{port},,22");
        world.time(bare, &["modifyvm", VM, "--nat-pf1", &rule]);
        world.time(bare, &["startvm", VM, "--type", "headless"]);
        Self { world, bare }
    }
}

impl Drop for RunningVm<'_> {
    fn drop(&mut self) {
        self.world.time(self.bare, &["controlvm", VM, "poweroff"]);
        self.world.time(&vm_cli(), &["delete", VM, "--yes"]);
    }
}

fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// Takes what nobody wants to read.
struct Nowhere;

impl OutputSink for Nowhere {
    fn stdout(&self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn stderr(&self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}
