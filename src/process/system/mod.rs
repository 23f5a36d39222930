//! Programs of this host: started, read, bounded and ended.

mod call;
mod capture;
mod endings;
mod platform;
mod system_runner;
#[cfg(test)]
mod tests;

pub use system_runner::SystemRunner;
