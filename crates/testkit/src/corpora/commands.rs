//! What is typed to fetch a package with its registry's client, and what that says and leaves.

use super::manifest::{Package, Registry};

/// The client's name, as a person knows it.
pub(super) fn client_name(registry: Registry) -> &'static str {
    match registry {
        Registry::Npm => "npm",
        Registry::Pypi => "pip",
    }
}

/// How the client is started: a program and its leading words, in the order to try.
pub(super) fn launchers(registry: Registry) -> &'static [&'static [&'static str]] {
    match registry {
        Registry::Npm if cfg!(windows) => &[&["npm.cmd"]],
        Registry::Npm => &[&["npm"]],
        Registry::Pypi => &[&["pip"], &["pip3"], &["python3", "-m", "pip"]],
    }
}

/// How to come by the client.
pub(super) fn how_to_install(registry: Registry) -> &'static str {
    match registry {
        Registry::Npm => "install Node.js, which brings npm",
        Registry::Pypi => "install Python 3 with pip (pip3 and `python3 -m pip` will do too)",
    }
}

/// The extension of the one file the client leaves in its working folder.
pub(super) fn archive_extension(registry: Registry) -> &'static str {
    match registry {
        Registry::Npm => "tgz",
        Registry::Pypi => "whl",
    }
}

/// The arguments that decide what comes.
pub(super) fn arguments(package: &Package) -> Vec<String> {
    let (name, version) = (package.name(), package.version());
    match package.registry() {
        Registry::Npm => vec!["pack".to_owned(), format!("{name}@{version}")],
        Registry::Pypi => {
            let mut words = ["download", "--no-deps", "--only-binary=:all:"]
                .map(str::to_owned)
                .to_vec();
            words.extend(
                package
                    .platform()
                    .map(|platform| format!("--platform={platform}")),
            );
            words.push(format!("{name}=={version}"));
            words
        }
    }
}

/// The arguments that only decide how the client behaves.
pub(super) fn manners(registry: Registry) -> &'static [&'static str] {
    match registry {
        // Not --silent, which also hides why it failed. Retrying is ours.
        Registry::Npm => &[
            "--loglevel=error",
            "--ignore-scripts",
            "--fetch-retries=0",
            "--no-update-notifier",
        ],
        // Not from pip's own cache: what rotted here is asked for anew.
        Registry::Pypi => &[
            "--no-cache-dir",
            "--no-input",
            "--disable-pip-version-check",
            "--progress-bar=off",
            "--retries=1",
        ],
    }
}

/// The command for a person.
pub(super) fn by_hand(package: &Package) -> String {
    format!(
        "{} {}",
        client_name(package.registry()),
        arguments(package).join(" ")
    )
}

/// Whether a failure means that the client is not installed after all: version managers put a
/// stand-in on PATH that fails when nothing is behind it, and Python may come without pip.
pub(super) fn is_stand_in(exit_code: Option<i32>, stderr: &str) -> bool {
    exit_code == Some(127) || stderr.contains("No module named pip")
}

/// A likely cause of a failure, read off the client's words: ` (it seems that ...)`, or nothing.
pub(super) fn hint(stderr: &str) -> &'static str {
    let unreachable = NO_NETWORK.iter().any(|words| stderr.contains(words));
    if unreachable {
        " (it seems that no registry could be reached: is there a network?)"
    } else {
        ""
    }
}

/// What npm and pip write when no registry answers.
const NO_NETWORK: [&str; 9] = [
    "ConnectTimeoutError",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "ETIMEDOUT",
    "NewConnectionError",
];

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;

    #[test]
    fn the_command_for_a_person_is_the_one_that_decides_what_comes() {
        let npm = fixtures::npm(&[("a", b"a")]);
        let pypi = fixtures::pypi(&[("a", b"a")]);
        let commands = [&npm, &pypi].map(|manifest| by_hand(&manifest.packages()[0]));
        let pip = "pip download --no-deps --only-binary=:all: --platform=any pack==1.0.0";
        assert_eq!(commands, ["npm pack pack@1.0.0", pip]);
    }
}
