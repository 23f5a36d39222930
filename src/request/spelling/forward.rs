use super::port::{port, port_wish};
use crate::model::{Forward, Invalid, Protocol};
use crate::request::{ForwardWish, PortWish};

/// Reads `HOST:GUEST`, `NAME:HOST:GUEST` or `NAME:tcp|udp:HOST:GUEST`. Without a name, the guest's
/// port gives one. Who may reach it (this host, or every one) follows `security.firewall_enabled`.
pub fn forward(text: &str) -> Result<Forward, Invalid> {
    let wish = forward_wish(text)?;
    let PortWish::Port(host_port) = wish.host else {
        return Err(Invalid::new("forward", text, "has no host port: name one"));
    };
    let ForwardWish { name, protocol, guest_port, .. } = wish;
    Ok(Forward { name, protocol, host_address: None, host_port, guest_port })
}

/// Reads what [`forward`] reads, and `free` for the host port.
pub fn forward_wish(text: &str) -> Result<ForwardWish, Invalid> {
    let parts: Vec<&str> = text.split(':').collect();
    let (name, protocol, host, guest) = match parts.as_slice() {
        [host, guest] => ("", "tcp", *host, *guest),
        [protocol @ ("tcp" | "udp"), host, guest] => ("", *protocol, *host, *guest),
        [name, host, guest] => (*name, "tcp", *host, *guest),
        [name, protocol, host, guest] => (*name, *protocol, *host, *guest),
        _ => {
            return Err(Invalid::new(
                "forward",
                text,
                "is not of the form `8080:80` or `web:8080:80`",
            ));
        }
    };
    let protocol = match protocol {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return Err(Invalid::new("forward", text, "is neither `tcp` nor `udp`")),
    };
    let (host, guest_port) = (port_wish(host)?, port(guest)?);
    if host == PortWish::None {
        return Err(Invalid::new("forward", text, "leads nowhere without a host port"));
    }
    let name = if name.is_empty() { format!("{protocol}{guest_port}") } else { name.to_owned() };
    // The hypervisor's rule is one text whose parts are separated by commas.
    if !name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) || name.starts_with('-') {
        return Err(Invalid::new(
            "forward",
            text,
            "has a name with other than letters, digits, -_.",
        ));
    }
    Ok(ForwardWish { name, protocol, host, guest_port })
}

#[cfg(test)]
mod tests {
    use super::{forward, forward_wish};
    use crate::request::PortWish;

    #[test]
    fn a_forward_is_two_ports_and_maybe_a_name() {
        let shown = |text| forward(text).map(|f| format!("{} {f}", f.protocol));
        assert_eq!(shown("8080:80"), Ok("tcp tcp80 *:8080 -> 80".to_owned()));
        assert_eq!(shown("web:8080:80"), Ok("tcp web *:8080 -> 80".to_owned()));
        assert_eq!(shown("udp:5353:53"), Ok("udp udp53 *:5353 -> 53".to_owned()));
        assert_eq!(shown("dns:udp:5353:53"), Ok("udp dns *:5353 -> 53".to_owned()));
        for text in ["", "80", "a:b", "0:80", "x:sctp:1:2", "a,b:1:2", "a:b:c:d:e", "-x:1:2"] {
            assert!(forward(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_host_port_may_be_any_free_one_but_not_none() {
        assert_eq!(forward_wish("free:80").unwrap().host, PortWish::Free);
        assert_eq!(forward_wish("web:free:80").unwrap().name, "web");
        assert!(forward_wish("none:80").is_err());
        assert!(forward("free:80").is_err(), "a VM that is made names its ports");
    }
}
