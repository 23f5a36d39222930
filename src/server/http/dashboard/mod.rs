//! The page for people. It holds no data: everything on it comes from the API, with its guard.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

/// What the page may load: its own files, and pictures that it fetched.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// A file of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    /// The page itself.
    Html,
    /// How it looks.
    Style,
    /// What its scripts share.
    Core,
    /// The cards of all VMs.
    Vms,
    /// One VM.
    Vm,
    /// The host, the queue, agents, events, the audit trail.
    Records,
    /// Which part is shown.
    Places,
}

impl Page {
    /// Every file.
    pub const ALL: [Self; 7] =
        [Self::Html, Self::Style, Self::Core, Self::Vms, Self::Vm, Self::Records, Self::Places];

    /// Returns where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Html => "/",
            Self::Style => "/page.css",
            Self::Core => "/core.js",
            Self::Vms => "/vms.js",
            Self::Vm => "/vm.js",
            Self::Records => "/records.js",
            Self::Places => "/page.js",
        }
    }

    /// Returns what it says.
    pub fn text(self) -> &'static str {
        match self {
            Self::Html => include_str!("page.html"),
            Self::Style => include_str!("page.css"),
            Self::Core => include_str!("core.js"),
            Self::Vms => include_str!("vms.js"),
            Self::Vm => include_str!("vm.js"),
            Self::Records => include_str!("records.js"),
            Self::Places => include_str!("page.js"),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Style => "text/css; charset=utf-8",
            Self::Core | Self::Vms | Self::Vm | Self::Records | Self::Places => {
                "text/javascript; charset=utf-8"
            }
        }
    }

    /// Returns it as an answer.
    pub(super) fn response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(self.kind()))];
        (kind, [(header::CONTENT_SECURITY_POLICY, POLICY)], self.text()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn nothing_that_the_api_tells_can_become_markup() {
        let scripts = [Page::Core, Page::Vms, Page::Vm, Page::Records, Page::Places];
        let script = scripts.map(Page::text).concat();
        for way in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "srcdoc",
            "setAttribute(",
            "DOMParser",
            "createContextualFragment",
            "javascript:",
        ] {
            assert!(!script.contains(way), "{way}");
        }
        assert!(script.contains("textContent"));
        // Nothing in the page itself runs: the policy forbids it, and it would be silent.
        let page = Page::Html.text();
        for inline in ["onclick", "onload", "style=", "<script>", "http://", "https://"] {
            assert!(!page.contains(inline), "{inline}");
        }
        for file in Page::ALL.into_iter().filter(|it| *it != Page::Html) {
            assert!(page.contains(&format!("\"{}\"", file.path())), "{file:?}");
        }
    }
}
