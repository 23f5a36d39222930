//! The Model Context Protocol: every method is a tool of an agent's, every VM's screen, state and
//! log a resource.

mod prompts;
mod resources;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use rmcp::service::{RequestContext, ServerInitializeError};
use rmcp::{RoleServer, ServerHandler, ServiceExt as _};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};

use super::events::tell_of;
use super::{Answer, Client, METHODS, Offered, Office};
use crate::error::{Error, ErrorKind};
use crate::guest::base64;
use crate::model::Scope;
use crate::orchestrator::{Caller, VmOrchestrator};
use crate::report::failure_value;

/// What an agent is told first.
const MANNERS: &str = "Drives virtual machines. Ask for `system_status` and `vm_list` first. To use \
    a desktop: `screen_read` tells what is on it, `screen_click` clicks at a text, `keyboard_type` \
    types, `vm_wait` waits for what comes of it; `screen_picture` shows it. Take a snapshot before \
    you try something, and put the VM back afterwards. A failure tells a `code`, a `hint`, and \
    whether it may pass (`retryable`).";

/// Serves one agent, until it goes or everything is to stop. What is under way then is canceled,
/// and its end waited for: half-made VMs are removed.
pub async fn serve(
    orchestrator: &VmOrchestrator,
    from: impl AsyncRead + Send + Unpin + 'static,
    to: impl AsyncWrite + Send + Unpin + 'static,
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let office = Office::open(orchestrator);
    let Caller { who, origin } = orchestrator.caller().clone();
    let client = Some(Client::trusted(who, origin));
    let agent = Agent { office: office.clone(), client };
    let telling = Box::pin(tell_of(&office));
    let talked = tokio::select! {
        talked = talk(agent, (from, to), stop) => talked,
        () = telling => Ok(()),
    };
    office.close_at_once().await;
    talked
}

async fn talk(
    agent: Agent,
    streams: (impl AsyncRead + Send + Unpin + 'static, impl AsyncWrite + Send + Unpin + 'static),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let mut stop = std::pin::pin!(stop);
    let greeted = tokio::select! {
        biased;
        () = &mut stop => return Ok(()),
        greeted = agent.serve(streams) => greeted,
    };
    let service = match greeted {
        Ok(service) => service,
        // It went before it had said all of its greeting.
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(e) => {
            let message = "who is connected does not speak the Model Context Protocol";
            return Err(Error::new(ErrorKind::Usage, message)
                .caused_by(e)
                .hint("let an agent start `vm-cli mcp`; it is not made for typing"));
        }
    };
    let token = service.cancellation_token();
    let mut conversation = std::pin::pin!(service.waiting());
    let gone = tokio::select! {
        biased;
        () = &mut stop => {
            token.cancel();
            conversation.await
        }
        gone = &mut conversation => gone,
    };
    gone.map(drop).map_err(|e| Error::new(ErrorKind::Internal, "the server broke").caused_by(e))
}

/// What answers one agent.
#[derive(Debug)]
pub(super) struct Agent {
    pub(super) office: Office,
    /// Who it is; `None` stands in each of its requests.
    pub(super) client: Option<Client>,
}

impl ServerHandler for Agent {
    fn get_info(&self) -> ServerConfig {
        let offered = ServerCapabilities::builder();
        let offered = offered.enable_tools().enable_resources().enable_prompts().build();
        ServerConfig::new(offered)
            .with_server_info(Implementation::new("vm-cli", env!("CARGO_PKG_VERSION")))
            .with_instructions(MANNERS)
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(METHODS.iter().map(tool).collect()))
    }

    async fn call_tool(
        &self,
        asked: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(method) = Offered::find(&asked.name) else {
            return Err(ErrorData::invalid_params(
                format!("there is no tool `{}`", asked.name),
                None,
            ));
        };
        let client = self.asking(&context)?;
        let arguments = Value::Object(asked.arguments.unwrap_or_default());
        let answered = tokio::select! {
            biased;
            answered = self.office.call(method, arguments, &client) => answered,
            // The call is canceled with that, and ends by itself.
            () = context.ct.cancelled() => Err(Error::new(ErrorKind::Canceled, "canceled")),
        };
        Ok(match answered {
            Ok(answer) => told(answer),
            Err(error) => failed(&error),
        }
        .into())
    }

    async fn list_resources(
        &self,
        _page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        resources::list(&self.office, &self.asking(&context)?).await
    }

    async fn list_resource_templates(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(resources::templates())
    }

    async fn read_resource(
        &self,
        asked: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let client = self.asking(&context)?;
        resources::read(&self.office, &client, &asked.uri).await.map(Into::into)
    }

    async fn list_prompts(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(prompts::list())
    }

    async fn get_prompt(
        &self,
        asked: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompts::get(&asked.name, &asked.arguments.unwrap_or_default()).map(Into::into)
    }
}

impl Agent {
    /// Returns who asks.
    fn asking(&self, context: &RequestContext<RoleServer>) -> Result<Client, ErrorData> {
        let client = self.client.clone().or_else(|| asking(context));
        client.ok_or_else(|| ErrorData::internal_error("nobody has said who asks", None))
    }
}

/// Returns who sent a request over HTTP: the guard has put it there.
#[cfg(feature = "serve")]
fn asking(context: &RequestContext<RoleServer>) -> Option<Client> {
    let request = context.extensions.get::<axum::http::request::Parts>()?;
    request.extensions.get::<Client>().cloned()
}

#[cfg(not(feature = "serve"))]
fn asking(_context: &RequestContext<RoleServer>) -> Option<Client> {
    None
}

/// Describes a method as a tool.
fn tool(method: &Offered) -> Tool {
    let (about, arguments) = method.described();
    let nature = ToolAnnotations::new()
        .read_only(method.scope == Scope::Observe)
        .destructive(method.scope == Scope::Destroy)
        .open_world(false);
    Tool::new(method.name, about, arguments).with_annotations(nature)
}

fn told(Answer { document, picture }: Answer) -> CallToolResult {
    let mut result = CallToolResult::structured(document);
    if let Some(png) = picture.and_then(|it| it.png) {
        result.content.push(ContentBlock::image(base64::padded(&png), "image/png"));
    }
    result
}

/// A failure of what was asked is an answer: the agent reads it.
fn failed(error: &Error) -> CallToolResult {
    CallToolResult::structured_error(failure_value(error))
}
