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
    /// What it does.
    Script,
    /// How it looks.
    Style,
}

impl Page {
    /// Every file.
    pub const ALL: [Self; 3] = [Self::Html, Self::Script, Self::Style];

    /// Returns where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Html => "/",
            Self::Script => "/page.js",
            Self::Style => "/page.css",
        }
    }

    /// Returns what it says.
    pub fn text(self) -> &'static str {
        match self {
            Self::Html => include_str!("page.html"),
            Self::Script => include_str!("page.js"),
            Self::Style => include_str!("page.css"),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Script => "text/javascript; charset=utf-8",
            Self::Style => "text/css; charset=utf-8",
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
        let script = Page::Script.text();
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
        for file in [Page::Script, Page::Style] {
            assert!(page.contains(&format!("\"{}\"", file.path())), "{file:?}");
        }
    }
}
