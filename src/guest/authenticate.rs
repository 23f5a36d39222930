use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;

use ssh2::{KeyboardInteractivePrompt, Prompt};

use super::failure;
use super::login::{Agent, AuthMethod, Login};
use super::transport::Transport;
use crate::error::{Error, ErrorKind};
use crate::request::Secret;

/// So many of an agent's keys are offered: servers hang up after half a dozen failures.
const MOST_AGENT_KEYS: usize = 4;

/// Proves to the guest who one is, by one method after another.
pub(super) async fn authenticate(transport: &Transport, login: &Login) -> Result<(), Error> {
    let accepted = accepted_methods(transport, &login.user).await?;
    if transport.authenticated() {
        // To ask is to try without any proof, and some guests want none.
        return Ok(());
    }
    let mut tried = Vec::new();
    for method in &login.methods {
        let outcome = match method {
            AuthMethod::Identity(path) => by_identity(transport, &login.user, path).await,
            AuthMethod::Password(password) => {
                by_password(transport, &login.user, password, &accepted).await
            }
            AuthMethod::Agent(agent) => by_agent(transport, &login.user, agent).await,
        };
        match outcome {
            Ok(()) => return Ok(()),
            Err(error) if failure::refused(&error) => {
                tried.push(format!("{method} ({})", error.message()));
            }
            Err(error) => return Err(failure::lost("the login", error)),
        }
    }
    Err(refused(login, &tried, &accepted))
}

fn refused(login: &Login, tried: &[String], accepted: &str) -> Error {
    let accepted = if accepted.is_empty() { "nothing" } else { accepted };
    let tried =
        if tried.is_empty() { "no proof, for none was given".to_owned() } else { tried.join(", ") };
    let line =
        format!("the guest refused user `{}`: tried {tried}; it accepts {accepted}", login.user);
    let hint = if matches!(login.methods.as_slice(), [] | [AuthMethod::Agent(_), ..]) {
        "give `--username` and `--password-file FILE`, or `--identity KEY`"
    } else {
        "check the user, and the password or key"
    };
    Error::new(ErrorKind::GuestAuth, line).hint(hint)
}

/// Asks what the guest accepts, so that no method is tried in vain: failures can lock an account.
async fn accepted_methods(transport: &Transport, user: &str) -> Result<String, Error> {
    let asked = transport.drive(|session| {
        // The binding panics when a guest names a method in other letters than UTF-8.
        let ask = || session.auth_methods(user).map(str::to_owned);
        catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|_| Ok(String::new()))
    });
    asked.await.map_err(|error| failure::lost("the login", error))
}

async fn by_identity(transport: &Transport, user: &str, key: &Path) -> Result<(), ssh2::Error> {
    transport.drive(|session| session.userauth_pubkey_file(user, None, key, None)).await
}

async fn by_password(
    transport: &Transport,
    user: &str,
    password: &Secret,
    accepted: &str,
) -> Result<(), ssh2::Error> {
    let accepts = |method: &str| accepted.split(',').any(|name| name == method);
    if accepts("keyboard-interactive") && !accepts("password") {
        let mut answers = Answers { password };
        return transport
            .drive(|session| session.userauth_keyboard_interactive(user, &mut answers))
            .await;
    }
    transport.drive(|session| session.userauth_password(user, password.reveal())).await
}

async fn by_agent(transport: &Transport, user: &str, agent: &Agent) -> Result<(), ssh2::Error> {
    let keys = transport.drive(|session| {
        let mut ours = session.agent()?;
        if let Agent::Socket(path) = agent {
            ours.set_identity_path(path)?;
        }
        ours.connect()?;
        ours.list_identities()?;
        Ok((ours.identities()?, ours))
    });
    let Ok((keys, ours)) = keys.await else {
        return Err(failure::refusal("there is none"));
    };
    let mut last = failure::refusal("it holds no key");
    for key in keys.iter().take(MOST_AGENT_KEYS) {
        match transport.drive(|_| ours.userauth(user, key)).await {
            Err(error) if failure::refused(&error) => last = error,
            done => return done,
        }
    }
    Err(last)
}

/// Answers every question that is not to be echoed with the password.
struct Answers<'a> {
    password: &'a Secret,
}

impl KeyboardInteractivePrompt for Answers<'_> {
    fn prompt<'p>(&mut self, _: &str, _: &str, questions: &[Prompt<'p>]) -> Vec<String> {
        let answer = |question: &Prompt<'p>| {
            if question.echo { String::new() } else { self.password.reveal().to_owned() }
        };
        questions.iter().map(answer).collect()
    }
}
