//! `shorebird.yaml` as people write it, and as nobody should.

use proptest::prelude::*;

use super::*;
use crate::WebUrlError;

fn parse(text: &str) -> Result<Settings, SettingsError> {
    Settings::parse(text)
}

fn refused(text: &str) -> (&'static str, String) {
    match parse(text) {
        Err(SettingsError::Value { key, found, .. }) => (key, found),
        other => panic!("{text:?}: {other:?}"),
    }
}

#[test]
fn what_is_not_said_has_its_default() {
    let found = parse("app_id: abc\n").expect("settings");
    assert_eq!(found.app_id, "abc");
    assert_eq!(found.channel, "stable");
    assert_eq!(found.base_url.as_str(), "https://api.shorebird.dev");
    assert!(found.auto_update);
    assert_eq!(found.patch_public_key, None);
    assert_eq!(found.patch_verification, PatchVerification::Strict);
    assert_eq!(found.unknown_keys, Vec::<String>::new());
}

#[test]
fn every_key_is_read_in_any_order_with_quotes_and_comments() {
    let found = parse(
        "# of the app\n\
         patch_verification: 'install_only' # once\n\
         patch_public_key: \"MIIB+/=\"\n\
         auto_update: false # not by itself\n\
         base_url: https://updates.example/shorebird\n\
         channel: \"beta # 2\"\n\
         app_id: 01234567-89ab-cdef-0123-456789abcdef\n",
    );
    let found = found.expect("settings");
    assert_eq!(found.app_id, "01234567-89ab-cdef-0123-456789abcdef");
    assert_eq!(found.channel, "beta # 2");
    assert_eq!(found.base_url.as_str(), "https://updates.example/shorebird");
    assert!(!found.auto_update);
    assert_eq!(found.patch_public_key.as_deref(), Some("MIIB+/="));
    assert_eq!(found.patch_verification, PatchVerification::InstallOnly);
}

#[test]
fn keys_without_a_value_have_their_default() {
    let found = parse("app_id: a\nchannel:\nbase_url: ~\nauto_update: null\n");
    assert_eq!(found, parse("app_id: a"));
}

#[test]
fn an_app_must_be_named() {
    for text in [
        "",
        "# nothing\n",
        "channel: stable\n",
        "app_id:\n",
        "{}",
        "---\n...",
    ] {
        assert_eq!(parse(text), Err(SettingsError::NoAppId), "{text:?}");
    }
}

#[test]
fn a_nested_app_id_is_not_the_apps() {
    let found = parse("flavors:\n  app_id: other\n  dev: x\napp_id: mine\n").expect("settings");
    assert_eq!(found.app_id, "mine");
    assert_eq!(
        parse("flavors:\n  app_id: other\n"),
        Err(SettingsError::NoAppId)
    );
}

#[test]
fn keys_that_are_not_known_are_named_and_passed_over() {
    let found = parse("app_id: a\nflavors: {dev: b}\nauto_updates: false\nlist: [1, [2]]\n");
    assert_eq!(
        found.expect("settings").unknown_keys,
        ["auto_updates", "flavors", "list"]
    );
}

#[test]
fn an_error_names_key_and_what_was_found() {
    assert_eq!(refused("app_id: 12"), ("app_id", "the number 12".into()));
    assert_eq!(refused("app_id: 1.5"), ("app_id", "the number 1.5".into()));
    assert_eq!(refused("app_id: ''"), ("app_id", "\"\"".into()));
    assert_eq!(refused("app_id: [a]"), ("app_id", "a list".into()));
    assert_eq!(
        refused("app_id: a\nchannel: {b: c}"),
        ("channel", "keys of its own".into())
    );
    assert_eq!(
        refused("app_id: a\nchannel: true"),
        ("channel", "true".into())
    );
    assert_eq!(
        refused("app_id: a\nauto_update: maybe"),
        ("auto_update", "\"maybe\"".into())
    );
    assert_eq!(
        refused("app_id: a\nauto_update: yes"),
        ("auto_update", "\"yes\"".into())
    );
    assert_eq!(
        refused("app_id: a\nauto_update: \"true\""),
        ("auto_update", "\"true\"".into())
    );
    assert_eq!(
        refused("app_id: a\nauto_update: 1"),
        ("auto_update", "the number 1".into())
    );
    let found = refused("app_id: a\npatch_verification: Strict");
    assert_eq!(found, ("patch_verification", "Strict".into()));
    assert_eq!(
        refused("app_id: a\npatch_public_key: ''").0,
        "patch_public_key"
    );
    assert_eq!(refused(&format!("app_id: {}", "a".repeat(257))).0, "app_id");
    assert_eq!(refused("app_id: \"a\\nb\"").0, "app_id");
}

