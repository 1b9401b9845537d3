//! What a phone is called on the list of devices, until the person renames it.

use axum::http::{HeaderMap, header};

use crate::places::PHONES;
use crate::settings::Settings;

/// By what a browser says of itself, the telling name first: Edge calls itself Chrome too, and Chrome Safari.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

/// "Phone A" on the stage, "Firefox on Android" elsewhere.
pub(super) fn label(settings: &Settings, headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = text(header::HOST).split('.').next().unwrap_or_default();
    if settings.is_at_home() && PHONES.contains(&name) {
        return format!("Phone {}", name.to_uppercase());
    }
    of_browser(text(header::USER_AGENT))
}

fn of_browser(agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
    };
    let browser = find(&BROWSERS).unwrap_or("Browser");
    find(&SYSTEMS).map_or_else(|| browser.to_owned(), |system| format!("{browser} on {system}"))
}

#[cfg(test)]
mod tests {
    use super::of_browser;

    #[test]
    fn a_browser_is_called_by_its_own_name_and_system() {
        let agents = [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0",
                "Edge on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
                "Firefox on Windows",
            ),
            ("curl/8.5.0", "Browser"),
            ("", "Browser"),
        ];
        for (agent, name) in agents {
            assert_eq!(of_browser(agent), name);
        }
    }
}
