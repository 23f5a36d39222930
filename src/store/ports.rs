use std::net::IpAddr;
use std::net::TcpListener;

/// Returns whether a server could listen there now, by listening for a moment.
///
/// A port that the host does not let this user have (one below 1024) is not free.
pub fn port_is_free(address: IpAddr, port: u16) -> bool {
    TcpListener::bind((address, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::net::TcpListener;

    use super::port_is_free;

    #[test]
    fn a_port_is_free_until_somebody_listens() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!port_is_free(Ipv4Addr::LOCALHOST.into(), port));
        drop(listener);
        assert!(port_is_free(Ipv4Addr::LOCALHOST.into(), port));
    }
}
