use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::hypervisor::virtualbox::settings_file::{attribute, walk};

/// Where the VNC server of a VM is, and what its clients must know.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::hypervisor::virtualbox) struct Place {
    pub(in crate::hypervisor::virtualbox) address: SocketAddr,
    pub(in crate::hypervisor::virtualbox) password: String,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place({})", self.address)
    }
}

/// Reads it from a VM's settings; `None` if the remote display is off, has no port of its own, or
/// is none of VNC, which alone has such a password.
pub(in crate::hypervisor::virtualbox) fn place(settings: &str) -> Option<Place> {
    let (mut is_on, mut port, mut password) = (false, None, None);
    let mut host = None;
    walk(settings, |element, path| {
        if path.iter().any(|parent| parent == "Snapshot") {
            return;
        }
        match element.name().as_ref() {
            "RemoteDisplay" => is_on = attribute(element, "enabled").as_deref() == Some("true"),
            "Property" if path.last().is_some_and(|parent| parent == "VRDEProperties") => {
                let value = attribute(element, "value");
                match attribute(element, "name").as_deref() {
                    Some("TCP/Ports") => port = value.and_then(|ports| ports.parse().ok()),
                    Some("TCP/Address") => host = value.and_then(|host| host.parse().ok()),
                    Some("VNCPassword") => password = value,
                    Some(_) | None => {}
                }
            }
            _ => {}
        }
    });
    // One that listens everywhere is reached here.
    let host = host.filter(|host: &IpAddr| !host.is_unspecified());
    let address = SocketAddr::new(host.unwrap_or(Ipv4Addr::LOCALHOST.into()), port?);
    password.filter(|_| is_on).map(|password| Place { address, password })
}

#[cfg(test)]
mod tests {
    use super::place;

    /// As 7.2.22 writes it after `vm-cli display on`.
    fn settings(enabled: &str, properties: &str) -> String {
        format!(
            "<VirtualBox><Machine uuid=\"{{x}}\"><Hardware><RemoteDisplay enabled=\"{enabled}\">\
             <VRDEProperties>{properties}</VRDEProperties></RemoteDisplay></Hardware>\
             <Snapshot><Hardware><RemoteDisplay enabled=\"false\"><VRDEProperties>\
             <Property name=\"TCP/Ports\" value=\"1\"/></VRDEProperties></RemoteDisplay></Hardware>\
             </Snapshot></Machine></VirtualBox>"
        )
    }

    const PORT: &str = "<Property name=\"TCP/Ports\" value=\"5901\"/>";
    const PASSWORD: &str = "<Property name=\"VNCPassword\" value=\"a&amp;b\"/>";

    #[test]
    fn a_vnc_server_is_found_in_the_settings() {
        let address = "<Property name=\"TCP/Address\" value=\"0.0.0.0\"/>";
        let found = place(&settings("true", &[PORT, PASSWORD, address].concat())).unwrap();
        assert_eq!(
            (found.address.to_string().as_str(), found.password.as_str()),
            ("127.0.0.1:5901", "a&b")
        );
        let address = "<Property name=\"TCP/Address\" value=\"10.1.2.3\"/>";
        let found = place(&settings("true", &[PORT, PASSWORD, address].concat())).unwrap();
        assert_eq!(found.address.to_string(), "10.1.2.3:5901");
    }

    #[test]
    fn one_that_is_off_or_no_vnc_is_none() {
        let both = [PORT, PASSWORD].concat();
        assert_eq!(place(&settings("false", &both)), None);
        assert_eq!(place(&settings("true", PORT)), None, "RDP has no such password");
        let range = "<Property name=\"TCP/Ports\" value=\"5900-5910\"/>";
        assert_eq!(place(&settings("true", &[range, PASSWORD].concat())), None);
        assert_eq!(place("<VirtualBox><Machine/>"), None);
    }
}
