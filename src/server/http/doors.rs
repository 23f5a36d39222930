use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header;

use crate::error::{Error, ErrorKind};

/// Whether clients must say who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Authentication {
    /// Only with a token.
    Required,
    /// Who can reach the server may do everything.
    Trusting,
}

/// By which names the server may be called, and by which pages.
///
/// A page of another site can make a browser call a server of the same host: by a name of its own
/// that leads here (DNS rebinding), or across sites. Neither gets in.
#[derive(Debug, Clone)]
pub(super) struct Doors {
    /// The configured host.
    host: String,
}

impl Doors {
    pub(super) fn new(host: impl Into<String>) -> Self {
        Self { host: host.into() }
    }

    /// Refuses what does not come from here.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Error> {
        let text = |name| headers.get(name).map(|it| it.to_str().unwrap_or("?"));
        let host = text(header::HOST).unwrap_or_default();
        if !self.is_ours(host) {
            return Err(refused(format!("no server is called `{host}` here"))
                .hint("call it by its address, or configure the name as `server.host`"));
        }
        // Browsers tell it of themselves; a page cannot change it.
        if let Some(origin) = text(header::ORIGIN)
            && origin != format!("http://{host}")
            && origin != format!("https://{host}")
        {
            return Err(refused(format!("a page of `{origin}` may not call this server")));
        }
        let site = headers.get("sec-fetch-site").and_then(|it| it.to_str().ok());
        if let Some("cross-site" | "same-site") = site {
            return Err(refused("a page of another site may not call this server".to_owned()));
        }
        Ok(())
    }

    /// Returns whether a name with or without a port is one of ours. An address cannot be
    /// rebound, a name can.
    fn is_ours(&self, host: &str) -> bool {
        let bare = match host.strip_prefix('[').and_then(|it| it.split_once(']')) {
            Some((address, _)) => address,
            None => host.split(':').next().unwrap_or_default(),
        };
        let is_name = |name: &str| bare.eq_ignore_ascii_case(name);
        is_name("localhost") || bare.parse::<IpAddr>().is_ok() || is_name(&self.host)
    }
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::PermissionDenied, message)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::Doors;

    fn opens(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        Doors::new("vms.lab").check(&map).is_ok()
    }

    #[test]
    fn only_the_servers_own_names_and_pages_get_in() {
        for host in
            ["127.0.0.1:8470", "localhost", "LOCALHOST:1", "[::1]:8470", "10.1.2.3", "vms.lab:1"]
        {
            assert!(opens(&[("host", host)]), "{host}");
        }
        for host in
            ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[x]"]
        {
            assert!(!opens(&[("host", host)]), "{host}");
        }
        let here = ("host", "localhost:8470");
        assert!(opens(&[here, ("origin", "http://localhost:8470")]));
        for origin in ["http://evil.example", "null", "http://localhost:1", "file://"] {
            assert!(!opens(&[here, ("origin", origin)]), "{origin}");
        }
        assert!(opens(&[here, ("sec-fetch-site", "same-origin")]));
        assert!(!opens(&[here, ("sec-fetch-site", "cross-site")]));
        assert!(!opens(&[]));
    }
}
