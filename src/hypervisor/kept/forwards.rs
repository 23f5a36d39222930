use crate::error::{Error, ErrorKind};
use crate::model::{Forward, Nic, VmConfiguration, typed};

/// Adds a forward to settings.
pub(in crate::hypervisor) fn add_forward(
    settings: &mut VmConfiguration,
    forward: Forward,
) -> Result<(), Error> {
    if settings.nic != Nic::Nat {
        return Err(Error::new(
            ErrorKind::InvalidState,
            format!("the first network adapter of `{}` is not on NAT", settings.name),
        )
        .hint("forwards need `--nic nat`"));
    }
    check_forward(&settings.forwards, &forward)?;
    settings.forwards.push(forward);
    Ok(())
}

/// Removes a forward from settings and returns it.
pub(in crate::hypervisor) fn remove_forward(
    settings: &mut VmConfiguration,
    name: &str,
) -> Result<Forward, Error> {
    let forwards = &mut settings.forwards;
    let Some(place) = forwards.iter().position(|forward| forward.name == name) else {
        let message = format!("`{}` has no forward `{name}`", settings.name);
        let hint = format!("run `vm-cli status {}`", typed(&settings.name));
        return Err(Error::new(ErrorKind::NotFound, message).hint(hint));
    };
    Ok(forwards.remove(place))
}

/// Refuses a forward whose name or host port another one has.
pub(in crate::hypervisor) fn check_forward(
    others: &[Forward],
    wanted: &Forward,
) -> Result<(), Error> {
    let same_port = |other: &&Forward| {
        (other.protocol, other.host_port) == (wanted.protocol, wanted.host_port)
            && other.host_address == wanted.host_address
    };
    let what = if others.iter().any(|other| other.name == wanted.name) {
        format!("a forward named `{}` exists already", wanted.name)
    } else if let Some(other) = others.iter().find(same_port) {
        format!("the forward `{}` has the host port {} already", other.name, other.host_port)
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::AlreadyExists, what).hint("choose another name or host port"))
}
