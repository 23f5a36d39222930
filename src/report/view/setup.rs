use crate::model::Finding;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::SetupShape;
use crate::report::table::{Column, Table};

pub(super) fn checked(findings: &[Finding]) -> Document {
    let columns = vec![
        Column::left("severity", "RESULT"),
        Column::left("check", "CHECK"),
        Column::left("message", "FOUND"),
        Column::left("fix", "WHAT TO DO"),
    ];
    let row = |finding: &Finding| {
        let fix = finding.fix.clone().unwrap_or_default();
        vec![
            Cell::severity(finding.severity),
            Cell::new(finding.check.as_ref()),
            Cell::new(&finding.message),
            Cell::new(fix),
        ]
    };
    let rows = findings.iter().map(row).collect();
    let names = findings.iter().map(|finding| finding.check.to_string()).collect();
    let body = Body::Table(Table { columns, rows });
    Document::object(&SetupShape::from(findings), Some("checks"), body).named(names)
}
