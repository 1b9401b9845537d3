//! A certificate authority, and what it certified.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// One that says who somebody is, with the files that a server reads.
pub(crate) struct Authority {
    directory: tempfile::TempDir,
}

impl Authority {
    /// That of a server by this name.
    pub(crate) fn of(name: &str) -> Self {
        let mut about = CertificateParams::default();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(about, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let about = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = about.signed_by(&key, &authority).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
        write("authority", &authority.pem());
        write("certificate", &certificate.pem());
        write("key", &key.serialize_pem());
        readable_by_servers(directory.path());
        Self { directory }
    }

    /// The authority's own certificate, as PEM: whoever has it believes what it certified.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path().join("authority")
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        fs::read(self.file()).unwrap()
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.directory.path().join("certificate")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.directory.path().join("key")
    }
}

/// A server that does not run as root reads them all the same: PostgreSQL takes a key of its own that nobody else may
/// read, or one of root's that its group may.
fn readable_by_servers(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let key = directory.join("key");
    let given = Command::new("chgrp").arg("postgres").arg(&key).stderr(Stdio::null()).status();
    let mode = if given.is_ok_and(|given| given.success()) { 0o640 } else { 0o600 };
    fs::set_permissions(directory, PermissionsExt::from_mode(0o755)).unwrap();
    fs::set_permissions(key, PermissionsExt::from_mode(mode)).unwrap();
}
