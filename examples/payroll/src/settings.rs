//! Flags and environment.

use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use axum_client_ip::ClientIpSource;
use clap::Parser;
use pinlatch::host::{Randomness, SystemRandomness};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::pin::{Pepper, PepperId, PepperRing};
use sha2::{Digest, Sha256};
use url::{Host, Url};
use zeroize::Zeroizing;

/// A payroll app in the browser, on pinlatch: phones side by side, Users and roles, and what goes on under the hood.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Where to listen
    #[arg(long, env = "PAYROLL_LISTEN", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,
    /// What browsers open, if it is not this machine: `https://payroll.example.com`
    #[arg(long, env = "PAYROLL_ORIGIN", value_name = "URL")]
    origin: Option<Url>,
    /// Where accounts, people and the audit trail are kept [default: an SQLite file in the folder]
    #[arg(long, env = "DATABASE_URL", value_name = "ADDRESS", hide_env_values = true)]
    database: Option<String>,
    /// Where the files are kept, the key among them [default: in your data directory]
    #[arg(long, env = "PAYROLL_FOLDER")]
    folder: Option<PathBuf>,
    /// Go on with another key file than the database knows, because that one is lost: everybody makes a new PIN
    #[arg(long, env = "PAYROLL_NEW_KEY")]
    new_key: bool,
    /// The issuer of an OpenID provider, in place of the test bank
    #[arg(long, env = "OIDC_ISSUER", value_name = "URL", requires = "client_id")]
    issuer: Option<String>,
    /// Who this is to that provider
    #[arg(long, env = "OIDC_CLIENT_ID", value_name = "ID", requires = "issuer")]
    client_id: Option<String>,
    /// What it proves that by
    #[arg(long, env = "OIDC_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    client_secret: Option<String>,
    /// The level of authentication (`acr`) that you take for strong: the provider is asked for it, and has to state it
    #[arg(long, env = "OIDC_ACR", value_name = "ACR", requires = "issuer", value_parser = acr)]
    acr: Option<String>,
    /// Believe a provider whose tokens do not say when somebody signed in (`auth_time`) that it was now
    #[arg(long, env = "OIDC_WITHOUT_AUTH_TIME")]
    without_auth_time: bool,
    /// Who somebody is that the provider knows: the subject, and the person's id
    #[arg(long, value_name = "SUBJECT=PERSON", value_parser = subject)]
    subject: Vec<(String, String)>,
    /// Before it starts, make a person a user administrator of a company that has none (any more): both by their ids.
    /// Choose a user and no employee: whoever is made one has no profile, and so no payslips until another sets it
    #[arg(long, value_name = "COMPANY=PERSON", value_parser = administrator)]
    first_administrator: Vec<(CompanyId, PersonId)>,
    /// Take every browser for an unmodified device, since a browser attests nothing; without it nobody signs in from one
    /// but at home
    #[arg(long, env = "PAYROLL_TRUSTS_BROWSERS")]
    trusts_browsers: bool,
    /// Writing requests that one address may make in a second
    #[arg(long, env = "PAYROLL_REQUESTS_A_SECOND", default_value = "20")]
    requests_a_second: NonZeroU32,
    /// Where the client's address comes from: the connection, or the header that a proxy in front writes it to, as
    /// `RightmostXForwardedFor` has it
    #[arg(
        long, env = "PAYROLL_ADDRESS_SOURCE", value_name = "SOURCE", default_value = "ConnectInfo",
        value_parser = address_source
    )]
    address_source: ClientIpSource,
}

fn address_source(text: &str) -> Result<ClientIpSource, &'static str> {
    text.parse().map_err(|_| {
        "one of ConnectInfo, RightmostXForwardedFor, XRealIp, CfConnectingIp, CloudFrontViewerAddress, FlyClientIp, \
         TrueClientIp and XEnvoyExternalAddress"
    })
}

fn acr(text: &str) -> Result<String, &'static str> {
    let is_one = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_one { Ok(text.to_owned()) } else { Err("one level of authentication, without blanks") }
}

fn administrator(text: &str) -> Result<(CompanyId, PersonId), &'static str> {
    let parsed = text
        .split_once('=')
        .and_then(|(company, person)| Some((company.parse().ok()?, person.parse().ok()?)));
    parsed.ok_or("a company's id, `=` and a person's id")
}

fn subject(text: &str) -> Result<(String, String), String> {
    let (subject, person) = text.rsplit_once('=').ok_or("a subject, `=` and a person's id")?;
    Ok((subject.to_owned(), person.to_owned()))
}

/// An OpenID provider of the host's choice.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<String>,
    pub(crate) acr: Option<String>,
    pub(crate) says_when: bool,
    pub(crate) subjects: Vec<(String, String)>,
}

/// What the program was told, looked at.
pub(crate) struct Settings {
    pub(crate) listening: SocketAddr,
    /// What a browser opens: scheme, host and port, no path.
    pub(crate) origin: Url,
    pub(crate) database: String,
    pub(crate) folder: PathBuf,
    /// `None`: the test bank.
    pub(crate) provider: Option<Provider>,
    pub(crate) trusts_browsers: bool,
    pub(crate) requests_a_second: NonZeroU32,
    pub(crate) address_source: ClientIpSource,
    pub(crate) is_key_new: bool,
    pub(crate) first_administrators: Vec<(CompanyId, PersonId)>,
    key: Zeroizing<[u8; 32]>,
}

