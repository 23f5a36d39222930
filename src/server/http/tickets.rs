use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::error::{Error, ErrorKind};
use crate::files::Digest;
use crate::server::Client;

/// What every ticket begins with.
const PREFIX: &str = "vmt_";

/// A ticket that is not used for so long is worth nothing.
pub(super) const LIFE: Duration = Duration::from_mins(1);

/// So many may be unused.
const MOST: usize = 1000;

/// What a browser shows in the address of a WebSocket, where it can show no token: each is good for
/// one connection, soon. Only hashes are kept.
#[derive(Debug, Default)]
pub(super) struct Tickets(Mutex<HashMap<String, (Client, Instant)>>);

impl Tickets {
    /// Makes one for a client; who shows it is he.
    pub(super) fn make(&self, client: &Client, now: Instant) -> Result<String, Error> {
        let mut unused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        unused.retain(|_, (_, until)| now < *until);
        if MOST <= unused.len() {
            let message = format!("{MOST} tickets are unused");
            return Err(Error::new(ErrorKind::LimitExceeded, message).hint("wait a minute"));
        }
        // Two random UUIDs hold 244 random bits, of the system's own source.
        let (one, other) = (Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let ticket = format!("{PREFIX}{one}{other}");
        unused.insert(Digest::of_bytes(&ticket).to_string(), (client.clone(), now + LIFE));
        Ok(ticket)
    }

    /// Takes one that is shown, and returns whose it is. It is worth nothing from now on.
    pub(super) fn take(&self, ticket: &str, now: Instant) -> Option<Client> {
        let mut unused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (client, until) = unused.remove(&Digest::of_bytes(ticket).to_string())?;
        (now < until).then_some(client)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{LIFE, Tickets};
    use crate::server::Client;

    #[test]
    fn a_ticket_is_good_once_and_soon() {
        let (tickets, now) = (Tickets::default(), Instant::now());
        let client = Client::trusted("kim", "here");
        let [one, late] = [(); 2].map(|()| tickets.make(&client, now).unwrap());
        assert_ne!(one, late);
        assert_eq!(tickets.take("vmt_", now), None);
        assert_eq!(tickets.take(&one, now), Some(client));
        assert_eq!(tickets.take(&one, now), None);
        assert_eq!(tickets.take(&late, now + LIFE), None);
    }
}
