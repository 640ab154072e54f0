//! What two builds hold beside their Dart libraries, compared once for all ABIs.

mod beside;
mod ignored;
mod parts;
mod root_of_trust;
mod surroundings;

use patchproof_archive::Release;
use patchproof_report::{Finding, Link, LinkId};

use crate::inputs::Inputs;
use crate::rows::{judged, option_missing, unopened};
pub(crate) use root_of_trust::{RootFile, RootOfTrust};
pub use root_of_trust::{embedded_root, shows_assets};

/// What is one for all ABIs: findings over whole builds, and the root of trust.
pub(crate) struct Shared {
    surroundings: Asked,
    beside_the_rebuild: Vec<ForAbi>,
    /// The root of trust that the release holds.
    pub(crate) root: RootOfTrust,
}

/// A finding about a file of one ABI, or about a file of all.
pub(crate) struct ForAbi {
    pub(crate) abi: Option<&'static str>,
    pub(crate) finding: Finding,
}

enum Asked {
    /// There is nothing to compare: no patched build, or bare libraries. Says what would help.
    NotAsked(Option<Finding>),
    Compared(Vec<ForAbi>),
}

impl Shared {
    /// Compares what was given.
    pub(crate) fn of(inputs: &Inputs, release: &Release) -> Self {
        let rebuilt = inputs
            .rebuilt
            .as_ref()
            .and_then(|build| build.opened.as_ref().ok());
        Self {
            surroundings: surroundings_of(inputs, release),
            root: RootOfTrust::of(inputs, release),
            beside_the_rebuild: rebuilt.map_or_else(Vec::new, |it| beside::findings(release, it)),
        }
    }

    /// The row of one ABI.
    pub(crate) fn surroundings(&self, inputs: &Inputs, abi: &str) -> Link {
        let id = LinkId::Surroundings;
        match &self.surroundings {
            Asked::NotAsked(hint) => {
                let mut link = Link::not_asked(id, Some(abi.to_owned()));
                if inputs.required.contains(&id) {
                    let missing = || option_missing(id, "--patched");
                    link.findings.push(hint.clone().unwrap_or_else(missing));
                }
                link
            }
            Asked::Compared(all) => judged(id, abi, of_abi(all, abi)),
        }
    }

    /// What differs between release and rebuild beside the library.
    pub(crate) fn beside_the_rebuild(&self, abi: &str) -> Vec<Finding> {
        of_abi(&self.beside_the_rebuild, abi)
    }
}

fn of_abi(all: &[ForAbi], abi: &str) -> Vec<Finding> {
    let mine = |it: &&ForAbi| it.abi.is_none_or(|of| of == abi);
    all.iter()
        .filter(mine)
        .map(|it| it.finding.clone())
        .collect()
}

fn surroundings_of(inputs: &Inputs, release: &Release) -> Asked {
    let Some(build) = &inputs.patched else {
        return Asked::NotAsked(None);
    };
    let patched = match &build.opened {
        Ok(patched) => patched,
        Err(error) => {
            let finding = unopened("the patched build", error);
            let asked_at_all = !parts::is_bare(release);
            return if asked_at_all {
                Asked::Compared(vec![ForAbi { abi: None, finding }])
            } else {
                Asked::NotAsked(None)
            };
        }
    };
    if parts::is_bare(release) || parts::is_bare(patched) {
        let message = "a bare library shows nothing of the app around it";
        let remedy = "Name whole builds with --release and --patched: the AAB, the APK or the app \
                      folder.";
        let rule = patchproof_report::Rule::InputMissing;
        return Asked::NotAsked(Some(Finding::new(rule, message).mended_by(remedy)));
    }
    Asked::Compared(surroundings::findings(release, patched))
}
