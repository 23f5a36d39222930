//! Where events come from. What it costs something to find out is only looked at while somebody
//! wants to know it.

mod alerts;
mod metrics;
mod screens;
mod tasks;
mod terms;
mod vms;

use std::time::Duration;

use tokio::sync::Notify;

pub(in crate::server) use self::terms::tell_of_work;
use crate::server::office::Office;

/// Between two looks at the VMs, while somebody listens.
const LOOK: Duration = Duration::from_secs(2);

/// Tells of what happens, until the future is dropped.
pub(in crate::server) async fn tell_of(office: &Office) {
    let ended = Notify::new();
    tokio::join!(
        tasks::tell(office, &ended),
        vms::tell(office, &ended),
        screens::tell(office),
        metrics::tell(office),
        alerts::tell(office),
        terms::keep(office),
    );
}
