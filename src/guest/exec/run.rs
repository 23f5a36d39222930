use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::announcement::{Announced, Listener};
use super::feed::Feed;
use super::running::{Running, lost};
use super::sent::{Ending, Sent};
use super::{ExecEnd, OutputSink};
use crate::error::{self, Error, ErrorKind};
use crate::guest::failure;
use crate::guest::transport::Transport;
use crate::request::{ExecRequest, Input};

/// How long it may take to end a command that nobody wants any more.
const ENDING: Duration = Duration::from_secs(10);

/// Runs a command to its end. When its time is over, or it is to stop, or its output goes nowhere,
/// it is ended in the guest too. Dropping the future closes its channel.
pub(in crate::guest) async fn run(
    transport: &Transport,
    request: &ExecRequest,
    sink: Arc<dyn OutputSink>,
    stop: impl Future<Output = ()>,
    within: Duration,
) -> Result<ExecEnd, Error> {
    let sent = Sent::new(request, &transport.banner())?;
    // Nothing has happened yet, and nothing has when this fails.
    let opening = transport.drive(ssh2::Session::channel_session);
    let channel = match timeout(within, opening).await {
        Ok(opened) => opened.map_err(failure::unopened)?,
        Err(_elapsed) => return Err(failure::unopened(failure::silence())),
    };
    // Not sooner: who tries again needs it whole.
    let feed = match request.input.open()? {
        Some(input) => Feed::from(input).map_err(|e| error::io("start a thread", e))?,
        None => Feed::none(),
    };
    let mut running = Running {
        sink: Some(sink),
        listener: (sent.ending != Ending::HangUp).then(Listener::default),
        feed,
        sizes: request.terminal.as_ref().map(|terminal| terminal.sizes.clone()),
        ..Running::new(transport, channel)
    };
    let limit = async {
        match request.timeout {
            Some(limit) => sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    let why = tokio::select! {
        biased;
        () = stop => Error::new(ErrorKind::Canceled, "canceled"),
        () = limit => late(request.timeout.unwrap_or_default()),
        ended = begin_and_go_on(&mut running, request, &sent) => match ended {
            Err(error) if !is_lost(error.kind()) => error,
            ended => return told(ended, &running, request),
        },
    };
    Err(match timeout(ENDING, end(&mut running, sent.ending)).await {
        Ok(Ok(Over::Surely)) => why,
        Ok(Ok(Over::Perhaps) | Err(_)) | Err(_) => why.hint("it may still run in the guest"),
    })
}

async fn begin_and_go_on(
    running: &mut Running<'_>,
    request: &ExecRequest,
    sent: &Sent,
) -> Result<ExecEnd, Error> {
    let (transport, channel) = (running.transport, &mut running.channel);
    if let Some(terminal) = &request.terminal {
        let size = *terminal.sizes.borrow();
        let size = Some((size.columns.into(), size.rows.into(), 0, 0));
        transport
            .drive(|_| channel.request_pty(&terminal.kind, None, size))
            .await
            .map_err(denied)?;
    }
    running.is_sent = true;
    let started = match &sent.line {
        Some(line) => transport.drive(|_| channel.exec(line)).await,
        None => transport.drive(|_| channel.shell()).await,
    };
    started.map_err(denied)?;
    // A terminal that is closed is hung up.
    if request.input == Input::Nothing && request.terminal.is_none() {
        transport.drive(|_| channel.send_eof()).await.map_err(lost)?;
    }
    running.until_the_end().await
}

fn denied(error: ssh2::Error) -> Error {
    if failure::denied(&error) {
        let line = "the guest's SSH server runs no commands for this user";
        return Error::new(ErrorKind::GuestAuth, line).caused_by(error);
    }
    lost(error)
}

/// Whether a failure leaves nobody to talk to.
fn is_lost(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::GuestUnreachable | ErrorKind::GuestAuth)
}

/// Decides what an end means: a command that did not even begin has no exit code.
fn told(
    ended: Result<ExecEnd, Error>,
    running: &Running<'_>,
    request: &ExecRequest,
) -> Result<ExecEnd, Error> {
    let end = ended?;
    let line = match running.announced() {
        Some(Announced::NoFolder) => {
            let folder = request.folder.as_deref().unwrap_or_default();
            format!("the guest has no folder `{folder}`")
        }
        Some(Announced::NoDesktop) => "nobody is logged in at the guest's screen".to_owned(),
        Some(Announced::Began(_)) | None => return Ok(end),
    };
    Err(Error::new(ErrorKind::NotFound, line))
}

fn late(limit: Duration) -> Error {
    let line = format!("the command in the guest did not end within {limit:?}");
    Error::new(ErrorKind::TimedOut, line).hint("give it more time with `--timeout`")
}

/// Whether a command is over.
enum Over {
    Surely,
    Perhaps,
}

/// Ends a command in the guest, and hears its last words.
async fn end(running: &mut Running<'_>, ending: Ending) -> Result<Over, Error> {
    if !running.is_sent {
        return Ok(Over::Surely);
    }
    running.feed.stop();
    // Who takes no output now does not hold up the end.
    running.sink = None;
    let pid = loop {
        match running.announced() {
            Some(Announced::Began(pid)) => break pid,
            Some(Announced::NoFolder | Announced::NoDesktop) => return Ok(Over::Surely),
            // A terminal that hangs up ends what runs at it.
            None if ending == Ending::HangUp && running.sizes.is_some() => return Ok(Over::Surely),
            None if ending == Ending::HangUp => return Ok(Over::Perhaps),
            None if running.step().await?.is_some() => return Ok(Over::Surely),
            None => {}
        }
    };
    let Some(line) = ending.line(pid) else { return Ok(Over::Perhaps) };
    let channel = running.transport.drive(ssh2::Session::channel_session).await.map_err(lost)?;
    let mut killer = Running::new(running.transport, channel);
    let (transport, channel) = (killer.transport, &mut killer.channel);
    transport.drive(|_| channel.exec(&line)).await.map_err(lost)?;
    let ended = killer.until_the_end().await?;
    if ended.exit_code != 0 {
        return Ok(Over::Perhaps);
    }
    running.until_the_end().await?;
    Ok(Over::Surely)
}
