//! Whose word counts, and what is refused.

use std::io::Write as _;

use clap::Parser as _;

use super::*;

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: ServeArgs,
}

fn args(line: &[&str]) -> ServeArgs {
    let line = std::iter::once("serve").chain(line.iter().copied());
    Line::try_parse_from(line).unwrap().args
}

fn with_file(text: &str, line: &[&str]) -> Result<Settings, SettingsError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    let mut all = vec!["--config", path.as_str()];
    all.extend(line);
    Settings::read(args(&all))
}

#[test]
fn without_a_word_a_server_is_this_machines_alone() {
    let settings = Settings::read(args(&[])).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(
        settings.public_url_at(settings.listen),
        "http://127.0.0.1:8080"
    );
    assert_eq!(settings.data, PathBuf::from("patchproof-data"));
    assert!(!settings.trust_proxy && !settings.example && !settings.unencrypted);
}

#[test]
fn a_flag_goes_before_the_file() {
    let file = "listen = \"127.0.0.1:1000\"\ndevice-rate = 5\ntrust-proxy = true\n";
    let settings = with_file(file, &["--listen", "127.0.0.1:2000", "--trust-proxy=false"]).unwrap();
    assert_eq!(settings.listen.port(), 2000);
    assert_eq!(settings.rates.device, 5);
    assert!(!settings.trust_proxy);
}

#[test]
fn a_key_that_no_flag_has_is_an_error_that_names_it_and_its_line() {
    let error = with_file("device-rate = 5\nlisten-on = \"x\"\n", &[])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("listen-on") && error.contains("line 2"),
        "{error}"
    );
}

#[test]
fn an_error_about_the_file_does_not_quote_a_password() {
    let file = "database = \"postgres://me:hunter2@db/x\" trailing\n";
    let error = with_file(file, &[]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[test]
fn every_flag_is_a_key_of_the_file() {
    use clap::CommandFactory as _;
    let command = Line::command();
    let flags = command.get_arguments().filter_map(clap::Arg::get_long);
    for flag in flags.filter(|flag| !matches!(*flag, "config" | "help")) {
        let error = with_file(&format!("{flag} = {{}}\n"), &[]).unwrap_err();
        assert!(
            !error.to_string().contains("unknown field"),
            "{flag}: {error}"
        );
    }
}

#[test]
fn every_flag_has_a_variable_of_its_name() {
    use clap::CommandFactory as _;
    for arg in Line::command()
        .get_arguments()
        .filter(|arg| arg.get_id() != "help")
    {
        let flag = arg.get_long().unwrap();
        let expected = format!("PATCHPROOF_{}", flag.to_uppercase().replace('-', "_"));
        assert_eq!(
            arg.get_env().and_then(|name| name.to_str()),
            Some(expected.as_str())
        );
    }
}

#[test]
fn beyond_loopback_a_public_url_is_asked_for_by_its_flag() {
    let error = Settings::read(args(&["--listen", "0.0.0.0:80"])).unwrap_err();
    assert!(error.to_string().contains("--public-url"), "{error}");
    let line = [
        "--listen",
        "0.0.0.0:80",
        "--public-url",
        "https://a.example/",
    ];
    let settings = Settings::read(args(&line)).unwrap();
    assert_eq!(settings.public_url.as_deref(), Some("https://a.example"));
}

#[test]
fn a_public_url_that_no_device_asks_is_refused() {
    for url in [
        "http://a.example",
        "ftp://a.example",
        "https://a.example/?x",
        "a",
    ] {
        let found = Settings::read(args(&["--public-url", url]));
        assert!(
            matches!(found, Err(SettingsError::PublicUrl { .. })),
            "{url}"
        );
    }
}

#[test]
fn what_cannot_be_nothing_is_refused_by_its_flag() {
    for flag in [
        "--head-seconds",
        "--body-seconds",
        "--connections-max",
        "--upload-bytes-max",
    ] {
        let error = Settings::read(args(&[flag, "0"])).unwrap_err();
        assert!(error.to_string().contains(flag), "{error}");
    }
    assert!(Settings::read(args(&["--device-rate", "0"])).is_ok());
}

#[test]
fn a_document_lives_no_longer_than_devices_take_it() {
    assert!(Settings::read(args(&["--document-hours", "744"])).is_ok());
    for hours in ["0", "745"] {
        let found = Settings::read(args(&["--document-hours", hours]));
        assert!(
            matches!(found, Err(SettingsError::DocumentHours { .. })),
            "{hours}"
        );
    }
}

#[test]
fn an_endpoint_without_s3_is_refused() {
    let found = Settings::read(args(&["--blobs-endpoint", "http://127.0.0.1:9000"]));
    assert!(matches!(found, Err(SettingsError::EndpointWithoutS3)));
}

#[test]
fn settings_show_no_password() {
    let settings = Settings::read(args(&["--database", "postgres://me:hunter2@db/x"])).unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
}

/// What operators read.
const PAGE: &str = include_str!("../../../../docs/self-hosting.md");

#[test]
fn the_page_for_operators_has_every_flag() {
    use clap::CommandFactory as _;
    let command = Line::command();
    let flags = command.get_arguments().filter_map(clap::Arg::get_long);
    for flag in flags.filter(|flag| *flag != "help") {
        assert!(PAGE.contains(&format!("| `--{flag}` |")), "{flag}");
    }
}

#[test]
fn a_number_that_nobody_said_is_the_one_in_the_help_and_on_the_page() {
    use clap::CommandFactory as _;
    let settings = Settings::read(args(&[])).unwrap();
    let limits = settings.limits;
    let hours = settings.document_lifetime.as_secs() / HOUR_S;
    let connections = limits.connections_max.try_into().unwrap();
    let command = Line::command();
    for (flag, found) in [
        ("document-hours", hours),
        ("device-rate", settings.rates.device.into()),
        ("developer-rate", settings.rates.developer.into()),
        ("connections-max", connections),
        ("head-seconds", limits.head.as_secs()),
        ("body-seconds", limits.body.as_secs()),
        ("stop-seconds", limits.stop.as_secs()),
        ("upload-bytes-max", limits.upload_bytes_max),
    ] {
        let row = format!("| `--{flag}` | `{found}` |");
        assert!(PAGE.contains(&row), "{row}");
        let mut all = command.get_arguments();
        let arg = all.find(|arg| arg.get_long() == Some(flag)).unwrap();
        let help = arg.get_help().unwrap().to_string();
        assert!(help.contains(&format!("[default: {found}]")), "{help}");
    }
}

#[test]
fn the_settings_file_on_the_page_for_operators_is_read() {
    let (_, file) = PAGE.split_once("```toml\n").unwrap();
    let (file, _) = file.split_once("```").unwrap();
    let settings = with_file(file, &[]).unwrap();
    let url = settings.public_url.as_deref();
    assert_eq!(url, Some("https://updates.example.com"));
    assert_eq!(settings.channel_keys.len(), 1);
    assert!(settings.trust_proxy);
}
