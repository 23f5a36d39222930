use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// Where a server is: `http://HOST:PORT`, `https://HOST:PORT`, `HOST:PORT` or `HOST`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    scheme: Scheme,
    host: String,
    port: u16,
}

/// What a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

/// Where a server listens when nothing else is said.
const USUAL_PORT: u16 = 8470;

impl Address {
    /// Builds one of its parts.
    pub fn new(scheme: Scheme, host: impl Into<String>, port: u16) -> Self {
        Self { scheme, host: host.into(), port }
    }

    /// Returns what the server speaks.
    pub fn scheme(&self) -> Scheme {
        self.scheme
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
        let (scheme, bare) = match text.strip_prefix("https://") {
            Some(bare) => (Scheme::Https, bare),
            None => (Scheme::Http, text.strip_prefix("http://").unwrap_or(text)),
        };
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
        Ok(Self::new(scheme, host, port))
    }
}

impl fmt::Display for Address {
    /// Shows its host and port, as they stand in a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme: _, host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Scheme};

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for (text, shown) in [
            ("http://127.0.0.1:9000", "127.0.0.1:9000"),
            ("http://vms.lab/", "vms.lab:8470"),
            ("vms.lab:1", "vms.lab:1"),
            ("[::1]:9000", "[::1]:9000"),
            ("::1", "[::1]:8470"),
            ("http://[fe80::1]", "[fe80::1]:8470"),
            ("https://vms.lab", "vms.lab:8470"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(address.scheme() == Scheme::Https, text.starts_with("https:"));
        }
        for wrong in ["", "http://", "a b", "h:port", "h/v1", "user@h", "ftp://h", "h:99999"] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }
}
