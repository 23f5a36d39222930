//! Commands over SSH, against OpenSSH's server on this host: what a slow guest would take too long
//! for.

mod ending;
mod failing;
mod streams;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use vm_cli::error::Error;
use vm_cli::guest::{
    Agent, Destination, Endpoint, ExecEnd, HostKeys, Login, OutputSink, Patience, SshConnection,
};
use vm_cli::model::VmId;
use vm_cli::request::{Credentials, ExecRequest};

use crate::support::ssh_server::{SshServer, user};

const LONG: Duration = Duration::from_mins(1);

/// Keeps what is printed.
#[derive(Debug, Default)]
struct Kept(Mutex<[Vec<u8>; 2]>);

impl Kept {
    fn texts(&self) -> [String; 2] {
        let [out, err] = &*self.0.lock().unwrap();
        [out, err].map(|bytes| String::from_utf8(bytes.clone()).unwrap())
    }

    fn stdout(&self) -> String {
        let [out, _] = self.texts();
        out
    }
}

impl OutputSink for Kept {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap()[0].extend_from_slice(bytes);
        Ok(())
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap()[1].extend_from_slice(bytes);
        Ok(())
    }
}

fn destination(server: &SshServer, identity: Option<&Path>, agent: Option<Agent>) -> Destination {
    let identity = identity.map(Path::to_path_buf);
    let credentials = Credentials { identity, ..Credentials::default() };
    let login = Login::new(&credentials, &user(), None, agent);
    Destination { vm: VmId::from_random(1), endpoint: Endpoint::local(server.port), login }
}

async fn open(server: &SshServer, to: &Destination) -> Result<SshConnection, Error> {
    let keys = HostKeys::new(server.folder().join("known_hosts"));
    to.open(&keys, Patience::of(LONG)).await
}

async fn connected(server: &SshServer) -> SshConnection {
    open(server, &destination(server, Some(&server.key("key")), None)).await.unwrap()
}

fn request(line: &str) -> ExecRequest {
    ExecRequest::new("web".parse().unwrap(), line, LONG)
}

/// Runs a command that nobody stops.
async fn exec(
    connection: &SshConnection,
    request: &ExecRequest,
    sink: &Arc<Kept>,
) -> Result<ExecEnd, Error> {
    let never = std::future::pending();
    tokio::time::timeout(LONG, connection.exec(request, sink.clone(), never)).await.unwrap()
}

/// Runs a command line, which must end well, and returns what it printed.
async fn printed(connection: &SshConnection, request: &ExecRequest) -> String {
    let kept = Arc::new(Kept::default());
    let end = exec(connection, request, &kept).await.unwrap();
    assert_eq!(end.exit_code, 0, "{kept:?}");
    kept.stdout()
}

/// Returns whether a process of these arguments lives.
fn lives(arguments: &str) -> bool {
    let all = std::process::Command::new("ps").args(["-A", "-o", "stat=,args="]).output().unwrap();
    let text = String::from_utf8_lossy(&all.stdout).into_owned();
    text.lines().any(|line| line.contains(arguments) && !line.starts_with('Z'))
}
