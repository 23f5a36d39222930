//! Connections that wait for another command: to log in is what costs most.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Endpoint, HostKeys, Login, Patience, SshConnection};
use crate::error::Error;
use crate::model::VmId;

/// So many connections wait at most.
const MOST: usize = 16;

/// A connection waits so long at most.
const PATIENCE: Duration = Duration::from_mins(5);

/// Where a connection leads, and who is logged in there, by which proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The VM.
    pub vm: VmId,
    /// Where its SSH server is reached.
    pub endpoint: Endpoint,
    /// Who logs in.
    pub login: Login,
}

impl Destination {
    /// Opens a connection there.
    pub async fn open(&self, keys: &HostKeys, patience: Patience) -> Result<SshConnection, Error> {
        SshConnection::open(&self.endpoint, &self.login, keys, self.vm, patience).await
    }
}

/// Connections that nobody uses just now.
#[derive(Debug)]
pub struct Pool<C = SshConnection> {
    waiting: Mutex<Vec<Waiting<C>>>,
}

#[derive(Debug)]
struct Waiting<C> {
    to: Destination,
    connection: Arc<C>,
    since: Instant,
}

impl<C> Pool<C> {
    /// Takes a connection out, the one that was used last.
    pub fn take(&self, to: &Destination, now: Instant) -> Option<Arc<C>> {
        let mut waiting = self.lock();
        waiting.retain(|it| now.saturating_duration_since(it.since) < PATIENCE);
        let place = waiting.iter().rposition(|it| it.to == *to)?;
        Some(waiting.remove(place).connection)
    }

    /// Keeps a connection for whoever needs it next. If there are too many, the oldest goes.
    pub fn keep(&self, to: Destination, connection: Arc<C>, now: Instant) {
        let mut waiting = self.lock();
        if waiting.len() == MOST {
            waiting.remove(0);
        }
        waiting.push(Waiting { to, connection, since: now });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting<C>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Default for Pool<C> {
    fn default() -> Self {
        Self { waiting: Mutex::default() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::{Destination, MOST, PATIENCE, Pool};
    use crate::guest::{Endpoint, Login};
    use crate::model::VmId;
    use crate::request::{Credentials, Secret};

    fn to(vm: u128, password: &str) -> Destination {
        let password = Some(Secret::new(password));
        let credentials = Credentials { password, ..Credentials::default() };
        let login = Login::new(&credentials, "admin", None, None);
        Destination { vm: VmId::from_random(vm), endpoint: Endpoint::local(22), login }
    }

    #[test]
    fn a_connection_is_used_again_by_the_same_user_with_the_same_proof_alone() {
        let (pool, now) = (Pool::default(), Instant::now());
        pool.keep(to(1, "right"), Arc::new("connection"), now);
        for other in [to(1, "wrong"), to(2, "right")] {
            assert_eq!(pool.take(&other, now), None);
        }
        assert_eq!(pool.take(&to(1, "right"), now).as_deref(), Some(&"connection"));
        assert_eq!(pool.take(&to(1, "right"), now), None, "one at a time");
    }

    #[test]
    fn connections_are_few_and_do_not_wait_for_ever() {
        let (pool, now) = (Pool::default(), Instant::now());
        for number in 0..=MOST {
            pool.keep(to(1, "right"), Arc::new(number), now);
        }
        let later = now + PATIENCE / 2;
        let kept: Vec<_> = std::iter::from_fn(|| pool.take(&to(1, "right"), later)).collect();
        assert_eq!(kept.len(), MOST);
        assert_eq!((*kept[0], *kept[MOST - 1]), (MOST, 1), "the freshest first, the oldest gone");
        pool.keep(to(1, "right"), Arc::new(0), now);
        assert_eq!(pool.take(&to(1, "right"), now + PATIENCE), None);
    }
}
