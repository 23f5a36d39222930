use crate::model::typed;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::TemplateItem;
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::report::table::{Column, Table};
use crate::request::{Renewal, Template};

pub(super) fn list(templates: &[Template]) -> Document {
    let columns = vec![
        Column::left("name", "TEMPLATE"),
        Column::left("vm", "VM"),
        Column::left("os", "OS").if_room(),
        Column::right("clones", "CLONES"),
        Column::left("saved_at", "SAVED"),
    ];
    let row = |it: &Template| {
        vec![
            Cell::new(&it.name),
            Cell::new(vm(it)),
            Cell::new(&it.os),
            Cell::new(it.clones.len().to_string()),
            Cell::new(human::moment(it.saved_at)),
        ]
    };
    let items: Vec<TemplateItem> = templates.iter().map(TemplateItem::from).collect();
    let rows = templates.iter().map(row).collect();
    let names = templates.iter().map(|it| it.name.clone()).collect();
    Document::items(&items, Body::Table(Table { columns, rows }), names)
}

pub(super) fn told(template: &Template) -> Document {
    let renewal = match template.renewal {
        Renewal::None => "none: guests take themselves for that of the template",
        Renewal::CloudInit => "by cloud-init: host name, SSH host keys, machine-id",
    };
    let sheet = Sheet::default()
        .row("template", &template.name)
        .row("vm", vm(template))
        .row("os", &template.os)
        .row("renewal", renewal)
        .row("saved", human::moment(template.saved_at))
        .cells("clones", template.clones.iter().map(Cell::new))
        .row("next", format!("vm-cli create NAME --template {}", typed(&template.name)));
    let names = vec![template.name.clone()];
    Document::items(&[TemplateItem::from(template)], Body::Sheet(sheet), names)
}

fn vm(template: &Template) -> &str {
    template.vm.as_deref().unwrap_or("gone")
}
