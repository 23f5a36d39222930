use crate::report::Document;
use crate::report::document::Body;
use crate::report::dto::TransferItem;
use crate::report::human;
use crate::request::TransferReport;

pub(super) fn transferred(report: &TransferReport) -> Document {
    let copied = &report.copied;
    let files = match copied.files {
        1 => "1 file".to_owned(),
        many => format!("{many} files"),
    };
    let kept = match copied.kept_bytes {
        0 => String::new(),
        bytes => format!(", {} were there", human::bytes(bytes)),
    };
    let mut lines = vec![format!(
        "{}: {files} copied, {}{kept} ({})",
        report.vm,
        human::bytes(copied.bytes),
        human::duration(report.took)
    )];
    lines.extend(copied.skipped.iter().map(|path| format!("skipped {path}: a link, or no file")));
    let names = vec![report.vm.clone()];
    Document::items(&[TransferItem::from(report)], Body::Lines(lines), names)
}