#[test]
fn the_message_says_how_to_mend_a_number() {
    let error = parse("app_id: 12").expect_err("a number");
    let expected =
        "shorebird.yaml: `app_id`: expected text (put it in quotes), found the number 12";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_slash_at_the_end_of_the_base_url_makes_no_double_slash() {
    for text in [
        "https://a.example",
        "https://a.example/",
        "https://a.example///",
    ] {
        let found = parse(&format!("app_id: a\nbase_url: {text}")).expect("settings");
        assert_eq!(
            found.endpoint(crate::CHECK_PATH),
            "https://a.example/api/v1/patches/check"
        );
    }
}

#[test]
fn a_base_url_is_https_or_this_machine() {
    let of = |url: &str| parse(&format!("app_id: a\nbase_url: {url}"));
    assert!(matches!(
        of("http://updates.example"),
        Err(SettingsError::BaseUrl(WebUrlError::Insecure { .. }))
    ));
    assert!(of("http://localhost:8080/").is_ok());
    assert!(matches!(
        of("updates.example"),
        Err(SettingsError::BaseUrl(_))
    ));
    assert_eq!(
        refused("app_id: a\nbase_url: 'https://a.example/?x=y'").0,
        "base_url"
    );
    assert_eq!(
        refused("app_id: a\nbase_url: 'https://a.example/#x'").0,
        "base_url"
    );
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    for text in [
        "app_id: a\napp_id: b",
        "app_id: a\nx: 1\nx: 2",
        "app_id: a\n'app_id': a",
    ] {
        let found = parse(text);
        assert!(
            matches!(found, Err(SettingsError::Malformed { .. })),
            "{text:?}: {found:?}"
        );
    }
}

#[test]
fn what_is_no_mapping_of_names_is_refused() {
    for text in [
        "a",
        "- app_id",
        "[1]",
        "app_id: a\n--- \napp_id: b",
        "app_id: [",
        "\t- x: y",
        "<<: *a",
    ] {
        let found = parse(text);
        assert!(
            matches!(found, Err(SettingsError::Malformed { .. })),
            "{text:?}: {found:?}"
        );
    }
}

#[test]
fn aliases_may_be_used_and_cannot_explode() {
    let found = parse("x: &name abc\napp_id: *name\n").expect("settings");
    assert_eq!(found.app_id, "abc");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        bomb += &format!("a{level}: &a{level} [{before}]\n");
    }
    let found = parse(&format!("app_id: a\n{bomb}"));
    assert!(
        matches!(found, Err(SettingsError::Malformed { .. })),
        "{found:?}"
    );
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = format!("app_id: a\nx: {}", "[".repeat(10_000));
    assert!(matches!(parse(&deep), Err(SettingsError::Malformed { .. })));
    let long = format!("app_id: a\n#{}", "x".repeat(SETTINGS_BYTES_MAX));
    assert!(matches!(parse(&long), Err(SettingsError::TooLong { .. })));
    let many: String = (0..9_000).map(|n| format!("k{n}:\n")).collect();
    assert!(matches!(parse(&many), Err(SettingsError::Malformed { .. })));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-z_:\\- \n'\"#&*{}\\[\\]|>!%@`~0-9.]{0,120}") {
        drop(parse(&text));
    }

    #[test]
    fn quoted_text_comes_back_as_it_was(channel in "[ -~&&[^'\\\\]]{0,40}[!-~&&[^'\\\\]]") {
        let found = parse(&format!("app_id: a\nchannel: '{channel}'")).expect("settings");
        prop_assert_eq!(found.channel, channel);
    }
}
