use std::future::Future;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Attempt, Job};
use crate::error::{Error, ErrorKind};

/// Work with a value, as a job: keeps the value of the attempt that went well.
pub(super) struct Typed<T, F> {
    work: F,
    value: Mutex<Option<T>>,
}

impl<T, F> Typed<T, F> {
    /// Wraps the work.
    pub(super) fn new(work: F) -> Self {
        Self { work, value: Mutex::new(None) }
    }

    /// Takes the value out, after the task ended well.
    pub(super) fn take_value(&self) -> Result<T, Error> {
        let value = self.value.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| Error::new(ErrorKind::Internal, "a task ended well without a value"))
    }
}

#[async_trait]
impl<T, F, Fut> Job for Typed<T, F>
where
    T: Send,
    F: Fn(Attempt) -> Fut + Send + Sync,
    Fut: Future<Output = Result<T, Error>> + Send,
{
    async fn run(&self, attempt: &Attempt) -> Result<(), Error> {
        let value = (self.work)(attempt.clone()).await?;
        *self.value.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        Ok(())
    }
}
