use serde::{Deserialize, Serialize};

use crate::error::ErrorKind;
use crate::hypervisor::simulated::fault::{Fault, FaultEffect};
use crate::model::Invalid;

/// The kinds of failure that can be asked for.
const KINDS: [ErrorKind; 17] = [
    ErrorKind::Locked,
    ErrorKind::NotReady,
    ErrorKind::Changing,
    ErrorKind::FileBusy,
    ErrorKind::DisplayNotReady,
    ErrorKind::ServiceUnavailable,
    ErrorKind::GuestNotReady,
    ErrorKind::GuestUnreachable,
    ErrorKind::InvalidState,
    ErrorKind::TimedOut,
    ErrorKind::OutcomeUnknown,
    ErrorKind::HypervisorUnusable,
    ErrorKind::PermissionDenied,
    ErrorKind::DiskFull,
    ErrorKind::ProgramFailed,
    ErrorKind::Unparseable,
    ErrorKind::Io,
];

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultShape {
    operation: String,
    kind: String,
    #[serde(default)]
    effect: EffectShape,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(default = "certain", skip_serializing_if = "is_certain")]
    odds: f64,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    drawn: u64,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EffectShape {
    #[default]
    Refused,
    Done,
}

fn certain() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_certain(odds: &f64) -> bool {
    *odds >= 1.0
}

impl From<&Fault> for FaultShape {
    fn from(fault: &Fault) -> Self {
        Self {
            operation: fault.operation.to_string(),
            kind: fault.kind.code().to_owned(),
            effect: match fault.effect {
                FaultEffect::Refused => EffectShape::Refused,
                FaultEffect::Done => EffectShape::Done,
            },
            times: fault.times,
            odds: fault.odds,
            seed: fault.seed,
            drawn: fault.drawn,
        }
    }
}

impl TryFrom<FaultShape> for Fault {
    type Error = Invalid;

    fn try_from(shape: FaultShape) -> Result<Self, Invalid> {
        let kind = KINDS.iter().copied().find(|it| it.code() == shape.kind).ok_or_else(|| {
            let words: Vec<_> = KINDS.iter().map(|it| it.code()).collect();
            Invalid::new(
                "kind of fault",
                &shape.kind,
                format!("is not one of {}", words.join(", ")),
            )
        })?;
        if !(0.0..=1.0).contains(&shape.odds) {
            return Err(Invalid::new("odds", &shape.odds.to_string(), "are not between 0 and 1"));
        }
        Ok(Self {
            operation: shape.operation.parse()?,
            kind,
            effect: match shape.effect {
                EffectShape::Refused => FaultEffect::Refused,
                EffectShape::Done => FaultEffect::Done,
            },
            times: shape.times,
            odds: shape.odds,
            seed: shape.seed,
            drawn: shape.drawn,
        })
    }
}
