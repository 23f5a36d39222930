//! The methods over HTTP: `vm-cli serve`.

mod call;
mod dashboard;
mod doors;
mod guard;
mod hub;
mod listen;
mod mcp;
mod openapi;
mod own;
mod rate;
mod reply;
mod requests;
mod rights;
mod router;
mod routes;
mod site;
mod status;
mod tickets;
mod tls;
mod ws;

pub use dashboard::Page;
pub use listen::{Bound, bind};
pub use openapi::document as openapi;
pub use routes::{Does, Own, ROUTES, Route, Verb};
pub use site::{Reloader, SiteOptions};
