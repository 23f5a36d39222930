use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on, post};

use super::call::{call, path};
use super::dashboard::Page;
use super::guard::guard;
use super::mcp;
use super::own;
use super::reply::{Failure, wrong};
use super::routes::{Does, ROUTES, Route, Verb};
use super::site::Site;
use crate::error::{Error, ErrorKind};
use crate::server::method::Offered;

/// Every browser asks for it; there is none.
pub(super) const ICON: &str = "/favicon.ico";

/// Puts every route in its place, behind the guard.
pub(super) fn router(site: &Site) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, answering(route));
    }
    for page in Page::ALL {
        router = router.route(page.path(), on(MethodFilter::GET, async move || page.response()));
    }
    router
        .route("/v1/methods/{method}", post(by_name))
        .route(ICON, on(MethodFilter::GET, async || StatusCode::NO_CONTENT))
        .merge(mcp::router(site))
        .fallback(nothing)
        .method_not_allowed_fallback(another_verb)
        .layer(from_fn_with_state(site.clone(), guard))
        .with_state(site.clone())
}

fn answering(route: &'static Route) -> MethodRouter<Site> {
    let answer = async move |State(site): State<Site>, mut request: Request| match route.does {
        Does::Method(name) => {
            let in_path = path(&mut request).await?;
            call(site, named(name)?, in_path, request).await
        }
        Does::Own(own) => own::answer(site, own, request).await,
    };
    on(filter(route.verb), answer)
}

/// Calls any method by its name, its arguments in the body.
async fn by_name(State(site): State<Site>, mut request: Request) -> Result<Response, Failure> {
    let in_path = path(&mut request).await?;
    let name = in_path.first().map(|(_, name)| name.as_str()).unwrap_or_default();
    call(site, named(name)?, Vec::new(), request).await
}

fn named(name: &str) -> Result<&'static Offered, Error> {
    Offered::find(name).ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("there is no method `{name}`"))
            .hint("`GET /v1/openapi.json` names them all")
    })
}

async fn nothing(uri: Uri) -> Failure {
    let message = format!("there is nothing at `{}`", uri.path());
    Error::new(ErrorKind::NotFound, message).hint("`GET /v1/openapi.json` names all routes").into()
}

async fn another_verb(verb: Method, uri: Uri) -> Failure {
    let error = wrong(format!("`{}` does not take `{verb}`", uri.path()));
    Failure::with(StatusCode::METHOD_NOT_ALLOWED, error)
}

fn filter(verb: Verb) -> MethodFilter {
    match verb {
        Verb::Get => MethodFilter::GET,
        Verb::Post => MethodFilter::POST,
        Verb::Delete => MethodFilter::DELETE,
    }
}
