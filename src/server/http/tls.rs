//! TLS, by the certificate files that are configured.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::config::Server;
use crate::error::{Error, ErrorKind};

/// Reads the configured certificate and key; `None` is plain HTTP.
pub(super) fn acceptor(server: &Server) -> Result<Option<TlsAcceptor>, Error> {
    let (certificate, key) = match (&server.tls_certificate, &server.tls_key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        (Some(_), None) | (None, Some(_)) => {
            let message = "a certificate and its key belong together, and one of them is missing";
            return Err(Error::new(ErrorKind::Config, message)
                .hint("set `server.tls_certificate` and `server.tls_key`, or neither"));
        }
    };
    let chain = certificates(certificate)?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| unreadable("key", key, e))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| unusable(certificate, e))?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|e| unusable(certificate, e))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

/// Builds what speaks TLS with a server whose certificate is this one, or is signed by it.
pub(super) fn connector(certificate: &Path) -> Result<TlsConnector, Error> {
    let mut roots = RootCertStore::empty();
    for one in certificates(certificate)? {
        roots.add(one).map_err(|e| unusable(certificate, e))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| unusable(certificate, e))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read =
        CertificateDer::pem_file_iter(file).map_err(|e| unreadable("certificate", file, e))?;
    let all: Vec<_> =
        read.collect::<Result<_, _>>().map_err(|e| unreadable("certificate", file, e))?;
    if all.is_empty() {
        let message = format!("there is no certificate in `{}`", file.display());
        return Err(Error::new(ErrorKind::Config, message).hint("it must be a PEM file"));
    }
    Ok(all)
}

fn unreadable(what: &str, file: &Path, e: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("the {what} in `{}` cannot be read", file.display());
    Error::new(ErrorKind::Config, message).caused_by(e).hint("it must be a PEM file")
}

fn unusable(file: &Path, e: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("the certificate in `{}` cannot be used", file.display());
    Error::new(ErrorKind::Config, message)
        .caused_by(e)
        .hint("check that it belongs to the key, and that it is not damaged")
}
