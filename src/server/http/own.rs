//! What the server answers itself.

use std::time::Instant;

use axum::Json;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::call::client;
use super::openapi;
use super::reply::Failure;
use super::requests;
use super::routes::Own;
use super::site::Site;
use super::tickets;
use super::ws;
use crate::report::{self, Document, Format, Style};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers.
pub(super) async fn answer(site: Site, own: Own, request: Request) -> Result<Response, Failure> {
    let client = client(&request)?;
    client.permit(own.scope())?;
    match own {
        Own::Requests => requests::answer(site, request).await,
        Own::WebSocket => ws::upgrade(site, request).await,
        Own::Ticket => {
            let ticket = site.tickets().make(&client, Instant::now())?;
            let seconds = tickets::LIFE.as_secs();
            Ok(Json(json!({ "schema": 1, "ticket": ticket, "seconds": seconds })).into_response())
        }
        Own::OpenApi => Ok(Json(openapi::document()).into_response()),
        Own::Config => {
            client.permit_everywhere()?;
            let rules = site.rules();
            Ok(Json(json!({ "schema": 1, "config": rules.config })).into_response())
        }
        Own::Metrics => {
            client.permit_everywhere()?;
            let report = site.office().orchestrator().afresh().metrics_report(None).await?;
            let style = Style { format: Format::Prometheus, ..Style::default() };
            let text = report::render(&Document::metrics(&report), &style)?;
            // What OpenMetrics asks for beyond the older format.
            Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text + "# EOF\n").into_response())
        }
    }
}
