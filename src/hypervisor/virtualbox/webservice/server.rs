use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::calls;
use super::conversation::{Conversation, Problem};
use super::fault::explain;
use super::loan::{self, Loan, SIMPLE, Terms};
use super::machine::Machine;
use crate::error::{Error, ErrorKind, io};
use crate::hypervisor::virtualbox::check::check;
use crate::hypervisor::virtualbox::command::Commands;
use crate::hypervisor::virtualbox::discover::Surroundings;
use crate::hypervisor::virtualbox::error;
use crate::model::VmRef;
use crate::process::{CommandLine, CommandRunner, Effect, Service};

/// What it prints when it listens.
const LISTENING: &str = "Socket connection successful";

/// How long it keeps what nobody asks for, in seconds.
const FORGETS_AFTER: &str = "300";

/// What a web service of ours needs.
#[derive(Debug, Clone)]
pub struct WebServiceOptions {
    /// Where `vboxwebsrv` is; `None` where none can be.
    pub program: Option<WebServiceProgram>,
    /// A file that tells what has to be put back after a crash.
    pub loan: PathBuf,
    /// Makes up what nobody can guess.
    pub secret: fn() -> String,
}

/// Where `vboxwebsrv` is: searched for when somebody wants to know.
#[derive(Debug, Clone)]
pub struct WebServiceProgram {
    surroundings: Surroundings,
    vboxmanage: Option<PathBuf>,
    found: Arc<OnceLock<Option<PathBuf>>>,
}

impl WebServiceProgram {
    /// Takes in where to search. Nothing is searched yet.
    pub fn new(surroundings: Surroundings, vboxmanage: Option<PathBuf>) -> Self {
        Self { surroundings, vboxmanage, found: Arc::default() }
    }

    fn find(&self) -> Option<&Path> {
        let search = || self.surroundings.web_service(self.vboxmanage.as_deref());
        self.found.get_or_init(search).as_deref()
    }
}

impl WebServiceOptions {
    /// Returns the program, or tells what to install.
    pub(in crate::hypervisor::virtualbox) fn program(&self) -> Result<&Path, Error> {
        self.program.as_ref().and_then(WebServiceProgram::find).ok_or_else(missing)
    }

    /// Tells of a host where none is installed.
    pub fn absent() -> Self {
        Self { program: None, loan: PathBuf::new(), secret: String::new }
    }
}

/// A web service of ours, with somebody logged on.
#[derive(Debug)]
pub(in crate::hypervisor::virtualbox) struct Server {
    service: Service,
    address: SocketAddr,
    commands: Commands,
    virtualbox: String,
    is_spoiled: AtomicBool,
}

/// What starts one.
#[derive(Debug, Clone)]
pub(in crate::hypervisor::virtualbox) struct Starter {
    pub(in crate::hypervisor::virtualbox) options: WebServiceOptions,
    pub(in crate::hypervisor::virtualbox) runner: Arc<dyn CommandRunner>,
    pub(in crate::hypervisor::virtualbox) commands: Commands,
}

impl Starter {
    /// Starts it and logs on. Must not be dropped in the middle.
    pub(in crate::hypervisor::virtualbox) async fn start(&self) -> Result<Server, Error> {
        let program = self.options.program()?.to_owned();
        let (user, password) = (format!("vm-cli-{}", std::process::id()), (self.options.secret)());
        let mut loan = Loan::open(&self.options.loan)?;
        let library = match loan.left() {
            Some(left) => left.auth_library.clone(),
            None => self.auth_library().await?,
        };
        let terms = loan.note(&library, &user)?.clone();
        match self.come_up(program, &user, &password, &terms).await {
            Ok(server) => loan.returned().map(|()| server),
            Err(error) => {
                // What cannot be put back now is put back by the next start.
                match self.put_back(&terms).await {
                    Ok(()) => loan.returned()?,
                    Err(left) => {
                        tracing::warn!(%left, "VirtualBox's settings are not put back yet");
                    }
                }
                Err(error)
            }
        }
    }

    /// Returns what one that was killed has not put back.
    pub(in crate::hypervisor::virtualbox) fn borrowed(&self) -> Option<String> {
        // One that is starting right now has not been killed.
        let loan = Loan::peek(&self.options.loan)?;
        let left = loan.left()?;
        Some(format!("websrvauthlibrary {}", left.auth_library))
    }

