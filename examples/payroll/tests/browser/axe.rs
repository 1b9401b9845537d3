//! Looks for barriers on a page: axe-core, run in it through the driver, so that the page's content security policy stays as
//! it is. It is fetched by `npm ci`, once for each build folder.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Value, json};

use super::driver::Chromium;

/// As wide as a page must be readable without scrolling sideways (WCAG 2.2, 1.4.10).
const NARROW: u32 = 320;
const WIDE: u32 = 1200;
const HEIGHT: u32 = 900;

/// What is wrong, as axe says it.
#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    target: Value,
    #[serde(rename = "failureSummary")]
    summary: Option<String>,
}

/// The source of axe, or a loud skip.
fn axe() -> Option<&'static str> {
    static AXE: OnceLock<Option<String>> = OnceLock::new();
    AXE.get_or_init(|| {
        let fetched = fetched();
        if fetched.is_none() {
            let missing = "axe-core could not be fetched by npm, so no page was searched for barriers";
            assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "{missing}");
            println!("SKIPPED: {missing}");
        }
        fetched
    })
    .as_deref()
}

fn fetched() -> Option<String> {
    let wanted = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/axe");
    let lock = std::fs::read(wanted.join("package-lock.json")).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    let is_there = std::fs::read(folder.join("package-lock.json")).is_ok_and(|there| there == lock);
    if !is_there || !script.exists() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(wanted.join("package.json"), folder.join("package.json")).unwrap();
        std::fs::write(folder.join("package-lock.json"), lock).unwrap();
        let npm = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder)
            .output()
            .ok()?;
        if !npm.status.success() {
            println!("npm ci: {}", String::from_utf8_lossy(&npm.stderr));
            return None;
        }
    }
    std::fs::read_to_string(script).ok()
}

/// Where the pictures of the screens are put, for whoever wants to look.
fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screens");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What has been found on the screens of one test.
pub(crate) struct Barriers {
    axe: &'static str,
    found: RefCell<Vec<String>>,
}

impl Barriers {
    /// `None` is a loud skip.
    pub(crate) fn none_yet() -> Option<Self> {
        Some(Self { axe: axe()?, found: RefCell::default() })
    }

    /// Looks at the page that is shown, narrow and wide, light and dark; narrow it need not be scrolled sideways. It is
    /// pictured under this name.
    pub(crate) async fn look(&self, browser: &Chromium, name: &str) {
        for (form, width) in [("narrow", NARROW), ("wide", WIDE)] {
            browser.width(width).await;
            for scheme in ["light", "dark"] {
                browser.prefers(scheme).await;
                for violation in self.violations(browser, scheme).await {
                    self.found.borrow_mut().push(format!("{name}, {form}, {scheme}: {}", said(&violation)));
                }
                if form == "wide" || scheme == "light" {
                    browser.screenshot(&pictures().join(format!("{name}-{form}-{scheme}.png"))).await;
                }
            }
            let beyond: Vec<String> = browser.run(BEYOND, &[]).await;
            if !beyond.is_empty() {
                self.found.borrow_mut().push(format!("{name}, {form}: wider than the window: {beyond:?}"));
            }
        }
        browser.prefers("light").await;
        browser.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    /// All of them in light; in dark only what is of colours, since nothing else hangs on those.
    async fn violations(&self, browser: &Chromium, scheme: &str) -> Vec<Violation> {
        let is_there: bool = browser.run("return window.axe !== undefined", &[]).await;
        if !is_there {
            browser.run::<()>(self.axe, &[]).await;
        }
        // What stands in a frame is a page of its own, and looked at as one.
        let of_colours = if scheme == "dark" { json!({ "runOnly": ["color-contrast"] }) } else { json!({}) };
        let script = "const wanted = { iframes: false, preload: false, resultTypes: ['violations'], ...arguments[0] }; \
                      return (await axe.run(document, wanted)).violations";
        browser.run_to_its_end(script, &[of_colours]).await
    }

    /// The end of the test.
    pub(crate) fn are_none(self) {
        let found = self.found.into_inner();
        assert!(found.is_empty(), "{} barriers:\n{}", found.len(), found.join("\n"));
    }
}

/// What makes the page wider than the window.
const BEYOND: &str = "const { scrollWidth, clientWidth } = document.scrollingElement; \
    if (scrollWidth <= clientWidth) return []; \
    const beyond = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > clientWidth); \
    return [`${scrollWidth}`, ...beyond.slice(-5).map((e) => e.outerHTML.slice(0, 120))]";

impl Chromium {
    pub(crate) async fn width(&self, width: u32) {
        let size = json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// By what the person's system prefers: `light` or `dark`.
    pub(crate) async fn prefers(&self, scheme: &str) {
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            // A colour on its way to another is none to be judged.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }
}

fn said(Violation { id, help, nodes }: &Violation) -> String {
    let places = nodes
        .iter()
        .map(|node| format!("  {}: {}", node.target, node.summary.as_deref().unwrap_or_default()));
    format!("{id}: {help}\n{}", places.collect::<Vec<_>>().join("\n"))
}
