use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::{Attempt, Repeat};
use crate::error::{Error, ErrorKind};

/// The work of a [`VmTaskType::Custom`](crate::model::VmTaskType::Custom) task: what the library's
/// users add.
#[async_trait]
pub trait TaskHandler: Send + Sync {
    /// Tries once. When the task is canceled or late, the future is dropped.
    async fn handle(&self, input: Value, attempt: &Attempt) -> Result<Value, Error>;

    /// Returns whether it may be tried again after a transient failure.
    fn repeat(&self) -> Repeat {
        Repeat::Never
    }
}

/// The handlers of custom tasks, by name.
#[derive(Clone, Default)]
pub struct TaskHandlers(BTreeMap<String, Arc<dyn TaskHandler>>);

impl TaskHandlers {
    /// Registers a handler under a name that is not taken.
    pub fn register(
        &mut self,
        name: impl Into<String>,
        handler: Arc<dyn TaskHandler>,
    ) -> Result<(), Error> {
        let name = name.into();
        if self.0.contains_key(&name) {
            let message = format!("a task handler named `{name}` is registered already");
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        self.0.insert(name, handler);
        Ok(())
    }

    /// Returns the handler of this name.
    pub fn find(&self, name: &str) -> Result<Arc<dyn TaskHandler>, Error> {
        self.0.get(name).cloned().ok_or_else(|| {
            let message = format!("no task handler named `{name}` is registered");
            Error::new(ErrorKind::NotFound, message).hint(match self.names() {
                names if names.is_empty() => "register it before the task is added".to_owned(),
                names => format!("use one of these: {}", names.join(", ")),
            })
        })
    }

    /// Returns the names, in order.
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

impl fmt::Debug for TaskHandlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TaskHandlers").field(&self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use serde_json::{Value, json};

    use super::{TaskHandler, TaskHandlers};
    use crate::error::{Error, ErrorKind};
    use crate::model::{Priority, VmTaskType};
    use crate::queue::{Attempt, Lane, Queue, TaskSpec};
    use crate::request::Events;
    use crate::retry::RetryPolicy;

    struct Echo;

    #[async_trait]
    impl TaskHandler for Echo {
        async fn handle(&self, input: Value, attempt: &Attempt) -> Result<Value, Error> {
            Ok(json!({ "attempt": attempt.number, "input": input }))
        }
    }

    #[test]
    fn a_name_is_registered_once() {
        let mut handlers = TaskHandlers::default();
        handlers.register("echo", Arc::new(Echo)).unwrap();
        let refused = handlers.register("echo", Arc::new(Echo)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let mut handlers = TaskHandlers::default();
        handlers.register("echo", Arc::new(Echo)).unwrap();
        let missing = handlers.find("ecco").err().unwrap();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        assert_eq!(missing.next_step(), Some("use one of these: echo"));
    }

    #[tokio::test]
    async fn a_handler_runs_as_a_task_of_the_queue() {
        let mut handlers = TaskHandlers::default();
        handlers.register("echo", Arc::new(Echo)).unwrap();
        let handler = handlers.find("echo").unwrap();
        let spec = TaskSpec {
            task_type: VmTaskType::Custom("echo".to_owned()),
            vm: None,
            lane: Lane::Free,
            priority: Priority::Medium,
            repeat: handler.repeat(),
            retry: RetryPolicy::default(),
            deadline: None,
        };
        let queue = Queue::start(1, Events::default(), 1);
        let work = move |attempt: Attempt| {
            let handler = handler.clone();
            async move { handler.handle(json!("hello"), &attempt).await }
        };
        let value = queue.run(spec, work).await.unwrap();
        assert_eq!(value, json!({ "attempt": 1, "input": "hello" }));
    }
}