    /// Puts back what one that was killed has not.
    pub(in crate::hypervisor::virtualbox) async fn mend(&self) -> Result<(), Error> {
        let loan = Loan::open(&self.options.loan)?;
        if let Some(terms) = loan.left().cloned() {
            self.put_back(&terms).await?;
        }
        loan.returned()
    }

    async fn come_up(
        &self,
        program: PathBuf,
        user: &str,
        password: &str,
        terms: &Terms,
    ) -> Result<Server, Error> {
        let known = loan::hashed(password);
        self.call(self.commands.set_extra_data(&loan::entry(user), Some(&known))).await?;
        let port = free_port()?;
        let line = CommandLine::write(program, self.commands.deadlines.change)
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--authentication", SIMPLE, "--timeout", FORGETS_AFTER]);
        let service = Service::start(&line, LISTENING).await;
        let service = service.map_err(|why| error::unfinished(why, Effect::Read, None))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut with = Conversation::with(address, self.commands.deadlines.query);
        let virtualbox = calls::log_on(&mut with, user, password).await.map_err(not_let_in)?;
        let put_back = async {
            calls::set_auth_library(&mut with, &virtualbox, &terms.auth_library).await?;
            for user in &terms.users {
                calls::remove_extra_data(&mut with, &virtualbox, &loan::entry(user)).await?;
            }
            Ok(())
        };
        put_back.await.map_err(|why| explain(why, Effect::Write, None))?;
        let commands = self.commands.clone();
        Ok(Server { service, address, commands, virtualbox, is_spoiled: AtomicBool::new(false) })
    }

    /// Puts everything back without a web service.
    async fn put_back(&self, terms: &Terms) -> Result<(), Error> {
        self.call(self.commands.set_auth_library(&terms.auth_library)).await?;
        for user in &terms.users {
            self.call(self.commands.set_extra_data(&loan::entry(user), None)).await?;
        }
        Ok(())
    }

    async fn auth_library(&self) -> Result<String, Error> {
        let printed = self.call(self.commands.system_properties()).await?;
        let found = loan::library(&printed).map(str::to_owned);
        found.ok_or_else(|| error::unparseable("does not name the web service's library"))
    }

    async fn call(&self, line: CommandLine) -> Result<String, Error> {
        let output = self.runner.run(&line).await;
        let output = output.map_err(|why| error::unfinished(why, line.effect(), None))?;
        check(&line, &output).map_err(|failure| error::explain(&failure, None))
    }
}

impl Server {
    /// Gets hold of a running VM.
    pub(in crate::hypervisor::virtualbox) async fn machine(
        &self,
        vm: &VmRef,
    ) -> Result<Machine, Error> {
        let with = Conversation::with(self.address, self.commands.deadlines.query);
        Machine::lock(with, &self.virtualbox, vm).await
    }

    /// Returns whether it can be used again.
    pub(in crate::hypervisor::virtualbox) fn is_good(&self) -> bool {
        self.service.is_serving() && !self.is_spoiled.load(Ordering::Relaxed)
    }

    /// Says that it is in a state that is not known.
    pub(in crate::hypervisor::virtualbox) fn spoil(&self) {
        self.is_spoiled.store(true, Ordering::Relaxed);
    }

    /// Ends it, and waits until it is gone.
    pub(in crate::hypervisor::virtualbox) async fn end(self) {
        self.service.end().await;
    }
}

/// Returns a port that nobody has. Somebody may take it before the service does, which then fails
/// and is started again.
fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|e| io("find a free port", e))
}

fn missing() -> Error {
    let message = "`vboxwebsrv` was not found, and the pointer is moved through it";
    Error::new(ErrorKind::HypervisorMissing, message).hint(
        "install VirtualBox's web service: it is in the package `virtualbox` of Debian and Ubuntu and \
         in Oracle's, in `VirtualBox-webservice` of Fedora; or switch the VM's remote display on \
         (`vm-cli display on`), if it is VNC; everything else works without it",
    )
}

fn not_let_in(why: Problem) -> Error {
    match why {
        Problem::Fault(_) => {
            let message = "VirtualBox's web service did not let us in";
            Error::new(ErrorKind::HypervisorUnusable, message)
                .hint("its library `VBoxAuthSimple` may be missing: install VirtualBox anew")
                .caused_by(why)
        }
        Problem::NotThere(_)
        | Problem::BrokenOff(_)
        | Problem::TimedOut(_)
        | Problem::Unreadable => explain(why, Effect::Read, None),
    }
}
