//! The server under many listeners, and how fast it lists: `cargo bench --bench serve`.
//!
//! 1,000 clients subscribe over WebSocket while 50 events a second happen; then one client asks for
//! the list of 100 simulated VMs, again and again. Delivery is measured from before the request that
//! causes an event to its arrival, with all clients on the same host. `VM_CLI_BENCH_SECONDS` sets for
//! how long.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it starts programs and reads its environment")]
#![expect(clippy::indexing_slicing, reason = "of what it measured itself")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

const LISTENERS: usize = 1000;
const A_SECOND: u32 = 50;
const VMS: usize = 100;
const LISTS: usize = 2000;
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> anyhow::Result<()> {
    let seconds = std::env::var("VM_CLI_BENCH_SECONDS").ok().and_then(|it| it.parse().ok());
    let home = tempfile::tempdir().context("a folder to measure in")?;
    for number in 0..VMS {
        let name = format!("vm-{number}");
        let words = ["create", &name, "--memory", "64", "--no-disk", "-q"];
        let made = vm_cli(home.path()).args(words).stdout(Stdio::null()).status()?;
        anyhow::ensure!(made.success(), "{name} cannot be made");
    }
    let served = Served::start(home.path())?;
    list(&served)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("a runtime")?;
    runtime.block_on(listen(&served, seconds.unwrap_or(20)))
}

/// The vm-cli under test, with simulated VMs in a home of its own.
fn vm_cli(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vm-cli"));
    command.env("VM_CLI_HOME", home).env("VM_CLI_HYPERVISOR", "simulated");
    command.current_dir(home).stdin(Stdio::null());
    command
}

/// A server, ended with this.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(home: &Path) -> anyhow::Result<Self> {
        let mut command = vm_cli(home);
        command.args(["serve", "--port", "0", "-q"]);
        command.env("VM_CLI_SERVER_MAX_REQUESTS_PER_SECOND", "1000000");
        let mut child = command.stdout(Stdio::piped()).spawn().context("the server starts")?;
        let mut line = String::new();
        let told = child.stdout.take().context("what it prints")?;
        BufReader::new(told).read_line(&mut line)?;
        let (_, address) = line.trim().split_once("://").context("a URL")?;
        Ok(Self { child, address: address.to_owned() })
    }

    /// Asks over a connection of its own, and returns the body.
    fn ask(&self, head: &str) -> anyhow::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(stream, "{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut told = String::new();
        stream.read_to_string(&mut told)?;
        anyhow::ensure!(told.starts_with("HTTP/1.1 200"), "{told}");
        Ok(told.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
    }

    /// Returns what memory it has, in MB; 0 where the host does not tell.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.unwrap_or_default() / 1000
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn list(served: &Served) -> anyhow::Result<()> {
    let (mut took, mut oldest) = (Vec::new(), 0.0_f64);
    for _ in 0..LISTS {
        let begun = Instant::now();
        let told = served.ask("GET /v1/vms HTTP/1.1")?;
        took.push(begun.elapsed().as_secs_f64());
        let told: Value = serde_json::from_str(&told)?;
        let items = told["items"].as_array().map_or(0, Vec::len);
        anyhow::ensure!(items == VMS, "{items} VMs");
        oldest = oldest.max(told["age_seconds"].as_f64().context("its age")?);
    }
    let (p50, p99) = percentiles(took);
    println!(
        "list of {VMS} VMs over HTTP: p50 {:.1} ms, p99 {:.1} ms (goal 20), at most {oldest:.2} s old ({LISTS} requests)",
        p50 * 1e3,
        p99 * 1e3,
    );
    Ok(())
}

async fn listen(served: &Served, seconds: u32) -> anyhow::Result<()> {
    let before = served.memory();
    let (told, mut heard) = mpsc::unbounded_channel();
    let begun = Instant::now();
    let total = usize::try_from(seconds * A_SECOND)?;
    let ready = Arc::new(tokio::sync::Barrier::new(LISTENERS + 1));
    for _ in 0..LISTENERS {
        let (address, told, ready) = (served.address.clone(), told.clone(), Arc::clone(&ready));
        tokio::spawn(async move {
            let heard = hear(&address, &ready, total, begun).await;
            told.send(heard).ok();
        });
    }
    ready.wait().await;
    let mut pace = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
    let telling = Arc::new(Happenings(served.address.clone()));
    for number in 0..total {
        pace.tick().await;
        let telling = Arc::clone(&telling);
        tokio::task::spawn_blocking(move || telling.cause(number, begun));
    }
    let (mut took, mut lost, mut let_go) = (Vec::new(), 0, 0);
    for _ in 0..LISTENERS {
        let heard = heard.recv().await.context("a listener")?;
        // Who is let go is told so; who is not must have heard everything, in its order.
        lost += if heard.is_let_go { 0 } else { total - heard.took.len() };
        let_go += usize::from(heard.is_let_go);
        took.extend(heard.took);
    }
    let count = took.len();
    let (p50, p99) = percentiles(took);
    println!(
        "{LISTENERS} listeners, {A_SECOND} events a second, {seconds} s: {count} of {} delivered, p50 {:.1} ms, p99 {:.1} ms (goal 100), \
         {lost} lost unannounced (goal 0), {let_go} listeners let go, {} MB in the server (goal 200; {before} MB before)",
        LISTENERS * total,
        p50 * 1e3,
        p99 * 1e3,
        served.memory(),
    );
    Ok(())
}

/// What causes events: each call that changes something is one.
struct Happenings(String);

impl Happenings {
    fn cause(&self, number: usize, begun: Instant) {
        let now = begun.elapsed().as_micros();
        let body = format!("{{\"key\": \"k{number}\", \"value\": 1, \"version\": 0}}");
        let head = format!(
            "POST /v1/methods/state_set HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             X-Agent: {now}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(&self.0).expect("the server answers");
        stream.write_all(head.as_bytes()).expect("it listens");
        let mut told = String::new();
        stream.read_to_string(&mut told).expect("it answers");
        assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    }
}

/// What one listener heard.
struct Heard {
    took: Vec<f64>,
    is_let_go: bool,
}

async fn hear(address: &str, ready: &tokio::sync::Barrier, total: usize, begun: Instant) -> Heard {
    let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let url = format!("ws://{address}/v1/ws");
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.expect("a WebSocket");
    let ask = r#"{"id":1,"method":"subscribe","params":{"types":["action"]}}"#;
    socket.send(Message::text(ask)).await.expect("it listens");
    let mut heard = Heard { took: Vec::with_capacity(total), is_let_go: false };
    let mut subscribed = false;
    while heard.took.len() < total {
        let message = match tokio::time::timeout(PATIENCE, socket.next()).await {
            Ok(Some(Ok(message))) => message,
            Ok(Some(Err(_)) | None) => {
                heard.is_let_go = true;
                return heard;
            }
            // What has not come by now never comes.
            Err(_late) => return heard,
        };
        let Message::Text(text) = message else { continue };
        let told: Value = serde_json::from_str(&text).expect("JSON");
        if !subscribed && told["id"] == 1 {
            subscribed = true;
            ready.wait().await;
        }
        let Some(sent) = told["actor"].as_str().and_then(|it| it.strip_prefix("local:")) else {
            continue;
        };
        let sent = Duration::from_micros(sent.parse().expect("a time"));
        heard.took.push((begun.elapsed().saturating_sub(sent)).as_secs_f64());
    }
    heard
}

fn percentiles(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[values.len() * 99 / 100])
}
