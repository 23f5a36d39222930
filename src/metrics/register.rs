use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::time::Duration;

use crate::error::Error;
use crate::error::ErrorKind;

/// Things by name, each registered once. Clones share them.
pub(super) struct Register<T: ?Sized> {
    /// What they are, for errors.
    what: &'static str,
    entries: Arc<RwLock<BTreeMap<String, Arc<T>>>>,
}

impl<T: ?Sized> Clone for Register<T> {
    fn clone(&self) -> Self {
        Self { what: self.what, entries: Arc::clone(&self.entries) }
    }
}

impl<T: ?Sized> fmt::Debug for Register<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(entries.keys()).finish()
    }
}

impl<T: ?Sized + Send + Sync + 'static> Register<T> {
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, entries: Arc::default() }
    }

    /// Adds one; refuses a name that is empty or was taken.
    pub(super) fn add(&self, name: String, it: Arc<T>) -> Result<(), Error> {
        let what = self.what;
        if name.trim().is_empty() {
            return Err(Error::new(ErrorKind::Usage, format!("a {what} needs a name")));
        }
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.contains_key(&name) {
            let message = format!("a {what} `{name}` is registered already");
            return Err(Error::new(ErrorKind::AlreadyExists, message).hint("choose another name"));
        }
        entries.insert(name, it);
        Ok(())
    }

    /// Returns one.
    pub(super) fn get(&self, name: &str) -> Option<Arc<T>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Returns the names, in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Asks all of them at once, in the order of their names. Who panics or does not answer in
    /// time gives an error; the others are not held up.
    pub(super) async fn ask<A, F>(
        &self,
        patience: Duration,
        ask: impl Fn(Arc<T>) -> F,
    ) -> Vec<(String, Result<A, Error>)>
    where
        A: Send + 'static,
        F: Future<Output = Result<A, Error>> + Send + 'static,
    {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner).clone();
        let asked: Vec<_> = entries
            .into_iter()
            .map(|(name, it)| (name, tokio::spawn(tokio::time::timeout(patience, ask(it)))))
            .collect();
        let mut answers = Vec::with_capacity(asked.len());
        for (name, task) in asked {
            let answer = match task.await {
                Ok(Ok(answer)) => answer,
                Ok(Err(_elapsed)) => Err(self.failure(ErrorKind::TimedOut, &name, "in time")),
                Err(e) => Err(self.failure(ErrorKind::Internal, &name, "at all").caused_by(e)),
            };
            answers.push((name, answer));
        }
        answers
    }

    fn failure(&self, kind: ErrorKind, name: &str, how: &str) -> Error {
        Error::new(kind, format!("the {} `{name}` did not answer {how}", self.what))
    }
}
