//! Which version a build is, by its manifest and by what a person says.

use patchproof_archive::AppIdentity;
use patchproof_trust::Word;

use crate::error::PublishError;

/// The version of a build, as its devices say it: `1.2.3+45`.
///
/// # Errors
///
/// Where manifest and person disagree, or neither says it.
pub(crate) fn version_of(
    name: &str,
    app: &AppIdentity,
    said: Option<&Word>,
) -> Result<Word, PublishError> {
    let fault = |why: String| PublishError::Build {
        name: name.to_owned(),
        why,
    };
    let found = app.version_name.as_ref().map(|version| {
        let code = app.version_code.map(|code| format!("{version}+{code}"));
        (version.clone(), code)
    });
    match (found, said) {
        (None, Some(said)) => Ok(said.clone()),
        (None, None) => Err(fault(
            "no manifest in it says its version: say with --version what devices call it"
                .to_owned(),
        )),
        (Some((version, code)), None) => Ok(Word::new(code.unwrap_or(version))?),
        (Some((version, code)), Some(said)) => {
            let agrees = said.as_str() == version || Some(said.as_str()) == code.as_deref();
            if agrees || code.is_none() && said.as_str().starts_with(&format!("{version}+")) {
                return Ok(said.clone());
            }
            let found = code.unwrap_or(version);
            Err(fault(format!(
                "its manifest says that it is version {found}, and --version says {said}: devices \
                 go by the manifest. Leave --version out, or name the build that is meant"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(version: Option<&str>, code: Option<u64>) -> AppIdentity {
        let mut app = AppIdentity::default();
        app.version_name = version.map(str::to_owned);
        app.version_code = code;
        app
    }

    fn found(app: &AppIdentity, said: Option<&str>) -> Option<String> {
        let said = said.map(|said| Word::new(said).unwrap());
        let found = version_of("app", app, said.as_ref());
        found.ok().map(|version| version.to_string())
    }

    #[test]
    fn the_manifest_decides_where_nobody_says_anything() {
        let whole = identity(Some("1.2.3"), Some(45));
        assert_eq!(found(&whole, None).as_deref(), Some("1.2.3+45"));
        assert_eq!(
            found(&identity(Some("1.2.3"), None), None).as_deref(),
            Some("1.2.3")
        );
    }

    #[test]
    fn a_version_that_the_manifest_contradicts_is_refused() {
        let app = identity(Some("1.2.3"), Some(45));
        assert_eq!(found(&app, Some("1.2.4+46")), None);
        assert_eq!(found(&app, Some("1.2.3+46")), None);
        assert_eq!(found(&app, Some("1.2.3")).as_deref(), Some("1.2.3"));
    }

    #[test]
    fn what_no_manifest_says_must_be_said() {
        let silent = identity(None, None);
        assert_eq!(found(&silent, None), None);
        assert_eq!(found(&silent, Some("1.0.0+1")).as_deref(), Some("1.0.0+1"));
    }
}
