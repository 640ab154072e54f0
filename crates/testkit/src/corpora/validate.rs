//! Refuses a list of artefacts that is not fit for use, before it reaches a client or a disk.

use std::collections::HashMap;

use serde::Deserialize;

use super::alphabet::{self, is_plain};
use super::content::Content;
use super::manifest::{Artefact, Entry, Kind, Manifest, Package, Registry};
use super::problem::{ManifestError, Problem, require};

pub(super) fn parse(text: &str) -> Result<Manifest, ManifestError> {
    let written: WrittenManifest = toml::from_str(text).map_err(ManifestError::Form)?;
    let packages = written
        .package
        .into_iter()
        .map(package)
        .collect::<Result<_, _>>()?;
    let manifest = Manifest { packages };
    check_each_artefact(&manifest)?;
    Ok(manifest)
}

fn package(written: WrittenPackage) -> Result<Package, ManifestError> {
    let place = format!("{}@{}", written.name, written.version);
    check_package(&written).map_err(|problem| ManifestError::Entry { place, problem })?;
    Ok(Package {
        registry: written.registry,
        name: written.name,
        version: written.version,
        licence: written.licence,
        platform: written.platform,
        entries: written.artefact.into_iter().map(entry).collect(),
    })
}

fn entry(written: WrittenArtefact) -> Entry {
    Entry {
        path: written.path,
        content: Content::new(written.size_bytes, &written.sha256),
        kind: written.kind,
        purpose: written.purpose,
    }
}

fn check_package(written: &WrittenPackage) -> Result<(), Problem> {
    let unscoped = match (written.registry, written.name.strip_prefix('@')) {
        (Registry::Npm, Some(scoped)) => {
            let (scope, name) = scoped.split_once('/').ok_or(Problem::Name)?;
            require(is_plain(scope), Problem::Name)?;
            name
        }
        _ => &written.name,
    };
    require(is_plain(unscoped), Problem::Name)?;
    require(alphabet::is_version(&written.version), Problem::Version)?;
    require(!written.licence.is_empty(), Problem::Empty("licence"))?;
    let platform_fits = match (written.registry, &written.platform) {
        (Registry::Pypi, Some(platform)) => is_plain(platform) && !platform.contains(['.', '-']),
        (Registry::Npm, None) => true,
        _ => false,
    };
    require(platform_fits, Problem::Platform)?;
    require(!written.artefact.is_empty(), Problem::NoArtefact)
}

fn check_each_artefact(manifest: &Manifest) -> Result<(), ManifestError> {
    let mut seen: HashMap<String, Artefact<'_>> = HashMap::new();
    let mut by_sha256: HashMap<&str, Artefact<'_>> = HashMap::new();
    for artefact in manifest.artefacts() {
        let first = *by_sha256.entry(artefact.sha256()).or_insert(artefact);
        check_artefact(artefact, first, seen.contains_key(&artefact.id())).map_err(|problem| {
            ManifestError::Entry {
                place: artefact.id(),
                problem,
            }
        })?;
        seen.insert(artefact.id(), artefact);
    }
    Ok(())
}

/// `same_bytes` is the first artefact of the list with this SHA-256, mostly the artefact itself.
fn check_artefact(
    artefact: Artefact<'_>,
    same_bytes: Artefact<'_>,
    id_taken: bool,
) -> Result<(), Problem> {
    check_path(artefact.path())?;
    require(!id_taken, Problem::DuplicateId)?;
    let sha256 = artefact.sha256();
    require(
        alphabet::is_sha256(sha256),
        Problem::Sha256(sha256.to_owned()),
    )?;
    require(artefact.size_bytes() > 0, Problem::SizeZero)?;
    require(!artefact.purpose().is_empty(), Problem::Empty("purpose"))?;
    let agrees =
        artefact.size_bytes() == same_bytes.size_bytes() && artefact.kind() == same_bytes.kind();
    require(agrees, Problem::SameBytes(same_bytes.id()))
}

