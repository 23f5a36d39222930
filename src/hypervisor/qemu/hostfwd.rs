//! Forwards of a live VM, through the monitor for people: QMP has no command for them.

use std::net::IpAddr;

use tokio::io::{AsyncRead, AsyncWrite};

use super::arguments::NETWORK;
use super::qmp::Conversation;
use crate::error::{Error, ErrorKind};
use crate::model::{Forward, Protocol};

/// Adds every forward whose port is free. As on VirtualBox, a VM starts without the others.
pub(super) async fn add_all<S: AsyncRead + AsyncWrite + Unpin>(
    qemu: &mut Conversation<S>,
    forwards: &[Forward],
) -> Result<(), Error> {
    for forward in forwards {
        qemu.monitor(&line_to_add(forward)).await?;
    }
    Ok(())
}

/// Adds a forward.
pub(super) async fn add<S: AsyncRead + AsyncWrite + Unpin>(
    qemu: &mut Conversation<S>,
    forward: &Forward,
) -> Result<(), Error> {
    let said = qemu.monitor(&line_to_add(forward)).await?;
    if said.trim().is_empty() {
        return Ok(());
    }
    let message = format!("the host port {} cannot be listened on", forward.host_port);
    Err(Error::new(ErrorKind::AlreadyExists, message)
        .hint("choose another host port: another program may have it")
        .caused_by(Error::new(ErrorKind::ProgramFailed, said.trim().to_owned())))
}

/// Removes a forward; one that could not be added is gone already.
pub(super) async fn remove<S: AsyncRead + AsyncWrite + Unpin>(
    qemu: &mut Conversation<S>,
    forward: &Forward,
) -> Result<(), Error> {
    let host = host_side(forward);
    qemu.monitor(&format!("hostfwd_remove {NETWORK} {host}")).await.map(drop)
}

/// Returns which forwards nobody listens for, by what `info usernet` says.
pub(super) fn dead(forwards: &[Forward], usernet: &str) -> Vec<(u16, u16)> {
    let lives = |forward: &&Forward| {
        usernet.lines().any(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let protocol = format!("{}[HOST_FORWARD]", forward.protocol).to_uppercase();
            let port = forward.host_port.to_string();
            words.first().is_some_and(|word| *word == protocol)
                && words.get(3).is_some_and(|word| *word == port)
        })
    };
    let dead = forwards.iter().filter(|forward| !lives(forward));
    dead.map(|forward| (forward.host_port, forward.guest_port)).collect()
}

fn line_to_add(forward: &Forward) -> String {
    format!("hostfwd_add {NETWORK} {}-:{}", host_side(forward), forward.guest_port)
}

fn host_side(forward: &Forward) -> String {
    let protocol = match forward.protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    };
    let address = forward.host_address.as_ref().map(IpAddr::to_string).unwrap_or_default();
    format!("{protocol}:{address}:{}", forward.host_port)
}

#[cfg(test)]
mod tests {
    use super::{dead, line_to_add};
    use crate::model::{Forward, Protocol};

    fn forward(host_port: u16, guest_port: u16) -> Forward {
        Forward {
            name: "ssh".to_owned(),
            protocol: Protocol::Tcp,
            host_address: Some("127.0.0.1".parse().unwrap()),
            host_port,
            guest_port,
        }
    }

    #[test]
    fn a_forward_that_nobody_listens_for_is_dead() {
        // As QEMU 7.2 prints it.
        let usernet = "Hub -1 (n0):\r\n  Protocol[State]    FD  Source Address  Port   \
                       Dest. Address  Port RecvQ SendQ\r\n  \
                       TCP[HOST_FORWARD]  18       127.0.0.1 22997       10.0.2.15    22     0     0";
        assert_eq!(dead(&[forward(22_997, 22), forward(22_998, 80)], usernet), [(22_998, 80)]);
        let every = Forward { host_address: None, ..forward(80, 8080) };
        assert_eq!(line_to_add(&every), "hostfwd_add n0 tcp::80-:8080");
    }
}
