//! From a request over HTTP to the call of a method.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{RequestExt as _, extract::RawQuery};
use serde_json::{Map, Value};

use super::reply::{Failure, told, wrong};
use super::site::Site;
use crate::error::{Error, ErrorKind};
use crate::server::Client;
use crate::server::method::Offered;

/// No arguments are larger.
const MOST_BODY: usize = 1024 * 1024;

/// A body that takes longer is not waited for.
const BODY_PATIENCE: Duration = Duration::from_secs(30);

/// Calls a method: path, query and body are its arguments.
pub(super) async fn call(
    site: Site,
    method: &'static Offered,
    in_path: Vec<(String, String)>,
    mut request: Request,
) -> Result<Response, Failure> {
    let client = client(&request)?;
    // Before anything is read: who may not call it cannot make the server work.
    client.permit(method.scope)?;
    let query = request.extract_parts::<RawQuery>().await;
    let RawQuery(query) = query.unwrap_or(RawQuery(None));
    let (parts, body) = request.into_parts();
    let mut arguments = arguments(&parts.headers, body).await?;
    let (_, schema) = method.described();
    let query = query.unwrap_or_default();
    let in_query = form(&query);
    for (name, text) in in_query.into_iter().chain(in_path) {
        let value = typed(&schema, &name, text);
        if arguments.insert(name.clone(), value).is_some() {
            return Err(wrong(format!("the argument `{name}` is given twice")).into());
        }
    }
    let known = if method.name == "screen_picture" { known_picture(&parts.headers) } else { None };
    if let Some(hash) = known {
        arguments.insert("unless".to_owned(), hash.into());
    }
    let answer = site.office().call(method, Value::Object(arguments), &client).await?;
    Ok(told(answer).into_response())
}

/// Reads the arguments in the path.
pub(super) async fn path(request: &mut Request) -> Result<Vec<(String, String)>, Error> {
    let path = request.extract_parts::<RawPathParams>().await;
    let path = path.map_err(|e| wrong("the path is not UTF-8").caused_by(e))?;
    Ok(path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Returns who asks: the guard has put it there.
pub(super) fn client(request: &Request) -> Result<Client, Error> {
    let client = request.extensions().get::<Client>().cloned();
    client.ok_or_else(|| Error::new(ErrorKind::Unauthenticated, "nobody has said who asks"))
}

/// Reads the arguments in a body: a JSON object, or nothing.
async fn arguments(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Failure> {
    let late = || {
        let error = Error::new(ErrorKind::TimedOut, "the body of the request did not come in time");
        Failure::with(StatusCode::REQUEST_TIMEOUT, error)
    };
    let read = tokio::time::timeout(BODY_PATIENCE, to_bytes(body, MOST_BODY));
    let bytes = read.await.map_err(|_late| late())?.map_err(|e| {
        let error = wrong(format!("the body cannot be read, or has more than {MOST_BODY} bytes"));
        Failure::with(StatusCode::PAYLOAD_TOO_LARGE, error.caused_by(e))
    })?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let kind =
        headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    // A page of another site can send a form without being asked about it, but no JSON.
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        let error = wrong("the body is not `application/json`");
        return Err(Failure::with(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    serde_json::from_slice(&bytes)
        .map_err(|e| wrong("the body is no JSON object").caused_by(e).into())
}

/// Reads the fields of a query, such as `limit=3&vm=a%20b`.
pub(super) fn form(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Turns a text into what the schema of the argument says; what does not fit is refused by the
/// method.
fn typed(schema: &Map<String, Value>, name: &str, text: String) -> Value {
    let kinds = schema.get("properties").and_then(|it| it.get(name)).and_then(|it| it.get("type"));
    let is = |kind: &str| match kinds {
        Some(Value::Array(kinds)) => kinds.iter().any(|it| it == kind),
        Some(single) => single == kind,
        None => false,
    };
    if is("integer") || is("number") || is("boolean") {
        let value = serde_json::from_str(&text).ok();
        return value.filter(|it: &Value| it.is_number() || it.is_boolean()).unwrap_or(text.into());
    }
    text.into()
}

/// Returns the hash of the picture that the client has.
fn known_picture(headers: &HeaderMap) -> Option<String> {
    let tags = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let tag = tags.split(',').next()?.trim().trim_start_matches("W/");
    Some(tag.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{form, typed};

    #[test]
    fn a_query_becomes_typed_arguments() {
        let fields = form("vm=a+b%2F&limit=3&&x");
        let expected = [("vm", "a b/"), ("limit", "3"), ("x", "")];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let schema = json!({"properties": {"limit": {"type": ["integer", "null"]},
            "guest": {"type": "boolean"}, "vm": {"type": "string"}}});
        let schema = schema.as_object().unwrap();
        assert_eq!(typed(schema, "limit", "3".into()), json!(3));
        assert_eq!(typed(schema, "limit", "many".into()), json!("many"));
        assert_eq!(typed(schema, "guest", "true".into()), json!(true));
        assert_eq!(typed(schema, "vm", "3".into()), json!("3"));
        assert_eq!(typed(schema, "limit", "[1]".into()), json!("[1]"));
    }
}
