use super::{check_forward, remove_forward};
use crate::error::Error;
use crate::hypervisor::Refit;
use crate::model::VmConfiguration;

/// Changes in settings what differs from those of an original.
pub(in crate::hypervisor) fn refit(
    settings: &mut VmConfiguration,
    wanted: &Refit,
) -> Result<(), Error> {
    let renewed = wanted.forwards.iter().map(|forward| &forward.name);
    for name in wanted.dropped_forwards.iter().chain(renewed) {
        remove_forward(settings, name)?;
    }
    for forward in &wanted.forwards {
        check_forward(&settings.forwards, forward)?;
        settings.forwards.push(forward.clone());
    }
    if let (Some(port), Some(display)) = (wanted.remote_display_port, &mut settings.remote_display)
    {
        display.port = port;
    }
    if let Some(name) = &wanted.name {
        settings.name.clone_from(name);
    }
    if let Some(engine) = wanted.execution_engine {
        settings.execution_engine = engine;
    }
    Ok(())
}
