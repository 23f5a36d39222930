//! SOAP, as much of it as VirtualBox's web service speaks.

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

/// The name of a call of the web service, with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// What is called, such as `IMouse_putMouseEventAbsolute`.
    pub(super) name: &'static str,
    /// What with, in the order of the service's description.
    pub(super) arguments: Vec<(&'static str, String)>,
}

/// What a call came to: the fields of its answer, or of its fault, as they stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// It went well.
    Done(Vec<(String, String)>),
    /// It did not.
    Fault(Vec<(String, String)>),
}

impl Call {
    /// Writes it down.
    pub(super) fn xml(&self) -> String {
        let name = self.name;
        let mut arguments = String::new();
        for (argument, value) in &self.arguments {
            let value = escape(value);
            arguments.extend(["<", argument, ">", &value, "</", argument, ">"]);
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns:vbox=\"http://www.virtualbox.org/\"><s:Body>\
             <vbox:{name}>{arguments}</vbox:{name}></s:Body></s:Envelope>"
        )
    }
}

impl Answer {
    /// Reads what came back; `None` if it is no answer.
    pub(super) fn read(xml: &str) -> Option<Self> {
        let mut reader = Reader::from_str(xml);
        let (mut path, mut text) = (Vec::<String>::new(), String::new());
        let (mut fields, mut answered) = (Vec::new(), None);
        loop {
            match reader.read_event().ok()? {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    path.push(name);
                    if let [_, _, outermost] = path.as_slice() {
                        answered = Some(outermost == "Fault");
                    }
                    text.clear();
                }
                Event::Text(piece) => text.push_str(&piece),
                Event::GeneralRef(entity) => text.push_str(&character(&entity)?),
                Event::End(_) => {
                    let name = path.pop()?;
                    if !text.trim().is_empty() || path.len() > 2 {
                        fields.push((name, std::mem::take(&mut text)));
                    }
                    text.clear();
                }
                Event::Eof => break,
                Event::Empty(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
        if !path.is_empty() {
            return None;
        }
        Some(if answered? { Self::Fault(fields) } else { Self::Done(fields) })
    }
}

/// Finds a field by its name.
pub(super) fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Returns what `&name;` stands for.
fn character(entity: &str) -> Option<String> {
    if let Some(known) = quick_xml::escape::resolve_predefined_entity(entity) {
        return Some(known.to_owned());
    }
    let number = entity.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?).map(String::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Answer, Call, field};

    /// An answer as `vboxwebsrv` 7.2.22 gave it.
    macro_rules! recorded {
        ($name:literal) => {
            include_str!(concat!("../../../../tests/fixtures/virtualbox/7.2/soap/", $name, ".xml"))
        };
    }

    fn done(answer: &str) -> Vec<(String, String)> {
        match Answer::read(answer) {
            Some(Answer::Done(fields)) => fields,
            other => panic!("{other:?}"),
        }
    }

    fn fault(answer: &str) -> Vec<(String, String)> {
        match Answer::read(answer) {
            Some(Answer::Fault(fields)) => fields,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn answers_are_read() {
        let logon = done(recorded!("logon"));
        assert_eq!(field(&logon, "returnval"), Some("0d74a251a54c746c-0000000000000001"));
        let screen = done(recorded!("resolution"));
        let size = (field(&screen, "width"), field(&screen, "height"));
        assert_eq!(size, (Some("1024"), Some("768")));
        assert_eq!(field(&done(recorded!("unlock")), "returnval"), None);
    }

    #[test]
    fn faults_are_read() {
        let missing = fault(recorded!("missing-vm"));
        assert_eq!(field(&missing, "resultCode"), Some("-2135228415"));
        assert!(field(&missing, "faultstring").is_some_and(|text| text.contains("'nog'")));
        // Of a logon with a wrong password; nothing more is said.
        assert_eq!(field(&fault(recorded!("logon-refused")), "faultstring"), None);
        assert_eq!(field(&fault(recorded!("forgotten")), "badObjectID"), Some("deadbeef"));
    }

    #[test]
    fn what_is_cut_off_is_no_answer() {
        let whole = recorded!("logon");
        for length in 0..whole.len() - 1 {
            assert_eq!(Answer::read(&whole[..length]), None, "{}", &whole[..length]);
        }
        assert_eq!(Answer::read("<html>not found</html>"), None);
    }

    proptest! {
        #[test]
        fn a_value_arrives_as_it_was_sent(value in "[^\\p{C}]{1,60}") {
            let call = Call { name: "X", arguments: vec![("value", value.clone())] };
            prop_assume!(!value.trim().is_empty());
            // An answer is made as a question is.
            let Some(Answer::Done(fields)) = Answer::read(&call.xml()) else {
                return Err(TestCaseError::fail(call.xml()));
            };
            prop_assert_eq!(field(&fields, "value"), Some(value.as_str()));
        }

        #[test]
        fn nothing_makes_the_reader_panic(text in ".{0,200}") {
            drop(Answer::read(&text));
        }
    }
}
