//! A running `vm-cli serve`, and a small HTTP client.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::command::{Home, program_file};

/// A server; it is killed at the end, unless it was waited for.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) address: String,
    token: Option<String>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Served {
    /// Starts one on a free port.
    pub(crate) fn start(home: &Home) -> Self {
        Self::start_on(home, "0")
    }

    /// Starts one on this port.
    pub(crate) fn start_on(home: &Home, port: &str) -> Self {
        Self::started(home, &["serve", "--port", port, "-q"])
    }

    /// Starts one where it is configured.
    pub(crate) fn start_at_configured_port(home: &Home) -> Self {
        Self::started(home, &["serve", "-q"])
    }

    fn started(home: &Home, arguments: &[&str]) -> Self {
        let mut command = home.command(program_file());
        command.args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (_, address) = line.trim().split_once("://").expect("a URL");
        let address = address.to_owned();
        Self { child, address, token: None }
    }

    /// Presents a token from now on.
    pub(crate) fn with_token(&mut self, token: impl Into<Option<String>>) {
        self.token = token.into();
    }

    /// Opens a connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        stream
    }

    /// Asks for something, with more lines in the head.
    pub(crate) fn ask_with(&self, verb: &str, path: &str, more: &[&str], body: &str) -> Reply {
        self.ask_on(self.connect(), verb, path, more, body)
    }

    /// Asks for something over a connection; one that breaks gives a reply without a status.
    pub(crate) fn ask_on(
        &self,
        mut stream: TcpStream,
        verb: &str,
        path: &str,
        more: &[&str],
        body: &str,
    ) -> Reply {
        let length = format!("Content-Length: {}", body.len());
        let mut head = vec![format!("{verb} {path} HTTP/1.1"), "Connection: close".into(), length];
        if !more.iter().any(|it| it.starts_with("Host:")) {
            head.push(format!("Host: {}", self.address));
        }
        head.extend(self.token.iter().map(|it| format!("Authorization: Bearer {it}")));
        if !body.is_empty() && !more.iter().any(|it| it.starts_with("Content-Type:")) {
            head.push("Content-Type: application/json".into());
        }
        head.extend(more.iter().map(ToString::to_string));
        let head = head.join("\r\n") + "\r\n\r\n";
        stream.write_all(head.as_bytes()).ok();
        // A server that refuses does not read it all.
        stream.write_all(body.as_bytes()).ok();
        Reply::read(stream)
    }

    /// Asks for something.
    pub(crate) fn ask(&self, verb: &str, path: &str, body: &Value) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask_with(verb, path, &[], &body)
    }

    /// Asks for what must succeed.
    #[track_caller]
    pub(crate) fn ok(&self, verb: &str, path: &str, body: &Value) -> Value {
        let reply = self.ask(verb, path, body);
        assert_eq!(reply.status, 200, "{verb} {path}: {}", reply.text());
        reply.json()
    }

    /// Asks for what must fail, and returns its status and code.
    #[track_caller]
    pub(crate) fn fails(&self, verb: &str, path: &str, body: &Value) -> (u16, String) {
        let reply = self.ask(verb, path, body);
        (reply.status, reply.code())
    }

    /// Asks it to end, and returns its exit code.
    #[cfg(unix)]
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Reply {
    /// Reads what a server answers, until it closes.
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut all = Vec::new();
        // A connection that is reset has told before what is wrong.
        stream.read_to_end(&mut all).ok();
        let end = all.windows(4).position(|it| it == b"\r\n\r\n").unwrap_or(all.len());
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        let body = all.get(end + 4..).unwrap_or_default().to_vec();
        Self { status, head, body }
    }

    /// Returns a line of the head.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|it| it.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Returns the code of a failure.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let failure = self.json();
        assert_eq!(failure["schema"], 1, "{failure}");
        failure["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}
