//! What `vm-cli` adds to the calls of the web service, and to a screenshot:
//! `cargo bench --bench pointer`.
//!
//! Medians of interleaved runs in one process, beside the bare calls of the same moment: those of
//! a web service that the benchmark starts by itself, without anybody's password.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it starts programs and reads its environment")]

mod world;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use vm_cli::config::{Folders, Settings};
use vm_cli::guest::OutputSink;
use vm_cli::model::{Position, VmRef};
use vm_cli::orchestrator::{Setup, VmOrchestrator};
use vm_cli::request::{
    Analysis, Gesture, Look, PictureTo, PointerRequest, Request, ScreenshotRequest, Space, View,
};
use world::{World, median, vboxmanage, vm_cli};

const RUNS: usize = 50;
const VM: &str = "bench";
/// Says that this is the process whose environment is the world's.
const INSIDE: &str = "VM_CLI_BENCH_INSIDE";

fn main() -> anyhow::Result<()> {
    if std::env::var_os(INSIDE).is_some() {
        return measure();
    }
    let Some(bare) = vboxmanage() else { return Ok(()) };
    let world = World::new()?;
    world.time(&bare, &["setproperty", "machinefolder", &world.machines()]);
    boot(&world);
    let mut inside = world.command(std::env::current_exe()?);
    let done = inside.env(INSIDE, "1").stdout(Stdio::inherit()).status()?;
    world.time(&vm_cli(), &["stop", VM, "--force"]);
    world.time(&vm_cli(), &["delete", VM, "--yes"]);
    anyhow::ensure!(done.success(), "the measurement failed");
    Ok(())
}

/// Starts the test guest, and somebody in it who listens to the pointer.
fn boot(world: &World) {
    let iso = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest/guest.iso");
    let iso = iso.display().to_string();
    let shape = ["--memory", "128", "--no-disk", "--os-type", "Linux_64", "--firmware", "bios"];
    let create = ["create", VM, "--graphics", "vboxvga", "--iso", &iso];
    world.time(&vm_cli(), &[create.as_slice(), &shape].concat());
    world.time(&vm_cli(), &["start", VM]);
    world.time(&vm_cli(), &["wait", VM, "ssh", "--timeout", "5m"]);
    let listen = "for e in /dev/input/event*; do setsid cat $e >/dev/null 2>&1 </dev/null & done";
    let mut exec = world.command(vm_cli());
    exec.args(["exec", VM, "--username", "root", "--", listen]).env("VM_CLI_PASSWORD", "password");
    world::time(&mut exec);
}

fn measure() -> anyhow::Result<()> {
    let state = std::env::var("VM_CLI_HOME")?;
    let mut setup = Setup::new(Settings::default(), Folders::within(Path::new(&state)));
    setup.environment = std::env::vars().collect();
    setup.clock = SystemTime::now;
    let runtime = tokio::runtime::Runtime::new()?;
    let orchestrator = runtime.block_on(async { VmOrchestrator::new(setup) })?;
    let ask = |request: Request| {
        let begun = Instant::now();
        let done = runtime.block_on(orchestrator.handle(request, Arc::new(Nobody)));
        done.expect("it is done");
        begun.elapsed()
    };
    let mut soap = Soap::start()?;
    compare("move, beside its bare SOAP calls", || soap.gesture(), || ask(moved()));
    let bare = vboxmanage().context("VBoxManage")?;
    let file = Path::new(&state).join("bare.png").display().to_string();
    compare(
        "screenshot, beside screenshotpng",
        || world::time(Command::new(&bare).args(["controlvm", VM, "screenshotpng", &file])),
        || ask(seen()),
    );
    runtime.block_on(orchestrator.close());
    Ok(())
}

fn vm() -> VmRef {
    VM.parse().expect("a name")
}

fn moved() -> Request {
    let gesture = Gesture::Move(Position { x: 99, y: 99 });
    Request::Point(PointerRequest { vm: vm(), gesture, space: Space::Native, look: Look::Away })
}

fn seen() -> Request {
    let (to, analysis) = (PictureTo::Response, Analysis::Skipped);
    Request::Screenshot(ScreenshotRequest { vm: vm(), to, analysis, view: View::default() })
}

