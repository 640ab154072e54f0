//! Whether an engine takes a feature word, settled from the literals that stand in it.
//!
//! The VM builds its own feature string and compares it with the snapshot's as text. What we can
//! see of it are literals. A word of which only one form stands there is fixed; where both stand,
//! the VM decides by a flag, and only flags whose handling was measured on real VMs are settled.

use memchr::memmem;

use crate::container::{Arch, Os};
use crate::engine::Engine;

/// What became of one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WordVerdict {
    /// The engine takes it.
    Taken,
    /// The engine does not have it.
    Refused { instead: Option<String> },
    /// The engine's strings do not settle it.
    Unsettled,
}

/// Asks an engine for one word.
pub(crate) fn settle(engine: &Engine<'_>, word: &str) -> WordVerdict {
    if MODES.contains(&word) {
        return mode(engine, word);
    }
    if let Some(arch) = Arch::from_feature_word(word) {
        return machine(engine, arch, word);
    }
    if let Some(os) = Os::from_word(word) {
        return match engine.os {
            Some(own) => fixed(Some(own.word()), Some(os.word())),
            None => literal(engine, word),
        };
    }
    flag(engine, word)
}

/// The container tells the machine; which form of its word the engine has, its literals do. Where
/// none can be seen, today's is meant.
fn machine(engine: &Engine<'_>, arch: Arch, word: &str) -> WordVerdict {
    let verdict = fixed(engine.arch.feature_word(), arch.feature_word());
    let has = |form: &str| stands(engine, &format!(" {form}\0"));
    if verdict != WordVerdict::Taken || has(word) {
        return verdict;
    }
    match arch.feature_words().iter().find(|form| has(form)) {
        Some(form) => WordVerdict::Refused {
            instead: Some((*form).to_owned()),
        },
        None if arch.feature_word() == Some(word) => WordVerdict::Taken,
        None => WordVerdict::Unsettled,
    }
}

/// The words an engine is known to take among those of which every snapshot has exactly one each.
pub(crate) fn settled(engine: &Engine<'_>) -> Vec<&'static str> {
    let arches = Arch::ALL_KNOWN.into_iter().filter_map(Arch::feature_word);
    let systems = Os::ALL.into_iter().map(Os::word);
    let asked = MODES
        .into_iter()
        .chain(arches)
        .chain(systems)
        .chain(POINTERS);
    asked
        .filter(|word| settle(engine, word) == WordVerdict::Taken)
        .collect()
}

fn fixed(own: Option<&'static str>, asked: Option<&'static str>) -> WordVerdict {
    match own {
        None => WordVerdict::Unsettled,
        own if own == asked => WordVerdict::Taken,
        own => WordVerdict::Refused {
            instead: own.map(str::to_owned),
        },
    }
}

/// Build modes. `dart.vm.product` stands in every VM and ends like the word, so only a literal that
/// stands alone counts, or the message that only a product VM has.
fn mode(engine: &Engine<'_>, word: &str) -> WordVerdict {
    let alone = |mode: &&str| stands(engine, &format!("\0{mode}\0"));
    let mut own: Vec<&str> = MODES.into_iter().filter(|mode| alone(mode)).collect();
    if stands(engine, " in product mode\0") {
        own = vec!["product"];
    }
    match own.as_slice() {
        [own] if *own == word => WordVerdict::Taken,
        [own] => WordVerdict::Refused {
            instead: Some((*own).to_owned()),
        },
        _ => WordVerdict::Unsettled,
    }
}

/// A word with an opposite: `x` and `no-x`.
fn flag(engine: &Engine<'_>, word: &str) -> WordVerdict {
    let (name, on) = word
        .strip_prefix("no-")
        .map_or((word, true), |name| (name, false));
    let opposite = if on {
        format!("no-{name}")
    } else {
        name.to_owned()
    };
    // "Flag x is false in snapshot, but x is always true in ... mode": the VM says it outright.
    let always = |value: bool| {
        stands(
            engine,
            &format!(
                "Flag {name} is {} in snapshot, but {name} is always {value} ",
                !value
            ),
        )
    };
    if always(true) || always(false) {
        let refused = WordVerdict::Refused {
            instead: Some(opposite),
        };
        return if always(on) {
            WordVerdict::Taken
        } else {
            refused
        };
    }
    match (
        stands(engine, &format!(" {word}\0")),
        stands(engine, &format!(" {opposite}\0")),
    ) {
        (true, false) => WordVerdict::Taken,
        (false, true) => WordVerdict::Refused {
            instead: Some(opposite),
        },
        (true, true) if TAKEN_FROM_THE_SNAPSHOT.contains(&name) => WordVerdict::Taken,
        (true, true) if OFF_UNLESS_STARTED_WITH_IT.contains(&name) => {
            if on {
                WordVerdict::Refused {
                    instead: Some(opposite),
                }
            } else {
                WordVerdict::Taken
            }
        }
        (true, true) => WordVerdict::Unsettled,
        (false, false) => literal(engine, word),
    }
}

/// A word that stands nowhere cannot be in the engine's string, if literals can be seen at all.
fn literal(engine: &Engine<'_>, word: &str) -> WordVerdict {
    if stands(engine, &format!(" {word}\0")) || !literals_are_visible(engine) {
        WordVerdict::Unsettled
    } else {
        WordVerdict::Refused { instead: None }
    }
}

/// Every VM has its machine's word as a literal: where it cannot be seen, absence shows nothing.
fn literals_are_visible(engine: &Engine<'_>) -> bool {
    let mut words = engine.arch.feature_words().iter();
    words.any(|word| stands(engine, &format!(" {word}\0")))
}

fn stands(engine: &Engine<'_>, literal: &str) -> bool {
    engine
        .areas
        .iter()
        .any(|area| memmem::find(area, literal.as_bytes()).is_some())
}

/// The words of which each feature string has one, with the word for what they are.
pub(crate) const MODES: [&str; 3] = ["product", "release", "debug"];

const POINTERS: [&str; 2] = ["compressed-pointers", "no-compressed-pointers"];

/// Flags that the VM sets from the snapshot before it compares: either form is taken. Measured on
/// the VMs of Dart 3.4, 3.5, 3.7, 3.10 and 3.13, as far as each has the word.
const TAKEN_FROM_THE_SNAPSHOT: [&str; 5] = [
    "code_comments",
    "dwarf_stack_traces",
    "dwarf_stack_traces_mode",
    "lazy_dispatchers",
    "null-safety",
];

/// Flags that stay as the VM was started, which is without: measured on Dart 3.10 and 3.13.
const OFF_UNLESS_STARTED_WITH_IT: [&str; 1] = ["shared_data"];
