use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::command::Home;
use crate::support::served::Served;

/// Writes a certificate for this host that nobody else signed, and its key.
pub(super) fn certify(home: &mut Home) -> std::path::PathBuf {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]);
    let rcgen::CertifiedKey { cert, signing_key } = made.unwrap();
    let (certificate, key) = (home.path().join("cert.pem"), home.path().join("key.pem"));
    std::fs::write(&certificate, cert.pem()).unwrap();
    std::fs::write(&key, signing_key.serialize_pem()).unwrap();
    home.set("VM_CLI_SERVER_TLS_CERTIFICATE", certificate.to_str().unwrap());
    home.set("VM_CLI_SERVER_TLS_KEY", key.to_str().unwrap());
    certificate
}

/// Asks over TLS; the server must have this certificate.
pub(super) fn ask(served: &Served, certificate: &Path, path: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, served.connect());
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut told = String::new();
    stream.read_to_string(&mut told)?;
    Ok(told)
}

#[test]
fn it_speaks_https_by_the_configured_certificate() {
    let mut home = Home::simulated();
    let certificate = certify(&mut home);
    let checked = home.ok(&["serve", "--check", "--port", "0"]);
    assert!(checked.starts_with("it can serve: https://127.0.0.1:"), "{checked}");
    let served = Served::start(&home);
    let told = ask(&served, &certificate, "/v1/vms").unwrap();
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    // Who speaks no TLS gets no answer, and holds up nobody.
    assert_eq!(served.ask("GET", "/v1/vms", &Value::Null).status, 0);
    let mut other = Home::simulated();
    let foreign = certify(&mut other);
    assert!(ask(&served, &foreign, "/v1/vms").is_err(), "another certificate is trusted");

    std::fs::write(&certificate, "no certificate").unwrap();
    let wrong = home.error(2, &["serve", "--check", "--port", "0"]);
    assert_eq!(wrong["code"], "config_invalid", "server.tls_certificate: {wrong}");
    home.set("VM_CLI_SERVER_TLS_CERTIFICATE", foreign.to_str().unwrap());
    let wrong = home.error(2, &["serve", "--check", "--port", "0"]);
    assert_eq!(wrong["code"], "config_invalid", "server.tls_key of another: {wrong}");
}
