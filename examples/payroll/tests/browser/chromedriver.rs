//! `chromedriver`, how Chromium is to be started, and the loud skip where they are not installed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};

use super::served::PATIENCE;

/// A running `chromedriver`. When this goes, it is asked to end, with every browser that it has opened.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Started again where it ends at once: it takes a free port of IPv4 and then the same of IPv6, which somebody else
    /// may have taken in between.
    pub(crate) fn start(program: &Path) -> Self {
        let mut said = String::new();
        for _ in 0..5 {
            match Self::start_once(program) {
                Ok(server) => return server,
                Err(instead) => said.push_str(&instead),
            }
        }
        panic!("chromedriver named no port, five times:\n{said}");
    }

    /// # Errors
    ///
    /// What it said and how it ended, where it named no port.
    fn start_once(program: &Path) -> Result<Self, String> {
        let mut child = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            said.push_str(&line);
            said.push('\n');
            line.strip_prefix("ChromeDriver was started successfully on port ")?
                .trim_end_matches('.')
                .parse()
                .ok()
        });
        // The pipe stays open and is read, or the next line would fail it.
        std::thread::spawn(move || lines.count());
        if let Some(port) = port {
            Ok(Self { child, port })
        } else {
            drop(child.kill());
            Err(format!("{said}{:?}\n", child.wait()))
        }
    }

    /// Asks it to end, and so to close its browsers.
    fn ask_to_end(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n\r\n",
            self.port
        )?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.ask_to_end().is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

/// The programs, or a loud skip.
pub(crate) fn programs() -> Option<(PathBuf, PathBuf)> {
    let browser = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| found(name));
    let programs = browser.zip(found("chromedriver"));
    if programs.is_none() {
        let missing = "chromium and chromedriver are not both installed, so nothing is shown of the pages";
        assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "{missing}");
        println!("SKIPPED: {missing}");
    }
    programs
}

fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Whether this process runs as root, under whom Chromium's sandbox does not.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

pub(crate) fn capabilities(browser: &Path, language: &str) -> WebDriverResult<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&browser.to_string_lossy())?;
    let language = format!("--accept-lang={language}");
    let mut flags = vec![
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--no-first-run",
        "--no-proxy-server",
        "--window-size=1200,1000",
        // Nothing is asked of anybody but this machine.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
        &language,
    ];
    if is_root() {
        flags.push("--no-sandbox");
    }
    for flag in flags {
        wanted.add_arg(flag)?;
    }
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(wanted)
}
