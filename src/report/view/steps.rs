use std::time::Duration;

use crate::report::Document;
use crate::report::document::Body;
use crate::report::dto::{StepItem, millis};

/// One step of a demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedStep {
    /// What was done, such as "start it".
    pub what: &'static str,
    /// How long it took.
    pub took: Duration,
    /// What came of it.
    pub detail: String,
}

impl Document {
    /// Builds the document of a demonstration. People have seen each step as it came.
    pub fn played(steps: &[PlayedStep]) -> Self {
        let item = |step: &PlayedStep| StepItem {
            step: step.what.to_owned(),
            took_ms: millis(step.took),
            detail: step.detail.clone(),
        };
        let items: Vec<StepItem> = steps.iter().map(item).collect();
        Self::items(&items, Body::Lines(Vec::new()), Vec::new())
    }
}
