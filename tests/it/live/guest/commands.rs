//! What surrounds a command in the guest, and how often one logs in for several.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vm_cli::config::{Folders, Settings};
use vm_cli::guest::OutputSink;
use vm_cli::orchestrator::{Setup, VmOrchestrator};
use vm_cli::request::{Credentials, ExecRequest, Request, Response, Secret};

use super::{PASSWORD, VM, as_root};
use crate::live::world::World;
use crate::support::command::{Run, program_file};

/// How long a guest may take to answer.
const LONG: Duration = Duration::from_mins(3);

pub(super) fn check(world: &mut World) {
    world.home.set("VM_CLI_PASSWORD", PASSWORD);
    surrounded(world);
    at_a_terminal(world);
    in_a_shell(world);
    one_login(world);
    world.home.set("VM_CLI_PASSWORD", "");
}

/// Variables, a folder, and an input that is no text.
fn surrounded(world: &World) {
    let input: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
    fs::write(world.home.path().join("input.bin"), &input).unwrap();
    let command = "echo \"$KEY|$PWD\"; sha256sum";
    let mut all = vec!["exec", VM, "--env", "KEY=it's $HOME", "--cwd", "/tmp"];
    all.extend(["--stdin", "input.bin", "--command", command]);
    let mut digest = world.home.command("sha256sum");
    digest.stdin(fs::File::open(world.home.path().join("input.bin")).unwrap());
    let digest = Run::from(digest.output().unwrap()).stdout;
    assert_eq!(world.home.ok(&all), format!("it's $HOME|/tmp\n{digest}"));
    let error = world.home.error(255, &["exec", VM, "--cwd", "/not/there", "--command", "pwd"]);
    assert_eq!(error["code"], "not_found", "{error}");
}

fn at_a_terminal(world: &World) {
    let said = world.home.ok(&["exec", VM, "--tty", "--", "tty; stty size"]);
    assert!(said.starts_with("/dev/pts/") && said.ends_with("\r\n24 80\r\n"), "{said:?}");
}

fn in_a_shell(world: &World) {
    let commands = world.home.path().join("commands.txt");
    fs::write(&commands, "echo shell $((40 + 2))\nexit 6\n").unwrap();
    let mut call = world.home.command(program_file());
    let output = call.args(["shell", VM]).stdin(fs::File::open(commands).unwrap()).output();
    let run = Run::from(output.unwrap());
    assert_eq!(run.code, 6, "{run:#?}");
    assert!(run.stdout.ends_with("shell 42\n"), "{run:#?}");
}

/// Who asks for several commands in one process logs in once, and again if the guest hung up.
fn one_login(world: &World) {
    let state = world.home.path().join("state");
    let mut settings = Settings::default();
    settings.ssh.connect = LONG;
    settings.resource_limits.max_cpu_usage_percent = 100;
    settings.hypervisor.vboxmanage = Some(world.launcher());
    let setup = Setup::new(settings, Folders::within(&state));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let orchestrator = VmOrchestrator::new(setup).unwrap();
        let begun = Instant::now();
        let first = server_of(&orchestrator).await;
        let with_login = begun.elapsed();
        let begun = Instant::now();
        assert_eq!(server_of(&orchestrator).await, first, "another login");
        eprintln!("a command with its login {with_login:?}, without {:?}", begun.elapsed());
        let hung_up = as_root(world, &format!("kill {first}"));
        assert_eq!(hung_up.code, 0, "{hung_up:#?}");
        let second = server_of(&orchestrator).await;
        assert_ne!(second, first, "there is nobody to answer any more");
        assert_eq!(server_of(&orchestrator).await, second);
        orchestrator.close().await;
    });
}

/// Returns the process in the guest that serves the connection.
async fn server_of(orchestrator: &VmOrchestrator) -> String {
    #[derive(Debug, Default)]
    struct Kept(Mutex<Vec<u8>>);
    impl OutputSink for Kept {
        fn stdout(&self, bytes: &[u8]) -> std::io::Result<()> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(())
        }
        fn stderr(&self, _: &[u8]) -> std::io::Result<()> {
            Ok(())
        }
    }
    let credentials = Credentials {
        user: Some("admin".to_owned()),
        password: Some(Secret::new(PASSWORD)),
        identity: None,
    };
    let exec = ExecRequest::new(VM.parse().unwrap(), "echo $PPID", LONG);
    let request = Request::Exec(Box::new(ExecRequest { credentials, ..exec }));
    let kept = Arc::new(Kept::default());
    let response = orchestrator.handle(request, kept.clone()).await.unwrap();
    assert!(matches!(response, Response::Executed { exit_code: 0, .. }), "{response:?}");
    let text = kept.0.lock().unwrap().clone();
    String::from_utf8(text).unwrap().trim().to_owned()
}
