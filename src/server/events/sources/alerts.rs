//! What of the host needs a person.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::model::{Finding, Severity};
use crate::server::events::{Happening, Kind};
use crate::server::office::Office;

/// Between two looks at the host, while somebody listens.
const LOOK: Duration = Duration::from_secs(15);

/// Tells what begins to be wrong, and what is wrong no more.
pub(super) async fn tell(office: &Office) {
    let mut wrong = Wrong::default();
    loop {
        office.hub().wishes().name(&[Kind::HostAlert]).await;
        let now = Wrong::of(&office.orchestrator().afresh().alerts().await);
        for data in wrong.changes_to(&now) {
            office.tell(Happening::of_host(Kind::HostAlert, data));
        }
        wrong = now;
        tokio::time::sleep(LOOK).await;
    }
}

/// What is wrong, by the name of the check that found it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wrong(BTreeMap<String, Finding>);

impl Wrong {
    fn of(findings: &[Finding]) -> Self {
        let wrong = findings.iter().filter(|it| it.severity != Severity::Fine);
        Self(wrong.map(|it| (it.check.to_string(), it.clone())).collect())
    }

    /// Tells what is other than it was; that a figure within a message changed is no news.
    fn changes_to(&self, now: &Self) -> Vec<Value> {
        let began = now.0.iter().filter(|(check, it)| {
            self.0.get(*check).is_none_or(|before| before.severity != it.severity)
        });
        let mut changes: Vec<Value> = began
            .map(|(check, it)| {
                json!({ "check": check, "severity": it.severity.to_string(), "message": it.message,
                    "fix": it.fix, "is_over": false })
            })
            .collect();
        let over = self.0.keys().filter(|check| !now.0.contains_key(*check));
        changes.extend(over.map(|check| json!({ "check": check, "is_over": true })));
        changes
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::Wrong;
    use crate::model::{Finding, Severity};

    #[test]
    fn an_alert_is_told_once_and_when_it_is_over() {
        let found = |severity, message: &str| {
            let check = Cow::Borrowed("memory");
            Wrong::of(&[Finding { check, severity, message: message.to_owned(), fix: None }])
        };
        let (fine, low) = (found(Severity::Fine, "free"), found(Severity::Advice, "91 %"));
        let lower = found(Severity::Advice, "92 %");
        let began = fine.changes_to(&low);
        assert_eq!((began.len(), &began[0]["is_over"]), (1, &false.into()));
        assert!(low.changes_to(&lower).is_empty());
        assert_eq!(low.changes_to(&found(Severity::Problem, "99 %")).len(), 1);
        assert_eq!(lower.changes_to(&fine)[0]["is_over"], true);
    }
}
