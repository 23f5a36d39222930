//! What the web service's refusals mean, by the rules that explain VBoxManage's.

use super::conversation::Problem;
use super::envelope::field;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::virtualbox::check::Failure;
use crate::hypervisor::virtualbox::error;
use crate::model::{VmRef, typed};
use crate::process::{Effect, Exit};

/// Explains why a call about a VM did not go well.
pub(super) fn explain(problem: Problem, effect: Effect, vm: Option<&VmRef>) -> Error {
    let explained = match &problem {
        Problem::Fault(fields) => refusal(fields, effect, vm),
        _ if problem.leaves_doubt(effect) => {
            let typed = vm.map_or_else(|| "NAME".to_owned(), typed);
            let message = "VirtualBox's web service gave no answer, and may have done it";
            Error::new(ErrorKind::OutcomeUnknown, message)
                .hint(format!("look at the screen: `vm-cli screenshot {typed}`"))
        }
        Problem::TimedOut(after) => {
            let message = format!("VirtualBox's web service did not answer within {after:?}");
            Error::new(ErrorKind::TimedOut, message)
                .hint("try again, or allow more with `timeouts.query_seconds`")
        }
        Problem::NotThere(_) | Problem::BrokenOff(_) => {
            Error::new(ErrorKind::ServiceUnavailable, "VirtualBox's web service went away")
                .hint("try again")
        }
        Problem::Unreadable => {
            let message = "the answer of VirtualBox's web service cannot be understood";
            Error::new(ErrorKind::Unparseable, message)
                .hint("run `vm-cli setup` to check VirtualBox")
        }
    };
    let explained = explained.caused_by(problem);
    match vm {
        Some(vm) => explained.about(vm),
        None => explained,
    }
}

fn refusal(fields: &[(String, String)], effect: Effect, vm: Option<&VmRef>) -> Error {
    if field(fields, "badObjectID").is_some() {
        let message = "VirtualBox's web service has forgotten what it was told";
        return Error::new(ErrorKind::ServiceUnavailable, message).hint("try again");
    }
    error::explain(&failure(fields, effect), vm)
}

/// Writes a refusal down as one of VBoxManage's.
fn failure(fields: &[(String, String)], effect: Effect) -> Failure {
    let text = field(fields, "faultstring").unwrap_or("VirtualBox's web service refused");
    let text = text.strip_prefix("VirtualBox error: ").unwrap_or(text);
    let said = match text.strip_prefix("apirc=").and_then(|rest| rest.split_once(' ')) {
        Some((_, sentence)) => sentence,
        None => text,
    };
    let said = said.rsplit_once(" (0x").map_or(said, |(sentence, _)| sentence);
    let code = field(fields, "resultCode").and_then(|code| code.parse::<i32>().ok());
    Failure {
        exit: Exit::Code(1),
        effect,
        said: vec![said.to_owned()],
        context: String::new(),
        code: code.map(i32::cast_unsigned),
    }
}