fn compare(what: &str, mut bare: impl FnMut() -> Duration, mut ours: impl FnMut() -> Duration) {
    bare();
    ours();
    let (mut theirs, mut mine) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        theirs.push(bare().as_secs_f64() * 1e3);
        mine.push(ours().as_secs_f64() * 1e3);
    }
    let (theirs, mine) = (median(theirs), median(mine));
    let (added, ratio) = (mine - theirs, mine / theirs);
    println!(
        "{what:<36} bare {theirs:>6.1} ms  ours {mine:>6.1} ms  adds {added:>6.1} ms  ratio {ratio:.2}"
    );
}

struct Nobody;

impl OutputSink for Nobody {
    fn stdout(&self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }

    fn stderr(&self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

/// A web service and a connection to it, as a script would have them.
struct Soap {
    service: Child,
    stream: TcpStream,
    port: u16,
    virtualbox: String,
}

impl Soap {
    fn start() -> anyhow::Result<Self> {
        let program = vboxmanage().context("VBoxManage")?.with_file_name("vboxwebsrv");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let service = Command::new(program)
            .args(["-H", "127.0.0.1", "-A", "null", "-k", "1000000", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let begun = Instant::now();
        let stream = loop {
            match TcpStream::connect(("127.0.0.1", port)) {
                Ok(stream) => break stream,
                Err(error) if begun.elapsed() > Duration::from_secs(10) => return Err(error.into()),
                Err(_) => std::thread::yield_now(),
            }
        };
        stream.set_nodelay(true)?;
        let mut soap = Self { service, stream, port, virtualbox: String::new() };
        let anybody = [("username", ""), ("password", "")];
        soap.virtualbox = soap.call("IWebsessionManager_logon", &anybody);
        Ok(soap)
    }

    /// The calls of a movement: the VM is held once, for the screen's size and for the pointer.
    fn gesture(&mut self) -> Duration {
        let begun = Instant::now();
        let virtualbox = self.virtualbox.clone();
        let machine =
            self.call("IVirtualBox_findMachine", &[("_this", &virtualbox), ("nameOrId", VM)]);
        let session =
            self.call("IWebsessionManager_getSessionObject", &[("refIVirtualBox", &virtualbox)]);
        let lock = [("_this", &*machine), ("session", &*session), ("lockType", "Shared")];
        self.call("IMachine_lockMachine", &lock);
        let console = self.call("ISession_getConsole", &[("_this", &session)]);
        let display = self.call("IConsole_getDisplay", &[("_this", &console)]);
        let first = [("_this", &*display), ("screenId", "0")];
        self.call("IDisplay_getScreenResolution", &first);
        let mouse = self.call("IConsole_getMouse", &[("_this", &console)]);
        self.call("IMouse_getAbsoluteSupported", &[("_this", &mouse)]);
        let put = [("_this", &*mouse), ("x", "100"), ("y", "100"), ("dz", "0")];
        let put = [put.as_slice(), &[("dw", "0"), ("buttonState", "0")]].concat();
        self.call("IMouse_putMouseEventAbsolute", &put);
        self.call("ISession_unlockMachine", &[("_this", &session)]);
        begun.elapsed()
    }

    /// Calls, and returns what is in `returnval`.
    fn call(&mut self, name: &str, arguments: &[(&str, &str)]) -> String {
        let arguments: String = arguments
            .iter()
            .flat_map(|(name, value)| ["<", name, ">", value, "</", name, ">"])
            .collect();
        let body = format!(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns:v=\"http://www.virtualbox.org/\"><s:Body><v:{name}>{arguments}</v:{name}>\
             </s:Body></s:Envelope>"
        );
        let head = format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: text/xml\r\n\
             SOAPAction: \"\"\r\nContent-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        self.stream.write_all((head + &body).as_bytes()).expect("it takes the call");
        let (mut answer, mut room) = (String::new(), [0; 4096]);
        while !answer.contains("</SOAP-ENV:Envelope>") {
            let read = self.stream.read(&mut room).expect("it answers");
            assert!(read > 0, "{name} was cut off");
            answer += &String::from_utf8_lossy(room.get(..read).unwrap_or_default());
        }
        assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
        let value = answer.split_once("<returnval>").and_then(|(_, rest)| rest.split_once('<'));
        value.map(|(value, _)| value.to_owned()).unwrap_or_default()
    }
}

impl Drop for Soap {
    fn drop(&mut self) {
        self.service.kill().ok();
        self.service.wait().ok();
    }
}
