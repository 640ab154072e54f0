//! The causes as sentences, each with what was seen.

use patchproof_report::{Certainty, Finding, Rule};

use super::evidence::Evidence;
use super::shown::shown;
use super::strings::Names;
use super::table;
use crate::compare::words_between;
use crate::engine::Embedder;
use crate::snapshot::Snapshot;

/// The causes as findings, the most certain first.
pub(super) fn causes(evidence: &Evidence<'_>) -> Vec<Finding> {
    let causes = table::causes(evidence.seen());
    let finding = |(rule, certainty): (Rule, Certainty)| {
        let finding = evidence.tell(rule);
        if rule == Rule::CauseUnknown {
            finding
        } else {
            finding.sure(certainty)
        }
    };
    causes.into_iter().map(finding).collect()
}

impl Evidence<'_> {
    fn tell(&self, rule: Rule) -> Finding {
        let snapshots = self.snapshots();
        match (rule, snapshots) {
            (Rule::CauseCutShort, _) => self.cut_short(),
            (Rule::CauseOtherPath, _) => self.other_path(),
            (Rule::CauseObfuscation, _) => self.obfuscated(),
            (Rule::CauseOtherSources, _) => self.other_sources(),
            (Rule::CauseNotDeterministic, _) => self.other_order(),
            (Rule::CauseOtherLinking, _) => self.other_linking(),
            (Rule::CauseOtherMachine, Some((a, b))) => self.other_machine(a, b),
            (Rule::CauseOtherCompiler, Some((a, b))) => self.other_compiler(a, b),
            (Rule::CauseOtherFeatures, Some((a, b))) => self.other_features(a, b),
            (Rule::CauseOtherEmbedder, Some((a, b))) => self.other_embedder(a, b),
            (Rule::CauseStripping, Some((a, b))) => self.stripping(a, b),
            (Rule::CausePageAlignment, Some((a, b))) => self.alignment(a, b),
            _ => self.unknown(),
        }
    }

    fn names(&self) -> (&str, &str) {
        (self.expected.name(), self.found.name())
    }

    fn cut_short(&self) -> Finding {
        let (a, b) = (self.expected.size_bytes(), self.found.size_bytes());
        let (expected, found) = self.names();
        let (short, long) = if a < b {
            (expected, found)
        } else {
            (found, expected)
        };
        let message = format!(
            "{short} is, byte for byte, the first {} bytes of {long}",
            a.min(b)
        );
        let sizes = [a, b].map(|size| format!("{size} bytes"));
        let [a, b] = sizes;
        Finding::new(Rule::CauseCutShort, message).comparing(a, b)
    }

    fn other_machine(&self, a: &Snapshot, b: &Snapshot) -> Finding {
        let (expected, found) = self.names();
        let message = format!("{found} is not for the machine and container of {expected}");
        let target = |it: &Snapshot| {
            format!(
                "{} in {}, {} layout",
                it.arch.word(),
                it.container.word(),
                it.layout.word()
            )
        };
        Finding::new(Rule::CauseOtherMachine, message).comparing(target(a), target(b))
    }

    fn other_compiler(&self, a: &Snapshot, b: &Snapshot) -> Finding {
        let (expected, found) = self.names();
        let message = format!("{expected} and {found} have different snapshot versions");
        let version = |it: &Snapshot| it.header().version.clone();
        Finding::new(Rule::CauseOtherCompiler, message).comparing(version(a), version(b))
    }

    fn other_features(&self, a: &Snapshot, b: &Snapshot) -> Finding {
        let (expected, found) = self.names();
        let (old, new) = (&a.header().features, &b.header().features);
        let words = words_between(old, new);
        let message = format!("{found} has other features than {expected}: {words}");
        Finding::new(Rule::CauseOtherFeatures, message).comparing(old, new)
    }

    fn other_embedder(&self, a: &Snapshot, b: &Snapshot) -> Finding {
        let (expected, found) = self.names();
        let message = format!("{expected} and {found} ask for different embedders");
        let library = |it: &Snapshot| it.embedder.map(Embedder::library).unwrap_or_default();
        Finding::new(Rule::CauseOtherEmbedder, message).comparing(library(a), library(b))
    }

    fn stripping(&self, a: &Snapshot, b: &Snapshot) -> Finding {
        let (expected, found) = self.names();
        let bytes: u64 = self.differing().map(|region| region.differing_bytes).sum();
        let message = format!(
            "a loader maps the same from {expected} and {found}; what differs, {bytes} bytes, is \
             not mapped"
        );
        let word = |it: &Snapshot| {
            if it.stripped {
                "without names of functions"
            } else {
                "with names of functions"
            }
        };
        Finding::new(Rule::CauseStripping, message).comparing(word(a), word(b))
    }

    fn other_linking(&self) -> Finding {
        let (expected, found) = self.names();
        let message = format!(
            "every snapshot blob is the same in {expected} and {found}; the container around them \
             is not"
        );
        let regions: Vec<&str> = self
            .differing()
            .map(|region| &*region.name)
            .take(SHOWN)
            .collect();
        Finding::new(Rule::CauseOtherLinking, message).showing(regions.join(", "))
    }

    fn alignment(&self, a: &Snapshot, b: &Snapshot) -> Finding {
        let (expected, found) = self.names();
        let message =
            format!("the load segments of {expected} and {found} are aligned differently");
        let bytes = |it: &Snapshot| format!("{} bytes", it.load_alignment);
        Finding::new(Rule::CausePageAlignment, message).comparing(bytes(a), bytes(b))
    }

    fn other_path(&self) -> Finding {
        let (expected, found) = self.names();
        let all = self.path.as_ref().is_some_and(|path| path.explains_all);
        let rest = if all {
            "and but for these and the build id every byte is the same"
        } else {
            "which also moves or renames other things; whether it is all cannot be told"
        };
        let message =
            format!("{expected} and {found} hold the same file in different folders, {rest}");
        let list = |paths: &[String]| {
            let paths = paths.iter().take(SHOWN).map(|path| shown(path.as_bytes()));
            paths.collect::<Vec<_>>().join(", ")
        };
        let finding = Finding::new(Rule::CauseOtherPath, message);
        match &self.path {
            Some(path) => finding.comparing(list(&path.expected), list(&path.found)),
            None => finding,
        }
    }

    fn obfuscated(&self) -> Finding {
        let (expected, found) = self.names();
        let [a, b] = self.strings.names;
        let percent = |it: Names| {
            let percent = it.short.saturating_mul(100) / it.all.max(1);
            format!("{percent} % of {} names have up to three letters", it.all)
        };
        let more = a.short.saturating_mul(b.all) > b.short.saturating_mul(a.all);
        let which = if more { expected } else { found };
        let message = format!("only in {which} most names are made up of one to three letters");
        Finding::new(Rule::CauseObfuscation, message).comparing(percent(a), percent(b))
    }

    fn other_sources(&self) -> Finding {
        let (expected, found) = self.names();
        let strings = self.changed_strings().count();
        let functions = &self.functions;
        let (gone, new) = (functions.gone.len(), functions.new.len());
        let changed = functions
            .resized
            .len()
            .saturating_add(functions.rewritten.len());
        let told = if functions.named {
            format!(
                "functions: {gone} went, {new} came, {changed} changed; strings that came or went: \
                 {strings}"
            )
        } else {
            format!("strings that came or went: {strings}; functions are not named")
        };
        let message = if strings == 0 && functions.total() == 0 {
            format!(
                "{found} has the snapshot version, features, names and strings of {expected}, and \
                 other contents, of which the compiler made another build id"
            )
        } else {
            format!(
                "{found} has the snapshot version and features of {expected}, and other parts \
                 ({told})"
            )
        };
        let list = |texts: &[&[u8]]| {
            let quoted = texts
                .iter()
                .take(SHOWN)
                .map(|text| format!("`{}`", shown(text)));
            quoted.collect::<Vec<_>>().join(", ")
        };
        let finding = Finding::new(Rule::CauseOtherSources, message);
        if strings == 0 {
            return finding;
        }
        finding.comparing(list(&self.strings.gone), list(&self.strings.new))
    }

    fn other_order(&self) -> Finding {
        let (expected, found) = self.names();
        let (functions, strings) = (&self.functions, &self.strings);
        let mut seen = Vec::new();
        for (what, moved, common) in [
            ("functions", functions.moved, functions.common),
            ("strings", strings.moved, strings.common),
        ] {
            if Self::out_of_order(moved, common) {
                seen.push(format!(
                    "{moved} of the {common} {what} that both have are followed by another one"
                ));
            }
        }
        let swapped = functions.swapped();
        if swapped > 0 {
            seen.push(format!(
                "of {} functions that went and {} that came {swapped} are pairs of one size, as \
                 where equal code is kept once and under another of its names",
                functions.gone.len(),
                functions.new.len()
            ));
        }
        let message = format!(
            "{found} has the snapshot version and features of {expected}, and another order \
             inside: {}",
            seen.join("; ")
        );
        Finding::new(Rule::CauseNotDeterministic, message)
    }

    fn unknown(&self) -> Finding {
        let (expected, found) = self.names();
        let unreadable = [self.expected, self.found].into_iter().find_map(|library| {
            let fault = library.fault()?;
            Some(format!(
                "{} cannot be read as a snapshot: {fault}",
                library.name()
            ))
        });
        let message = match (unreadable, self.same_build_id()) {
            (Some(fault), _) => fault,
            (None, Some(true)) => format!(
                "{expected} and {found} carry the same build id, which a Dart compiler makes of \
                 the contents, and differ: it seems that one of them was changed after it was built"
            ),
            (None, _) => format!(
                "{expected} and {found} differ, and nothing that is known to make libraries \
                 differ can be seen in them"
            ),
        };
        let regions: Vec<&str> = self
            .differing()
            .map(|region| &*region.name)
            .take(SHOWN)
            .collect();
        Finding::new(Rule::CauseUnknown, message).showing(regions.join(", "))
    }
}

/// As many of a list as a sentence bears.
const SHOWN: usize = 5;