fn check_path(path: &str) -> Result<(), Problem> {
    let mut members = path.split('!').peekable();
    while let Some(member) = members.next() {
        let plain = alphabet::is_relative_path(member);
        require(plain, Problem::Path(path.to_owned()))?;
        let readable = members.peek().is_none() || alphabet::is_streamable_archive(member);
        require(readable, Problem::PathNested(path.to_owned()))?;
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenManifest {
    package: Vec<WrittenPackage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPackage {
    registry: Registry,
    name: String,
    version: String,
    licence: String,
    platform: Option<String>,
    #[serde(default)]
    artefact: Vec<WrittenArtefact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenArtefact {
    path: String,
    size_bytes: u64,
    sha256: String,
    kind: Kind,
    purpose: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fit list of one npm artefact, in which each test replaces one thing.
    const FIT: &str = r#"
        [[package]]
        registry = "npm"
        name = "a-package"
        version = "1.2.3"
        licence = "MIT"
        [[package.artefact]]
        path = "package/lib.so"
        size_bytes = 3
        sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        kind = "snapshot"
        purpose = "to be replaced"
    "#;

    fn problem_with(from: &str, to: &str) -> Problem {
        assert_eq!(
            FIT.matches(from).count(),
            1,
            "{from} stands once in the fit list"
        );
        problem_in(&FIT.replace(from, to))
    }

    fn problem_in(text: &str) -> Problem {
        match parse(text) {
            Err(ManifestError::Entry { problem, .. }) => problem,
            other => panic!("expected a refused entry, found {other:?}"),
        }
    }

    #[test]
    fn the_list_the_other_tests_spoil_is_fit() {
        assert_eq!(
            parse(FIT).map(|manifest| manifest.artefacts().count()),
            Ok(1)
        );
    }

    #[test]
    fn an_unknown_kind_registry_or_field_is_refused_with_its_line() {
        for (from, to) in [
            ("\"snapshot\"", "\"picture\""),
            ("\"npm\"", "\"crates\""),
            ("licence", "license"),
        ] {
            let error = parse(&FIT.replace(from, to)).unwrap_err();
            assert!(matches!(error, ManifestError::Form(_)), "{error:?}");
            assert!(error.to_string().contains("line "), "{error}");
        }
    }

    #[test]
    fn a_path_that_could_leave_its_folder_is_refused() {
        for path in [
            "/etc/passwd",
            "../lib.so",
            "a/../lib.so",
            "a//b",
            "./a",
            "c:/a",
            "a\\b",
            "",
        ] {
            let toml_path = path.replace('\\', "\\\\");
            let problem = problem_with("package/lib.so", &toml_path);
            assert_eq!(problem, Problem::Path(path.to_owned()));
        }
    }

    #[test]
    fn only_a_gzipped_tar_is_stepped_into() {
        let problem = problem_with("package/lib.so", "a/app.zip!lib.so");
        assert_eq!(problem, Problem::PathNested("a/app.zip!lib.so".to_owned()));
    }

    #[test]
    fn a_digest_that_is_not_lowercase_hex_of_64_is_refused() {
        assert!(matches!(
            problem_with("ba7816bf", "BA7816BF"),
            Problem::Sha256(_)
        ));
        assert!(matches!(
            problem_with("ba7816bf", "ba7816b"),
            Problem::Sha256(_)
        ));
    }

    #[test]
    fn an_empty_file_is_refused() {
        assert_eq!(
            problem_with("size_bytes = 3", "size_bytes = 0"),
            Problem::SizeZero
        );
    }

    #[test]
    fn a_name_that_a_client_could_take_for_a_flag_is_refused() {
        for name in [
            "--prefix",
            "../a",
            "a/b",
            "@scope",
            "@../a",
            "git+ssh:a",
            "",
        ] {
            assert_eq!(problem_with("a-package", name), Problem::Name, "{name}");
        }
    }

    #[test]
    fn a_version_that_is_a_range_or_a_tag_is_refused() {
        for version in ["^1.2.3", "latest", "1.2.3 || 2", "1/..", ""] {
            assert_eq!(
                problem_with("1.2.3", version),
                Problem::Version,
                "{version}"
            );
        }
    }

    #[test]
    fn a_platform_belongs_to_pypi_alone() {
        assert_eq!(problem_with("\"npm\"", "\"pypi\""), Problem::Platform);
        let both = problem_with("licence = \"MIT\"", "licence = \"MIT\"\nplatform = \"any\"");
        assert_eq!(both, Problem::Platform);
    }

    #[test]
    fn a_package_listed_twice_is_refused() {
        assert_eq!(problem_in(&FIT.repeat(2)), Problem::DuplicateId);
    }

    #[test]
    fn one_digest_cannot_have_two_sizes() {
        let other = FIT
            .replace("a-package", "b-package")
            .replace("size_bytes = 3", "size_bytes=4");
        let problem = problem_in(&format!("{FIT}{other}"));
        assert_eq!(
            problem,
            Problem::SameBytes("a-package@1.2.3/lib.so".to_owned())
        );
    }

    #[test]
    fn an_entry_nobody_can_judge_is_refused() {
        assert_eq!(
            problem_with("to be replaced", ""),
            Problem::Empty("purpose")
        );
        assert_eq!(problem_with("MIT", ""), Problem::Empty("licence"));
    }
}
