use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// Where a server is: `http://HOST:PORT`, `HOST:PORT` or `HOST`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    host: String,
    port: u16,
}

/// Where a server listens when nothing else is said.
const USUAL_PORT: u16 = 8470;

impl Address {
    /// Builds one of its parts.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port }
    }

    /// Returns the host, as it is connected to.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Error::new(ErrorKind::Usage, format!("`{text}` is no address of a server: {why}"))
                .hint("write it as `http://127.0.0.1:8470`")
        };
        if text.starts_with("https://") {
            return Err(refuse("vm-cli does not speak TLS to servers yet")
                .hint("tunnel to it: `ssh -L 8470:127.0.0.1:8470 HOST`"));
        }
        let bare = text.strip_prefix("http://").unwrap_or(text);
        let bare = bare.strip_suffix('/').unwrap_or(bare);
        // An address of IPv6 stands in brackets where a port follows.
        let (host, port) = match bare.strip_prefix('[').and_then(|it| it.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, rest)) => (host, Some(rest.strip_prefix(':').unwrap_or(rest))),
            None => match bare.split_once(':') {
                Some((_, rest)) if rest.contains(':') => (bare, None),
                Some((host, port)) => (host, Some(port)),
                None => (bare, None),
            },
        };
        let odd = |it: char| it.is_whitespace() || it.is_control() || "/?#@\\".contains(it);
        if host.is_empty() || host.contains(odd) {
            return Err(refuse("it has no host, or more than a host and a port"));
        }
        let port = match port {
            None => USUAL_PORT,
            Some(port) => port.parse().map_err(|_not| refuse("its port is no number"))?,
        };
        Ok(Self::new(host, port))
    }
}

impl fmt::Display for Address {
    /// Shows it as it stands in a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for (text, shown) in [
            ("http://127.0.0.1:9000", "127.0.0.1:9000"),
            ("http://vms.lab/", "vms.lab:8470"),
            ("vms.lab:1", "vms.lab:1"),
            ("[::1]:9000", "[::1]:9000"),
            ("::1", "[::1]:8470"),
            ("http://[fe80::1]", "[fe80::1]:8470"),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), shown);
        }
        for wrong in ["", "http://", "a b", "h:port", "h/v1", "user@h", "https://h", "h:99999"] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }
}
