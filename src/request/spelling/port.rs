use crate::model::Invalid;
use crate::request::PortWish;

/// Reads a host port, `free` for the first free one of the configured range, or `none`.
pub fn port_wish(text: &str) -> Result<PortWish, Invalid> {
    match text {
        "free" | "auto" => Ok(PortWish::Free),
        "none" | "off" => Ok(PortWish::None),
        number => port(number).map(PortWish::Port),
    }
}

/// Reads a port.
pub(super) fn port(text: &str) -> Result<u16, Invalid> {
    let port = text.parse::<u16>().ok().filter(|port| *port != 0);
    port.ok_or_else(|| Invalid::new("port", text, "must be 1 to 65535, `free` or `none`"))
}

#[cfg(test)]
mod tests {
    use super::port_wish;
    use crate::request::PortWish;

    #[test]
    fn a_port_is_a_number_or_a_wish() {
        assert_eq!(port_wish("2222"), Ok(PortWish::Port(2222)));
        assert_eq!(port_wish("free"), Ok(PortWish::Free));
        assert_eq!(port_wish("none"), Ok(PortWish::None));
        for text in ["0", "65536", "-1", "ssh", ""] {
            assert!(port_wish(text).is_err(), "{text}");
        }
    }
}
