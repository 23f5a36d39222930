use std::fmt;

/// Where a guest's SSH server is reached from the host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// A name or an address.
    pub host: String,
    /// A TCP port.
    pub port: u16,
}

impl Endpoint {
    /// Builds the endpoint of a forward on this host.
    pub fn local(port: u16) -> Self {
        Self { host: "127.0.0.1".to_owned(), port }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn an_ipv6_address_is_bracketed() {
        let endpoint = Endpoint { host: "fe80::1".to_owned(), port: 22 };
        assert_eq!(endpoint.to_string(), "[fe80::1]:22");
        assert_eq!(Endpoint::local(2222).to_string(), "127.0.0.1:2222");
    }
}
