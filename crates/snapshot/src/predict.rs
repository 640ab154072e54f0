//! What an engine does with a snapshot: in the order in which a real VM finds out.
//!
//! Held against real VMs: a test runs every runtime of the corpus over every snapshot and compares.

use std::collections::BTreeSet;

use patchproof_report::{EngineOutcome, Finding, Rule};

use crate::blob::DataBlob;
use crate::compare::{Named, own_findings};
use crate::container::{Arch, Container, Layout, Os};
use crate::engine::Engine;
use crate::snapshot::Snapshot;
use crate::version_literal::CANDIDATES_MAX;
use crate::words::{MODES, WordVerdict, settle};

/// An engine's answer, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Prediction {
    /// What happens.
    pub outcome: EngineOutcome,
    /// Why: one finding for each thing that does not fit or could not be settled.
    pub findings: Vec<Finding>,
}

/// Predicts what an engine does with a snapshot. `engine` and `library` carry the names that the
/// findings use.
#[must_use]
pub fn predict(library: Named<'_, Snapshot>, engine: Named<'_, Engine<'_>>) -> Prediction {
    let mut asked = Asked {
        library,
        engine,
        found: Vec::new(),
    };
    asked.machine_and_container();
    asked.layout();
    asked.version();
    asked.headers();
    asked.features();
    asked.embedder();
    let outcome = asked.found.iter().map(|(outcome, _)| *outcome).min();
    Prediction {
        outcome: outcome.unwrap_or(EngineOutcome::Runs),
        findings: asked
            .found
            .into_iter()
            .map(|(_, finding)| finding)
            .collect(),
    }
}

struct Asked<'a> {
    library: Named<'a, Snapshot>,
    engine: Named<'a, Engine<'a>>,
    found: Vec<(EngineOutcome, Finding)>,
}

impl Asked<'_> {
    fn say(&mut self, outcome: EngineOutcome, finding: Finding) {
        self.found.push((outcome, finding));
    }

    fn machine_and_container(&mut self) {
        let (library, engine) = (self.library, self.engine);
        if library.arch != engine.arch || engine.arch == Arch::Unknown {
            let finding = Finding::new(
                Rule::EngineMachine,
                format!("{engine} is for another machine than {library}: the loader refuses it"),
            );
            let finding = finding.comparing(engine.arch.word(), library.arch.word());
            self.say(EngineOutcome::RefusedForMachineOrContainer, finding);
        }
        if !engine.loads(library.container) {
            let finding = Finding::new(
                Rule::EngineContainer,
                format!("{engine} does not load the container of {library}: it is refused"),
            );
            let finding = finding.comparing(engine.container.word(), library.container.word());
            self.say(EngineOutcome::RefusedForMachineOrContainer, finding);
        }
    }

    fn layout(&mut self) {
        let (library, engine) = (self.library, self.engine);
        match engine.layout {
            None => {
                let message = format!("{engine} does not show which snapshot symbols it looks up");
                let finding = Finding::new(Rule::EngineLayoutUnsettled, message);
                self.say(
                    EngineOutcome::Unsettled,
                    finding.showing(library.layout.word()),
                );
            }
            Some(layout) if layout != library.layout => {
                // The plain runtime's own Mach-O loader looks for all symbols before it goes on.
                let own_loader = library.container == Container::Macho64
                    && engine.container != Container::Macho64;
                let (outcome, end) = if own_loader {
                    (EngineOutcome::RefusedForMachineOrContainer, "it is refused")
                } else {
                    (EngineOutcome::Aborts, "the process aborts")
                };
                let message = format!(
                    "{engine} looks up {}, which {library} does not have: {end}",
                    layout.first_symbol()
                );
                let finding = Finding::new(Rule::EngineLayout, message);
                self.say(
                    outcome,
                    finding.comparing(layout.word(), library.layout.word()),
                );
            }
            Some(_) => {}
        }
    }

    fn version(&mut self) {
        let (library, engine) = (self.library, self.engine);
        let wrong = |blob: &&DataBlob| !engine.versions.contains(&blob.header.version.as_str());
        let all = engine.versions.join(" or ");
        if engine.versions.is_empty() || engine.versions.len() > CANDIDATES_MAX {
            let message = if engine.versions.is_empty() {
                format!("{engine} shows no snapshot version")
            } else {
                format!(
                    "{engine} holds more than {CANDIDATES_MAX} strings that could be the snapshot \
                     version it takes"
                )
            };
            let finding = Finding::new(Rule::EngineVersionUnsettled, message);
            let finding = finding.showing(&library.header().version);
            self.say(EngineOutcome::Unsettled, finding);
        } else if let Some(blob) = library.blobs().find(wrong) {
            let message = format!(
                "{engine} answers `Wrong full snapshot version` to {library}: \
                 another compiler built it"
            );
            let finding = Finding::new(Rule::EngineVersion, message);
            let finding = finding.comparing(all, &blob.header.version);
            self.say(EngineOutcome::RefusedForVersion, finding);
        } else if engine.versions.len() > 1 {
            let message = format!(
                "{engine} holds {} strings that could be the snapshot version it takes, \
                 and that of {library} is one of them",
                engine.versions.len()
            );
            let finding = Finding::new(Rule::EngineVersionUnsettled, message);
            let finding = finding.comparing(all, &library.header().version);
            self.say(EngineOutcome::Unsettled, finding);
        }
    }

    fn version_is_taken(&self) -> bool {
        let taken = |blob: &DataBlob| self.engine.versions.contains(&blob.header.version.as_str());
        self.library.blobs().all(taken)
    }

    /// What no VM takes, whatever engine. `compare` tells the same findings, and tells them once.
    fn headers(&mut self) {
        let library = self.library;
        for finding in own_findings(library) {
            let outcome = match finding.rule {
                Rule::KindUnexpected => over_its_kind(library.thing),
                Rule::BlobLength => over_its_length(library.thing),
                Rule::ImageMisfits => EngineOutcome::Unsettled,
                Rule::HeadersDisagree | Rule::MachineWordDisagrees => {
                    EngineOutcome::RefusedForFeatures
                }
                _ => continue,
            };
            self.say(outcome, finding);
        }
    }

    fn features(&mut self) {
        // Words change with the compiler: without its version there is nothing to hold them
        // against.
        if !self.version_is_taken() {
            return;
        }
        let library = self.library;
        let mut strings: Vec<&str> = Vec::new();
        for blob in library.thing.blobs() {
            if !strings.contains(&blob.header.features.as_str()) {
                strings.push(&blob.header.features);
            }
        }
        for features in strings {
            self.feature_string(features);
        }
    }

    fn feature_string(&mut self, features: &str) {
        let (library, engine) = (self.library, self.engine);
        let words: Vec<&str> = features.split_ascii_whitespace().collect();
        if words.join(" ") != *features || !complete(&words) {
            let message = format!(
                "{engine} answers `Snapshot not compatible with the current VM configuration` to \
                 {library}: its features are not as a compiler writes them"
            );
            let finding = Finding::new(Rule::EngineFeatures, message).showing(features);
            self.say(EngineOutcome::RefusedForFeatures, finding);
            return;
        }
        let mut unsettled = Vec::new();
        for word in words {
            match settle(&engine, word) {
                WordVerdict::Taken => {}
                WordVerdict::Unsettled => unsettled.push(word),
                WordVerdict::Refused { instead } => {
                    let message = format!(
                        "{engine} answers `Snapshot not compatible with the current VM \
                         configuration` to {library}: it does not have the feature `{word}`"
                    );
                    let expected = instead.unwrap_or_else(|| "no such word".to_owned());
                    let finding = Finding::new(Rule::EngineFeatures, message);
                    self.say(
                        EngineOutcome::RefusedForFeatures,
                        finding.comparing(expected, word),
                    );
                }
            }
        }
        if !unsettled.is_empty() {
            let words = unsettled.join(" ");
            let message = format!("{engine} does not show whether it takes `{words}` of {library}");
            let finding = Finding::new(Rule::EngineFeaturesUnsettled, message).showing(words);
            self.say(EngineOutcome::Unsettled, finding);
        }
    }

    fn embedder(&mut self) {
        let (library, engine) = (self.library, self.engine);
        if let (Some(own), Some(asked)) = (engine.embedder, library.embedder)
            && own != asked
        {
            let message = format!(
                "{library} was compiled for {}, and {engine} is {}: the VM takes it, then the \
                 process ends because {} is not found",
                asked.word(),
                own.word(),
                own.library()
            );
            let finding = Finding::new(Rule::EngineEmbedder, message);
            let finding = finding.comparing(own.library(), asked.library());
            self.say(EngineOutcome::RefusedByEmbedder, finding);
        }
    }
}

