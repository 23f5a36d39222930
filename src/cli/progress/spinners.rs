use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::View;
use super::tracker::{Step, What};
use crate::cli::console::Console;
use crate::model::TaskId;

/// Shows each running task as a moving line, which goes when the task ends.
#[derive(Debug)]
pub(super) struct Spinners {
    console: Arc<Console>,
    bars: HashMap<TaskId, ProgressBar>,
}

impl Spinners {
    pub(super) fn new(console: Arc<Console>) -> Self {
        Self { console, bars: HashMap::new() }
    }

    fn bar(&mut self, task: TaskId) -> Option<&ProgressBar> {
        let bars = self.console.bars()?;
        Some(self.bars.entry(task).or_insert_with(|| {
            let bar = bars.add(ProgressBar::new_spinner().with_style(style()));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        }))
    }
}

impl View for Spinners {
    fn step(&mut self, step: Step) {
        match step.what {
            What::Begun(line) | What::Moved(line) | What::Again(line) => {
                if let Some(bar) = self.bar(step.task) {
                    bar.set_message(line);
                }
            }
            What::Ended(_) => {
                if let Some(bar) = self.bars.remove(&step.task) {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

impl Drop for Spinners {
    fn drop(&mut self) {
        self.bars.values().for_each(ProgressBar::finish_and_clear);
    }
}

fn style() -> ProgressStyle {
    let wanted = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}");
    wanted.unwrap_or_else(|_template| ProgressStyle::default_spinner())
}
