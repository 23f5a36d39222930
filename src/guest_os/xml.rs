use quick_xml::escape::escape;

/// An element of XML. Whatever text is put in comes out escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Text(String),
    Elements(Vec<Element>),
}

impl Element {
    /// Builds an element that holds others.
    pub(super) fn of(name: &'static str, elements: impl IntoIterator<Item = Self>) -> Self {
        let content = Content::Elements(elements.into_iter().collect());
        Self { name, attributes: Vec::new(), content }
    }

    /// Builds an element that holds text.
    #[expect(clippy::needless_pass_by_value, reason = "whatever can be shown is put in")]
    pub(super) fn text(name: &'static str, text: impl ToString) -> Self {
        Self { name, attributes: Vec::new(), content: Content::Text(text.to_string()) }
    }

    /// Adds an attribute.
    #[expect(clippy::needless_pass_by_value, reason = "whatever can be shown is put in")]
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// Writes it as a document.
    pub(super) fn document(&self) -> String {
        let mut xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned();
        self.write(&mut xml, 0);
        xml
    }

    fn write(&self, xml: &mut String, depth: usize) {
        let (indent, name) = ("  ".repeat(depth), self.name);
        xml.extend([&indent, "<", name]);
        for (attribute, value) in &self.attributes {
            xml.extend([" ", attribute, "=\"", &escape(value.as_str()), "\""]);
        }
        match &self.content {
            Content::Text(text) => xml.extend([">", &escape(text.as_str()), "</", name, ">\n"]),
            Content::Elements(elements) => {
                xml.push_str(">\n");
                for element in elements {
                    element.write(xml, depth + 1);
                }
                xml.extend([&indent, "</", name, ">\n"]);
            }
        }
    }
}
