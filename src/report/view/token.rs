use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::TokenItem;
use crate::report::human;
use crate::report::table::{Column, Table};
use crate::store::Token;

impl Document {
    /// Builds the document of tokens.
    pub fn tokens(tokens: &[Token]) -> Self {
        let columns = vec![
            Column::left("name", "NAME"),
            Column::left("scopes", "SCOPES"),
            Column::left("vms", "VMS"),
            Column::left("created_at", "CREATED"),
        ];
        let row = |token: &Token| {
            let scopes: Vec<&str> = token.scopes.iter().map(|it| it.as_str()).collect();
            let vms = if token.vms.is_empty() { "every".to_owned() } else { token.vms.join(", ") };
            let created = human::moment(token.created_at);
            vec![
                Cell::new(&token.name),
                Cell::new(scopes.join(", ")),
                Cell::new(vms),
                Cell::new(created),
            ]
        };
        let items: Vec<TokenItem> = tokens.iter().map(TokenItem::from).collect();
        let names = tokens.iter().map(|token| token.name.clone()).collect();
        let rows = tokens.iter().map(row).collect();
        Self::items(&items, Body::Table(Table { columns, rows }), names)
    }
}
