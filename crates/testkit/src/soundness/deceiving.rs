//! Made runs, changed as a fuzzer's input says: whatever is given, what is verified is true.

use std::sync::OnceLock;

use patchproof_report::{LinkState, Report};

use super::bundle::{Bundle, Packed, Seen};
use super::case::{Ended, Section, families};
use super::kind::Kind;
use super::limits::patch_fits;
use super::stories::Story;
use super::world::World;

/// What is done to a made run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deceit {
    /// A kind of a section by its index, and which of its changes.
    Kind {
        section: Section,
        kind: usize,
        turn: usize,
    },
    /// Another file in the place of one.
    Replaced { file: usize, bytes: Vec<u8> },
    /// Bytes of one file are others.
    Spliced {
        file: usize,
        at: usize,
        removed: usize,
        bytes: Vec<u8>,
    },
}

/// A made run that is kept between inputs.
struct Run {
    world: &'static World,
    honest: Bundle,
    seen: Seen,
}

/// Holds one deceit against a made run, and says whether something of the release was looked at.
///
/// # Panics
///
/// Where what is harmless is refused, or what is not true is verified.
pub(crate) fn hold(story: Story, deceit: &Deceit) -> bool {
    let Some(run) = run_of(story) else {
        return false;
    };
    let Some((changed, claim)) = run.changed(story, deceit) else {
        return false;
    };
    let changed = changed.written();
    let report = changed.report();
    judge(&report, run, &changed, &claim, &format!("{deceit:?}"));
    came_far(&report)
}

fn judge(report: &Report, run: &Run, changed: &Bundle, claim: &Claim, what: &str) {
    let is_verified = Ended::of(report).is_verified;
    let words = || patchproof_report::report_text(report);
    match claim {
        Claim::Verified => assert!(is_verified, "{what} is refused:\n{}", words()),
        Claim::Same | Claim::True if !is_verified => (),
        Claim::Same => assert!(run.is_same(changed), "{what} is verified:\n{}", words()),
        Claim::True => {
            let is_true = run.is_same(changed) || run.fits_unbound(changed);
            assert!(is_true, "{what} is verified:\n{}", words());
        }
        Claim::Nothing => (),
    }
}

/// What has to hold of a report.
enum Claim {
    Verified,
    /// Verified is only what is as it was, to another reader: what was packed and signed anew is
    /// wrong in what it says, however well its patches fit.
    Same,
    /// Verified is only what is true, by another reader or decoder.
    True,
    /// It ends, and that is all.
    Nothing,
}

impl Run {
    fn changed(&self, story: Story, deceit: &Deceit) -> Option<(Bundle, Claim)> {
        let mut bundle = self.honest.clone();
        let file = match deceit {
            Deceit::Kind {
                section,
                kind,
                turn,
            } => {
                let kind = kind_of(story, *section, *kind)?;
                let changed = kind.made(self.world, &self.honest, *turn);
                let is_signed_anew = !kind.how.is_of_files();
                let claim = match section {
                    Section::Harmless => Claim::Verified,
                    Section::Tampering if is_signed_anew => Claim::Same,
                    Section::Limit if is_signed_anew => Claim::Nothing,
                    Section::Tampering | Section::Limit => Claim::True,
                };
                return Some((changed, claim));
            }
            Deceit::Replaced { file, bytes } => bundle.file(*file, |it| it.clone_from(bytes))?,
            Deceit::Spliced {
                file,
                at,
                removed,
                bytes,
            } => bundle.file(*file, |it| {
                let start = at.checked_rem(it.len().max(1)).unwrap_or(0);
                let end = start.saturating_add(*removed).min(it.len());
                it.splice(start..end, bytes.iter().copied());
            })?,
        };
        // An engine is asked what it takes; nobody claims that it is the right one.
        let claim = match file {
            "engine" => Claim::Nothing,
            _ => Claim::True,
        };
        Some((bundle, claim))
    }

    /// Whether nothing that anybody reads is another.
    fn is_same(&self, changed: &Bundle) -> bool {
        changed.seen() == self.seen
    }

    /// Whether no signature binds the libraries, and the patch gives the patched build all the
    /// same.
    fn fits_unbound(&self, changed: &Bundle) -> bool {
        changed.statements.is_empty() && patch_fits(&self.honest, changed)
    }
}

/// Whether a link held: the release was opened and something of it looked at.
fn came_far(report: &Report) -> bool {
    let mut links = report.links().iter();
    links.any(|link| link.state == LinkState::Held)
}

fn run_of(story: Story) -> Option<&'static Run> {
    static RUNS: [OnceLock<Option<Run>>; 3] = [const { OnceLock::new() }; 3];
    let at = Story::MADE.iter().position(|made| *made == story)?;
    let run = RUNS.get(at)?.get_or_init(|| {
        let world = story.made()?;
        let honest = world.bundle();
        let seen = honest.seen();
        Some(Run {
            world,
            honest,
            seen,
        })
    });
    run.as_ref()
}

fn kind_of(story: Story, section: Section, index: usize) -> Option<&'static Kind> {
    let kinds = families(section).iter().flat_map(|family| family.kinds);
    let kinds: Vec<&Kind> = kinds
        .filter(|kind| kind.on.iter().any(|(on, _)| *on == story))
        .collect();
    kinds.get(index.checked_rem(kinds.len())?).copied()
}

impl Bundle {
    /// Changes one file by its index, and answers what it is; `None` where the run has none.
    fn file(&mut self, index: usize, change: impl FnOnce(&mut Vec<u8>)) -> Option<&'static str> {
        let (bytes, what) = match index % FILES {
            0 | 1 => {
                let build = [&mut self.release, &mut self.patched];
                let build = build.into_iter().nth(index % FILES)?;
                let mut bytes = build.bytes();
                change(&mut bytes);
                *build = Packed::File(bytes);
                return Some("build");
            }
            2 => (&mut self.patches.first_mut()?.1, "patch"),
            3 => (&mut self.statements.first_mut()?.1, "statement"),
            4 => (&mut self.channels.first_mut()?.1, "channel"),
            5 => (&mut self.signatures.first_mut()?.1, "signature"),
            6 => (self.previous.first_mut()?, "previous"),
            7 => (self.public_key.as_mut()?, "public key"),
            _ => (self.engine.as_mut()?, "engine"),
        };
        change(bytes);
        Some(what)
    }
}

const FILES: usize = 9;

/// A tampered run with the claim of a harmless one: an oracle that bears it sees nothing.
#[cfg(test)]
pub(crate) fn claimed_harmless(story: Story) {
    let run = run_of(story).expect("a made story");
    let mut changed = run.honest.clone();
    changed.file(2, Vec::clear);
    let report = changed.written().report();
    judge(
        &report,
        run,
        &run.honest,
        &Claim::Verified,
        "a patch of nothing",
    );
}

/// A verified run that says something else than the honest one, and whose patch fits: signed anew,
/// an oracle must not bear it.
#[cfg(test)]
pub(crate) fn verified_and_another(story: Story) {
    let run = run_of(story).expect("a made story");
    let report = run.honest.clone().written().report();
    let mut changed = run.honest.clone();
    changed.now_s = changed.now_s.map(|now_s| now_s + 1);
    judge(&report, run, &changed, &Claim::Same, "another moment");
}
