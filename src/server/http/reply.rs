use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::status::status;
use crate::error::{Error, ErrorKind};
use crate::report::failure_value;
use crate::server::{Answer, Picture};

/// A failure, as every route tells it: the shape that `--json` has.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    error: Error,
}

impl Failure {
    /// Says more of a failure than its kind.
    pub(super) fn with(status: StatusCode, error: Error) -> Self {
        Self { status, error }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { status: status(error.kind()), error }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(failure_value(&self.error))).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// Tells what a method answered: a picture as PNG, tagged with its hash, everything else as JSON.
pub(super) fn told(answer: Answer) -> Response {
    let Some(Picture { hash, png }) = answer.picture else {
        return Json(answer.document).into_response();
    };
    let tagged =
        [(header::ETAG, format!("\"{hash}\"")), (header::CACHE_CONTROL, "no-cache".into())];
    match png {
        Some(png) => (tagged, [(header::CONTENT_TYPE, "image/png")], png).into_response(),
        None => (StatusCode::NOT_MODIFIED, tagged).into_response(),
    }
}

/// Builds the refusal of what is asked wrongly.
pub(super) fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Usage, message)
}
