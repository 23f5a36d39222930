use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::timeout;

use super::envelope::{Answer, Call};
use super::exchange::Connection;
use crate::process::Effect;

/// Calls of the web service, one after the other.
#[derive(Debug)]
pub(super) struct Conversation {
    address: SocketAddr,
    deadline: Duration,
    connection: Option<Connection>,
}

/// What an answer told.
pub(super) type Fields = Vec<(String, String)>;

/// Why a call did not go well.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// The service refused it.
    #[error("vboxwebsrv: {0:?}")]
    Fault(Fields),
    /// The service is not there: nothing was asked.
    #[error("vboxwebsrv is not there")]
    NotThere(#[source] io::Error),
    /// The connection broke in the middle.
    #[error("vboxwebsrv broke off")]
    BrokenOff(#[source] io::Error),
    /// No answer came in time.
    #[error("vboxwebsrv did not answer within {0:?}")]
    TimedOut(Duration),
    /// What came back is no answer.
    #[error("vboxwebsrv's answer cannot be understood")]
    Unreadable,
}

impl Problem {
    /// Returns whether the service may have done what it was asked.
    pub(super) fn leaves_doubt(&self, effect: Effect) -> bool {
        match (self, effect) {
            (_, Effect::Read) | (Self::Fault(_) | Self::NotThere(_), Effect::Write) => false,
            (Self::BrokenOff(_) | Self::TimedOut(_) | Self::Unreadable, Effect::Write) => true,
        }
    }
}

impl Conversation {
    /// Begins; nothing is connected yet.
    pub(super) fn with(address: SocketAddr, deadline: Duration) -> Self {
        Self { address, deadline, connection: None }
    }

    /// Calls, and returns what came back.
    pub(super) async fn call(&mut self, call: &Call) -> Result<Fields, Problem> {
        let answered = timeout(self.deadline, self.exchange(call)).await;
        let Ok(answered) = answered else {
            self.connection = None;
            return Err(Problem::TimedOut(self.deadline));
        };
        match Answer::read(&answered?) {
            Some(Answer::Done(fields)) => Ok(fields),
            Some(Answer::Fault(fields)) => Err(Problem::Fault(fields)),
            None => Err(Problem::Unreadable),
        }
    }

    async fn exchange(&mut self, call: &Call) -> Result<String, Problem> {
        let kept = self.connection.take().filter(Connection::is_open);
        let connection = match kept {
            Some(open) => open,
            None => Connection::open(self.address).await.map_err(Problem::NotThere)?,
        };
        let connection = self.connection.insert(connection);
        connection.ask(&call.xml()).await.map_err(Problem::BrokenOff)
    }
}
