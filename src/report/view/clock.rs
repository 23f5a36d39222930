use crate::report::Document;
use crate::report::document::Body;
use crate::report::dto::ClockItem;
use crate::request::ClockReport;

pub(super) fn clock(report: &ClockReport) -> Document {
    let now = standing(report.drift_ms);
    let line = match report.before_ms {
        None => format!("{}: its clock is {now}", report.vm),
        Some(before) => {
            format!("{}: its clock was {}, and is {now} now", report.vm, standing(before))
        }
    };
    let names = vec![report.vm.clone()];
    Document::items(&[ClockItem::from(report)], Body::Lines(vec![line]), names)
}

/// To log in and to ask takes its time: what is less than a tenth of a second is nothing.
pub(super) fn standing(ahead_ms: i64) -> String {
    let (tenths, is_ahead) = (ahead_ms.unsigned_abs() / 100, ahead_ms > 0);
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    match (tenths, is_ahead) {
        (0, _) => "right".to_owned(),
        (_, true) => format!("{seconds}.{tenth} s ahead"),
        (_, false) => format!("{seconds}.{tenth} s behind"),
    }
}

#[cfg(test)]
mod tests {
    use super::standing;

    #[test]
    fn a_clock_is_right_ahead_or_behind() {
        assert_eq!(standing(-99), "right");
        assert_eq!(standing(1_250), "1.2 s ahead");
        assert_eq!(standing(-3_600_000), "3600.0 s behind");
    }
}
