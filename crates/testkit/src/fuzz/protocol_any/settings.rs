//! Settings as a `shorebird.yaml` would have them.

use std::fmt::Write as _;

use patchproof_protocol::{PatchVerification, Settings};

/// Every setting in quotes, so that no text is taken for something else.
pub(super) fn written(settings: &Settings) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        // YAML 1.2.2, section 7.4.3: a key in one line with its value has at most 1024 characters,
        // escaped as it is; one behind a question mark has no such bound.
        writeln!(text, "? {}\n: {value}", quoted(key)).expect("a string grows");
    };
    line("app_id", quoted(&settings.app_id));
    line("channel", quoted(&settings.channel));
    line("base_url", quoted(settings.base_url.as_str()));
    line("auto_update", settings.auto_update.to_string());
    if let Some(key) = &settings.patch_public_key {
        line("patch_public_key", quoted(key));
    }
    let verification = match settings.patch_verification {
        PatchVerification::InstallOnly => "install_only",
        _ => "strict",
    };
    line("patch_verification", quoted(verification));
    for key in &settings.unknown_keys {
        line(key, "1".to_owned());
    }
    text
}

/// In double quotes, all but letters and digits of ASCII escaped by their numbers.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => quoted.push(character),
            other => {
                let number = u32::from(other);
                write!(quoted, "\\U{number:08x}").expect("a string grows");
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Settings of each kind.
pub(super) const EXAMPLES: [(&str, &str); 4] = [
    ("least", "app_id: 0b6d7e3e-1f2a-4c55-9d0e-3f6f8f5c8a11\n"),
    (
        "most",
        "# a comment\napp_id: \"app\"\nchannel: beta\nbase_url: https://patches.example/base/\n\
         auto_update: false\npatch_public_key: 'MII='\npatch_verification: install_only\n\
         flavors:\n  paid: other\n  free: [a, b]\n",
    ),
    (
        "local",
        "{app_id: x, base_url: 'http://127.0.0.1:8080', channel: ~}\n",
    ),
    ("anchors", "one: &a app\napp_id: *a\nchannel: \"\\u00e9\"\n"),
];
