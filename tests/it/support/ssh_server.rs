//! An SSH server of a test's own on this host: OpenSSH's, for whoever runs the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = "/usr/sbin/sshd";

/// A running server; it ends with the test.
#[derive(Debug)]
pub(crate) struct SshServer {
    folder: TempDir,
    child: Child,
    pub(crate) port: u16,
}

impl SshServer {
    /// Starts a server that lets one key in.
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("vm-cli-sshd-").tempdir().unwrap();
        for key in ["host", "key", "stranger"] {
            let mut made = Command::new("ssh-keygen");
            made.args(["-q", "-t", "ed25519", "-N", "", "-f", key]).current_dir(folder.path());
            let why = "ssh-keygen is missing: tests/host/install installs it";
            assert!(made.status().expect(why).success());
        }
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let place = folder.path().display();
        // Commands have a home of their own: the `.bashrc` of who runs the tests may take longer
        // than what is measured.
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {place}/host\nPidFile none\nUsePAM no\n\
             AuthorizedKeysFile {place}/key.pub\nStrictModes no\nPasswordAuthentication no\n\
             LogLevel ERROR\nMaxStartups 100\nSetEnv HOME={place}\n"
        );
        std::fs::write(folder.path().join("config"), config).unwrap();
        // Debian's wants it, and only its service makes it.
        std::fs::create_dir_all("/run/sshd").ok();
        let mut server = Command::new(PROGRAM);
        server.args(["-D", "-e", "-f"]).arg(folder.path().join("config"));
        let why = "sshd is missing: tests/host/install installs it";
        let child = server.stdin(Stdio::null()).spawn().expect(why);
        let server = Self { folder, child, port };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "sshd does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Returns a private key: `key` is let in, `stranger` is not.
    pub(crate) fn key(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns a folder that is gone with the server.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Kills the processes that serve connections, not the one that listens.
    pub(crate) fn hang_up(&self) {
        let parent = self.child.id().to_string();
        assert!(Command::new("pkill").args(["-9", "-P", &parent]).status().unwrap().success());
    }
}

impl Drop for SshServer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Returns who runs the test.
pub(crate) fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
