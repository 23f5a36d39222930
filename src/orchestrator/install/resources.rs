//! What a machine takes of its host for the system that is installed on it. Pure.

use crate::error::{Error, ErrorKind};
use crate::guest_os::Machine;
use crate::model::Gibibytes;
use crate::request::{CreateRequest, DiskWish};

/// Fills in what was not said of a machine; refuses what its system could not be installed on. An
/// image of a disk has a size of its own.
pub(super) fn wanted(
    asked: &CreateRequest,
    machine: &Machine,
    system: &str,
    image: Option<Gibibytes>,
) -> Result<CreateRequest, Error> {
    let (mut good, mut least) = (machine.good, machine.least);
    if let Some(size) = image {
        (good.disk, least.disk) = (good.disk.max(size), size);
    }
    let too_small = |what: String, hint: String| {
        Err(Error::new(ErrorKind::Usage, format!("{system} does not install with {what}"))
            .hint(hint))
    };
    let memory = asked.memory.unwrap_or(good.memory);
    if memory < least.memory {
        let hint = format!("give it `--memory {}` or more", least.memory.0);
        return too_small(format!("{memory} of memory"), hint);
    }
    let disk = match asked.disk {
        None => good.disk,
        Some(DiskWish::Size(size)) if least.disk <= size => size,
        Some(DiskWish::Size(Gibibytes(size))) => {
            let hint =
                format!("give it `--disk {}` or more: it grows as it is filled", least.disk.0);
            return too_small(format!("a disk of {size} GiB"), hint);
        }
        Some(DiskWish::None) => {
            return too_small("no disk".to_owned(), "leave out `--no-disk`".to_owned());
        }
    };
    let cpus = asked.cpus.unwrap_or(good.cpus);
    if cpus < least.cpus {
        let hint = format!("give it `--cpus {}` or more", least.cpus);
        return too_small(format!("{cpus} CPU"), hint);
    }
    Ok(CreateRequest {
        memory: Some(memory),
        disk: Some(DiskWish::Size(disk)),
        cpus: Some(cpus),
        os_type: Some(machine.os_type.clone()),
        firmware: Some(machine.firmware),
        graphics: asked.graphics.or(Some(machine.graphics)),
        ..asked.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use crate::guest_os::{CloudImage, GuestOs};
    use crate::model::{Gibibytes, Mebibytes};
    use crate::request::{CreateRequest, DiskWish};

    #[test]
    fn what_is_not_said_the_system_decides_and_too_little_is_refused() {
        let machine = CloudImage.machine();
        let asked = CreateRequest::new("web".parse().unwrap());
        let made = wanted(&asked, &machine, "x", None).unwrap();
        assert_eq!(made.memory, Some(machine.good.memory));
        assert_eq!(made.disk, Some(DiskWish::Size(machine.good.disk)));
        let said = CreateRequest { memory: Some(Mebibytes(64)), ..asked.clone() };
        assert_eq!(wanted(&said, &machine, "x", None).unwrap().memory, Some(Mebibytes(64)));
        let size = |image, asked: &CreateRequest| {
            wanted(asked, &machine, "x", Some(Gibibytes(image))).map(|it| it.disk)
        };
        assert_eq!(size(2, &asked).unwrap(), Some(DiskWish::Size(machine.good.disk)));
        assert_eq!(size(99, &asked).unwrap(), Some(DiskWish::Size(Gibibytes(99))));
        let small = CreateRequest { disk: Some(DiskWish::Size(Gibibytes(2))), ..asked.clone() };
        assert!(size(3, &small).is_err() && size(2, &small).is_ok());
        for little in [
            CreateRequest { memory: Some(Mebibytes(32)), ..asked.clone() },
            CreateRequest { disk: Some(DiskWish::None), ..asked.clone() },
            CreateRequest { disk: Some(DiskWish::Size(Gibibytes(0))), ..asked.clone() },
            CreateRequest { cpus: Some(0), ..asked },
        ] {
            let refusal = wanted(&little, &machine, "X", None).unwrap_err();
            assert!(refusal.message().starts_with("X does not install with"), "{refusal}");
        }
    }
}
