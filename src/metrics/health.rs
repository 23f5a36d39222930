use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::register::Register;
use crate::error::Error;
use crate::model::Finding;
use crate::model::Severity;

/// Something that can be well or not, such as a service that VMs need.
#[async_trait]
pub trait HealthCheck: Debug + Send + Sync {
    /// Finds out how it is.
    async fn check(&self) -> Result<Verdict, Error>;
}

/// What a [`HealthCheck`] found: a [`Finding`] without the name, which the register knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub message: String,
    /// What to do, when there is something to do.
    pub fix: Option<String>,
}

/// The health checks that were registered. Clones share them.
#[derive(Debug, Clone)]
pub struct HealthChecks(Register<dyn HealthCheck>);

impl Default for HealthChecks {
    fn default() -> Self {
        Self(Register::new("health check"))
    }
}

impl HealthChecks {
    /// Adds a check; refuses a name that is empty or was taken.
    pub fn register(
        &self,
        name: impl Into<String>,
        check: Arc<dyn HealthCheck>,
    ) -> Result<(), Error> {
        self.0.add(name.into(), check)
    }

    /// Runs all of them at once; none may take longer than this. The worst comes first.
    ///
    /// A check that fails says nothing about VMs: that is [`Severity::Advice`], not a problem.
    pub async fn run_all(&self, patience: Duration) -> Vec<Finding> {
        let answers = self.0.ask(patience, |check| async move { check.check().await }).await;
        let mut findings: Vec<_> =
            answers.into_iter().map(|(name, answer)| finding(name, answer)).collect();
        findings.sort_by_key(|finding| Reverse(finding.severity));
        findings
    }
}

fn finding(name: String, answer: Result<Verdict, Error>) -> Finding {
    let verdict = answer.unwrap_or_else(|error| Verdict {
        severity: Severity::Advice,
        message: format!("the check failed: {error}"),
        fix: error.next_step().map(str::to_owned),
    });
    Finding {
        check: Cow::Owned(name),
        severity: verdict.severity,
        message: verdict.message,
        fix: verdict.fix,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use async_trait::async_trait;

    use super::HealthCheck;
    use super::HealthChecks;
    use super::Verdict;
    use crate::error::Error;
    use crate::error::ErrorKind;
    use crate::model::Severity;

    #[derive(Debug)]
    struct Fake(Result<Severity, ErrorKind>);

    #[async_trait]
    impl HealthCheck for Fake {
        async fn check(&self) -> Result<Verdict, Error> {
            let failed = |kind| Error::new(kind, "no answer").hint("start the licence server");
            let severity = self.0.map_err(failed)?;
            Ok(Verdict { severity, message: "looked".into(), fix: None })
        }
    }

    #[tokio::test]
    async fn the_worst_finding_comes_first_and_a_failed_check_is_advice() {
        let checks = HealthChecks::default();
        for (name, outcome) in [
            ("a_disk", Ok(Severity::Fine)),
            ("b_licences", Err(ErrorKind::Io)),
            ("c_network", Ok(Severity::Problem)),
        ] {
            checks.register(name, Arc::new(Fake(outcome))).unwrap();
        }
        let found = checks.run_all(Duration::from_secs(5)).await;
        let names: Vec<_> = found.iter().map(|finding| finding.check.as_ref()).collect();
        assert_eq!(names, ["c_network", "b_licences", "a_disk"]);
        assert_eq!(found[1].severity, Severity::Advice);
        assert_eq!(found[1].message, "the check failed: no answer");
        assert_eq!(found[1].fix.as_deref(), Some("start the licence server"));
    }

    #[test]
    fn a_second_check_of_a_name_is_refused() {
        let checks = HealthChecks::default();
        checks.register("disk", Arc::new(Fake(Ok(Severity::Fine)))).unwrap();
        let error = checks.register("disk", Arc::new(Fake(Ok(Severity::Fine)))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    }
}
