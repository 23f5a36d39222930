//! Moves empty tasks through the queue, over many lanes, and prints how many a second.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench")]

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use vm_cli::error::Error;
use vm_cli::model::{Priority, VmTaskType};
use vm_cli::queue::{Attempt, Job, Lane, Queue, Repeat, TaskSpec};
use vm_cli::request::Events;
use vm_cli::retry::RetryPolicy;

const TASKS: u32 = 100_000;
const LANES: u32 = 1_000;
const SLOTS: usize = 64;
const ROUNDS: u32 = 5;

struct Empty;

#[async_trait]
impl Job for Empty {
    async fn run(&self, _: &Attempt) -> Result<(), Error> {
        Ok(())
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("the runtime starts");
    let rates: Vec<f64> = (0..ROUNDS).map(|_| runtime.block_on(round())).collect();
    for rate in &rates {
        println!("{TASKS} tasks over {LANES} lanes: {rate:.0} tasks per second");
    }
    let best = rates.iter().copied().fold(0.0, f64::max);
    println!("best of {ROUNDS}: {best:.0} tasks per second");
}

/// Runs all tasks once, from the first submission to the last result, and returns the rate.
async fn round() -> f64 {
    let begun = Instant::now();
    let queue = Queue::start(SLOTS, Events::default(), 1);
    let job: Arc<dyn Job> = Arc::new(Empty);
    let submitted: Vec<_> = (0..TASKS)
        .map(|number| queue.submit(spec(number), job.clone()).expect("the queue is open"))
        .collect();
    for task in submitted {
        task.result.await.expect("the queue answers").expect("an empty task ends well");
    }
    queue.close().await;
    f64::from(TASKS) / begun.elapsed().as_secs_f64()
}

fn spec(number: u32) -> TaskSpec {
    TaskSpec {
        task_type: VmTaskType::Inspect,
        vm: None,
        lane: Lane::Vm(format!("vm-{}", number % LANES)),
        priority: match number % 3 {
            0 => Priority::High,
            1 => Priority::Medium,
            _ => Priority::Low,
        },
        repeat: Repeat::Safe,
        retry: RetryPolicy::default(),
        deadline: None,
    }
}