/// The unified layout knows kinds 1 (just in time: refused) and 2; at others its VM aborts.
fn over_its_kind(library: &Snapshot) -> EngineOutcome {
    match (library.layout, library.header().kind) {
        (Layout::Unified, kind) if kind != 1 => EngineOutcome::Aborts,
        _ => EngineOutcome::RefusedForHeader,
    }
}

/// A length that leaves no room is refused; one that reaches too far is followed, and crashes.
/// Below
/// -4 a blob counts as none at all: the split layout's VM says so, the unified layout's does not
/// look.
fn over_its_length(library: &Snapshot) -> EngineOutcome {
    let crashes = |blob: &DataBlob| match u64::try_from(blob.header.length) {
        Ok(length) => length.saturating_add(4) > blob.size,
        Err(_) => library.layout == Layout::Unified && blob.header.length < -4,
    };
    if library.blobs().any(crashes) {
        EngineOutcome::Aborts
    } else {
        EngineOutcome::RefusedForHeader
    }
}

/// Every compiler names its mode first, and somewhere its machine, system and pointer size, and no
/// word twice. Up to Dart 2.18 the machine's word stood for the system too, and compilers before
/// 2.13 knew one pointer size.
fn complete(words: &[&str]) -> bool {
    let count = |test: &dyn Fn(&str) -> bool| words.iter().filter(|word| test(word)).count();
    let machines = count(&|word| Arch::from_feature_word(word).is_some());
    let older = words.iter().any(|word| is_older(word));
    let once = |count: usize| count == 1 || (older && count == 0);
    let distinct: BTreeSet<&&str> = words.iter().collect();
    words.len() <= WORDS_MAX
        && distinct.len() == words.len()
        && words.first().is_some_and(|first| MODES.contains(first))
        && machines == 1
        && once(count(&|word| Os::from_word(word).is_some()))
        && once(count(&|word| {
            word.trim_start_matches("no-") == "compressed-pointers"
        }))
}

fn is_older(word: &str) -> bool {
    Arch::from_feature_word(word).is_some_and(|arch| arch.feature_word() != Some(word))
}

/// The most of the corpus are eleven. Each is looked for in the whole engine.
const WORDS_MAX: usize = 64;
