use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::auth;
use super::wire;
use crate::error::{Error, ErrorKind};
use crate::model::{PointerReport, VmRef, typed};
use crate::process::Effect;

/// A connection to the VNC server of a VM, with somebody let in.
#[derive(Debug)]
pub(in crate::hypervisor::virtualbox) struct Session {
    vm: VmRef,
    stream: BufReader<TcpStream>,
    deadline: Duration,
    bytes_per_pixel: u8,
}

/// Why nobody is connected.
#[derive(Debug)]
enum Refused {
    /// The password is another one, or there are too many.
    NotLetIn(String),
    /// It is no server, or none that can be talked to.
    Broken(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

impl Session {
    /// Connects.
    pub(in crate::hypervisor::virtualbox) async fn open(
        vm: &VmRef,
        address: SocketAddr,
        password: &str,
        deadline: Duration,
    ) -> Result<Self, Error> {
        match timeout(deadline, connect(address, password)).await {
            Ok(Ok((stream, bytes_per_pixel))) => {
                Ok(Self { vm: vm.clone(), stream, deadline, bytes_per_pixel })
            }
            Ok(Err(Refused::NotLetIn(why))) => Err(not_let_in(vm, &why)),
            Ok(Err(Refused::Broken(why))) => Err(gone(vm, Effect::Read).caused_by(why)),
            Err(_) => Err(silent(vm, deadline)),
        }
    }

    /// Waits until what was told before has been heard: what is asked after it is answered then.
    async fn heard(&mut self) -> Result<(), Error> {
        let Self { vm, stream, deadline, bytes_per_pixel } = self;
        let asked = async {
            stream.write_all(&wire::look()).await?;
            wire::pixel(stream, *bytes_per_pixel).await
        };
        match timeout(*deadline, asked).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(gone(vm, Effect::Read).caused_by(why)),
            Err(_) => Err(silent(vm, *deadline)),
        }
    }

    /// Tells the guest's pointer device these things, in this order.
    pub(in crate::hypervisor::virtualbox) async fn point(
        &mut self,
        reports: &[PointerReport],
    ) -> Result<(), Error> {
        let told: Vec<u8> = reports.iter().flat_map(|report| wire::point(*report)).collect();
        match timeout(self.deadline, self.stream.write_all(&told)).await {
            Ok(Ok(())) => {}
            Ok(Err(why)) => return Err(gone(&self.vm, Effect::Write).caused_by(why)),
            Err(_) => return Err(gone(&self.vm, Effect::Write)),
        }
        self.heard().await.map_err(|why| gone(&self.vm, Effect::Write).caused_by(why))
    }
}

async fn connect(
    address: SocketAddr,
    password: &str,
) -> Result<(BufReader<TcpStream>, u8), Refused> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut version = [0; 12];
    stream.read_exact(&mut version).await?;
    if version < *b"RFB 003.007\n" || !version.starts_with(b"RFB ") {
        return Err(io::Error::other("it speaks no RFB, or only an old one").into());
    }
    stream.write_all(&wire::VERSION).await?;
    let count = stream.read_u8().await?;
    if count == 0 {
        return Err(Refused::NotLetIn(wire::text(&mut stream).await?));
    }
    let mut kinds = vec![0; usize::from(count)];
    stream.read_exact(&mut kinds).await?;
    if kinds.contains(&wire::BY_PASSWORD) {
        stream.write_all(&[wire::BY_PASSWORD]).await?;
        let mut challenge = [0; 16];
        stream.read_exact(&mut challenge).await?;
        stream.write_all(&auth::answer(challenge, password)).await?;
    } else if kinds.contains(&wire::NO_AUTHENTICATION) {
        stream.write_all(&[wire::NO_AUTHENTICATION]).await?;
    } else {
        let why = format!("it lets in by the ways {kinds:?} only");
        return Err(Refused::NotLetIn(why));
    }
    if stream.read_u32().await? != 0 {
        // Some servers hang up without a reason.
        let why = wire::text(&mut stream).await.unwrap_or_default();
        return Err(Refused::NotLetIn(why));
    }
    stream.write_all(&[wire::SHARED]).await?;
    let bytes_per_pixel = wire::greeting(&mut stream).await?;
    stream.write_all(&wire::encodings()).await?;
    Ok((stream, bytes_per_pixel))
}

fn not_let_in(vm: &VmRef, why: &str) -> Error {
    let typed = typed(vm);
    let message = format!("the VNC server of `{vm}` did not let us in");
    let error = Error::new(ErrorKind::HypervisorUnusable, message).about(vm).hint(format!(
        "switch it on anew: `vm-cli display off {typed}`, then `vm-cli display on {typed}`"
    ));
    if why.is_empty() { error } else { error.caused_by(io::Error::other(why.to_owned())) }
}

fn gone(vm: &VmRef, effect: Effect) -> Error {
    match effect {
        Effect::Read => {
            let message = format!("the VNC server of `{vm}` went away, or is none");
            let hint = format!("look whether it runs: `vm-cli status {}`", typed(vm));
            Error::new(ErrorKind::ServiceUnavailable, message).about(vm).hint(hint)
        }
        Effect::Write => {
            let message =
                format!("the VNC server of `{vm}` gave no answer, and may have told the guest");
            let hint = format!("look at the screen: `vm-cli screenshot {}`", typed(vm));
            Error::new(ErrorKind::OutcomeUnknown, message).about(vm).hint(hint)
        }
    }
}

fn silent(vm: &VmRef, deadline: Duration) -> Error {
    let message = format!("the VNC server of `{vm}` did not answer within {deadline:?}");
    let hint = "try again, or allow more with `timeouts.query_seconds`";
    Error::new(ErrorKind::TimedOut, message).about(vm).hint(hint)
}
