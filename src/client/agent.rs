use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::calls::Client;
use crate::error::Error;
use crate::model::VmRef;
use crate::wire::Fault;

impl Client {
    /// Says what this agent is, so that people see who drives their VMs.
    pub async fn register(&self, kind: &str, capabilities: &[&str]) -> Result<(), Error> {
        let told = json!({ "kind": kind, "capabilities": capabilities });
        self.method("agent_register", &told).await.map(drop)
    }

    /// Takes a VM for this agent alone, and keeps it until the lease is given back or dropped: it is
    /// renewed three times in this span.
    pub async fn lease(&self, vm: &VmRef, span: Duration) -> Result<Lease, Error> {
        let wish = json!({ "vm": vm.as_str(), "seconds": span.as_secs_f64() });
        self.method("lease_take", &wish).await?;
        let (lost, seen) = watch::channel(None);
        let client = self.clone();
        let renewing = tokio::spawn(async move { renew(&client, &wish, span, &lost).await });
        Ok(Lease { client: self.clone(), vm: vm.clone(), seen, renewing })
    }
}

/// A VM that this agent has for itself. Dropped, it is no longer renewed, and ends by itself.
#[derive(Debug)]
pub struct Lease {
    client: Client,
    vm: VmRef,
    seen: watch::Receiver<Option<Fault>>,
    renewing: JoinHandle<()>,
}

impl Lease {
    /// Returns the VM.
    pub fn vm(&self) -> &VmRef {
        &self.vm
    }

    /// Waits until the lease is lost, and tells why.
    pub async fn lost(&mut self) -> Error {
        match self.seen.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(fault)) => fault.clone().into(),
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// Gives the VM back.
    pub async fn give_back(self) -> Result<(), Error> {
        self.renewing.abort();
        let wish = json!({ "vm": self.vm.as_str() });
        self.client.method("lease_give_back", &wish).await.map(drop)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

/// Renews a lease until that fails twice in a row: then it is over before the next try.
async fn renew(client: &Client, wish: &Value, span: Duration, lost: &watch::Sender<Option<Fault>>) {
    let mut failed_before = false;
    loop {
        tokio::time::sleep(span / 3).await;
        match client.method("lease_take", wish).await {
            Ok(_) => failed_before = false,
            Err(_) if !failed_before => failed_before = true,
            Err(error) => {
                lost.send_replace(Some(Fault::from(&error)));
                return;
            }
        }
    }
}
