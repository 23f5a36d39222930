use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::register::Register;
use crate::error::Error;

/// Something that can be measured again and again.
#[async_trait]
pub trait Metric: Debug + Send + Sync {
    /// Measures it now.
    async fn read(&self) -> Result<f64, Error>;
}

/// What a metric answered.
#[derive(Debug)]
pub struct Reading {
    /// The metric's name.
    pub name: String,
    /// Its value, or why there is none.
    pub value: Result<f64, Error>,
}

/// The metrics that were registered. Clones share them.
#[derive(Debug, Clone)]
pub struct MetricRegistry(Register<dyn Metric>);

impl Default for MetricRegistry {
    fn default() -> Self {
        Self(Register::new("metric"))
    }
}

impl MetricRegistry {
    /// Adds a metric; refuses a name that is empty or was taken.
    pub fn register(&self, name: impl Into<String>, metric: Arc<dyn Metric>) -> Result<(), Error> {
        self.0.add(name.into(), metric)
    }

    /// Measures all of them at once, in the order of their names; none may take longer than this.
    pub async fn read_all(&self, patience: Duration) -> Vec<Reading> {
        let answers = self.0.ask(patience, |metric| async move { metric.read().await }).await;
        answers.into_iter().map(|(name, value)| Reading { name, value }).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::future;
    use std::sync::Arc;
    use std::time::Duration;

    use async_trait::async_trait;

    use super::Metric;
    use super::MetricRegistry;
    use crate::error::Error;
    use crate::error::ErrorKind;

    #[derive(Debug)]
    enum Fake {
        Value(f64),
        Hangs,
        Panics,
    }

    #[async_trait]
    impl Metric for Fake {
        async fn read(&self) -> Result<f64, Error> {
            match self {
                Self::Value(value) => Ok(*value),
                Self::Hangs => future::pending().await,
                Self::Panics => panic!("a bug of the library's user"),
            }
        }
    }

    #[test]
    fn a_second_metric_of_a_name_is_refused_and_the_first_one_stays() {
        let registry = MetricRegistry::default();
        registry.register("queue_depth", Arc::new(Fake::Value(1.0))).unwrap();
        let error = registry.clone().register("queue_depth", Arc::new(Fake::Hangs)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(error.message(), "a metric `queue_depth` is registered already");
        let unnamed = registry.register(" ", Arc::new(Fake::Hangs)).unwrap_err();
        assert_eq!(unnamed.kind(), ErrorKind::Usage);
    }

    #[tokio::test(start_paused = true)]
    async fn a_metric_that_hangs_or_panics_does_not_harm_the_others() {
        let registry = MetricRegistry::default();
        registry.register("c_panics", Arc::new(Fake::Panics)).unwrap();
        registry.register("b_value", Arc::new(Fake::Value(2.5))).unwrap();
        registry.register("a_hangs", Arc::new(Fake::Hangs)).unwrap();
        let read = registry.read_all(Duration::from_secs(5)).await;
        let names: Vec<_> = read.iter().map(|reading| reading.name.as_str()).collect();
        assert_eq!(names, ["a_hangs", "b_value", "c_panics"]);
        let kinds = read.iter().map(|it| it.value.as_ref().map_err(Error::kind).copied());
        let expected = [Err(ErrorKind::TimedOut), Ok(2.5), Err(ErrorKind::Internal)];
        assert_eq!(kinds.collect::<Vec<_>>(), expected);
    }
}