impl Settings {
    pub(crate) fn of(told: Arguments, listening: SocketAddr) -> Result<Self, Box<dyn Error>> {
        let folder = match told.folder {
            Some(folder) => folder,
            None => directories::ProjectDirs::from("", "", "pinlatch-payroll")
                .ok_or("no home directory: use --folder")?
                .data_dir()
                .to_owned(),
        };
        make(&folder).map_err(|error| format!("{} cannot be used as a folder: {error}", folder.display()))?;
        let key = key(&folder.join("payroll.key"))?;
        let database =
            told.database.unwrap_or_else(|| format!("sqlite:{}", folder.join("sign-in.sqlite").display()));
        let origin = match told.origin {
            Some(origin) if is_origin(&origin) => origin,
            Some(_) => return Err("--origin is http or https, a host and a port, and nothing else".into()),
            None => Url::parse(&format!("http://payroll.localhost:{}", listening.port()))?,
        };
        let provider = match (told.issuer, told.client_id) {
            (Some(issuer), Some(client_id)) => Some(Provider {
                issuer,
                client_id,
                client_secret: told.client_secret,
                acr: told.acr,
                says_when: !told.without_auth_time,
                subjects: told.subject,
            }),
            _ => None,
        };
        let settings = Self {
            listening,
            origin,
            database,
            folder,
            provider,
            trusts_browsers: told.trusts_browsers,
            requests_a_second: told.requests_a_second,
            address_source: told.address_source,
            is_key_new: told.new_key,
            first_administrators: told.first_administrator,
            key,
        };
        if settings.provider.is_none() && !settings.is_at_home() {
            return Err("the test bank believes whoever comes, and the stage shows what an audit trail says: they run on \
                        loopback only. Name an OpenID provider by --issuer and --client-id"
                .into());
        }
        if !settings.is_tls() && !is_here(&settings.origin) {
            return Err("--origin is https, or http on this machine: whoever is on the way would read PINs and cookies. Name \
                        the address of the proxy that ends TLS"
                .into());
        }
        Ok(settings)
    }

    /// Whether only this machine can get here: then there are the stage, the hood and, without a provider, the test bank.
    pub(crate) fn is_at_home(&self) -> bool {
        let host = self.origin.host_str().unwrap_or_default();
        self.listening.ip().is_loopback() && (host == "localhost" || host.ends_with(".localhost"))
    }

    /// Whether browsers come by TLS.
    pub(crate) fn is_tls(&self) -> bool {
        self.origin.scheme() == "https"
    }

    /// The PIN hashes' pepper. PRODUCTION: keep it in a key store.
    ///
    /// Its number is the key's own: under one number for all keys, another key would call every right PIN a wrong one, and
    /// five of them would end it. So it is a PIN that cannot be checked, which costs nobody a try.
    pub(crate) fn peppers(&self) -> Result<PepperRing, Box<dyn Error>> {
        Ok(PepperRing::new(self.pepper_id(), Pepper::new(self.derived("pepper").as_slice())?))
    }

    /// The number of the pepper: no secret, and nobody finds the key by it.
    pub(crate) fn pepper_id(&self) -> PepperId {
        let [a, b, c, d, ..] = *self.derived("pepper id");
        PepperId::from_number(u32::from_be_bytes([a, b, c, d]))
    }

    /// A key of its own for each purpose.
    pub(crate) fn derived(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let hashed = Sha256::new().chain_update(b"payroll/").chain_update(purpose).chain_update(*self.key);
        Zeroizing::new(hashed.finalize().into())
    }
}

/// Whether what is sent there stays on this machine.
fn is_here(address: &Url) -> bool {
    match address.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Whether this is where browsers can come to, and nothing besides.
fn is_origin(address: &Url) -> bool {
    let is_web = ["http", "https"].contains(&address.scheme());
    is_web
        && address.host().is_some()
        && format!("{}/", address.origin().ascii_serialization()) == address.as_str()
}

/// Makes the folder if there is none: what is in it is for who runs this program.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The one key of this host, made at the first start. Several hosts on one database share the file.
fn key(file: &Path) -> Result<Zeroizing<[u8; 32]>, Box<dyn Error>> {
    let failed = |error: std::io::Error| format!("the key file {}: {error}", file.display());
    let mut key = Zeroizing::new([0; 32]);
    if !file.try_exists().map_err(failed)? {
        SystemRandomness.fill(key.as_mut())?;
        let folder = file.parent().ok_or("the key file has no folder")?;
        let mut made = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        made.write_all(key.as_ref()).map_err(failed)?;
        made.as_file().sync_all().map_err(failed)?;
        // Another that starts at this instant may have been first: then its key is taken.
        drop(made.persist_noclobber(file));
    }
    let bytes = Zeroizing::new(std::fs::read(file).map_err(failed)?);
    if bytes.len() != key.len() {
        return Err(format!(
            "the key file {} holds no key of 32 bytes. Put the right one back. If it is lost, remove the file and start with \
             --new-key: everybody then makes a new PIN",
            file.display()
        )
        .into());
    }
    key.copy_from_slice(&bytes);
    Ok(key)
}
