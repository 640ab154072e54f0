//! The table of causes, case by case.

use patchproof_report::{Certainty, Rule};

use Certainty::{Certain, Likely, Possible};

use super::table::{Seen, causes};

fn rules(seen: &Seen) -> Vec<Rule> {
    causes(seen).into_iter().map(|(rule, _)| rule).collect()
}

/// Everything that could be seen at once.
fn all() -> Seen {
    Seen {
        cut_short: false,
        machine: true,
        compiler: true,
        features: true,
        mode_or_system: true,
        embedder: true,
        same_loaded: false,
        same_blobs: false,
        alignment: true,
        path: Some(false),
        obfuscation: true,
        sources: Some(Likely),
        order: true,
        equivalent: false,
    }
}

#[test]
fn what_nothing_shows_is_unknown_and_not_guessed() {
    assert_eq!(causes(&Seen::default()), [(Rule::CauseUnknown, Certain)]);
}

#[test]
fn a_file_that_is_cut_short_has_no_other_cause() {
    let seen = Seen {
        cut_short: true,
        ..all()
    };
    assert_eq!(rules(&seen), [Rule::CauseCutShort]);
}

#[test]
fn an_equivalence_needs_no_cause() {
    let seen = Seen {
        equivalent: true,
        same_blobs: true,
        ..Seen::default()
    };
    assert_eq!(causes(&seen), []);
}

#[test]
fn another_machine_accounts_for_all_but_compiler_and_embedder() {
    let expected = [
        Rule::CauseOtherMachine,
        Rule::CauseOtherCompiler,
        Rule::CauseOtherEmbedder,
    ];
    assert_eq!(rules(&all()), expected);
}

#[test]
fn another_compiler_accounts_for_words_strings_and_order_but_not_for_a_path() {
    let seen = Seen {
        machine: false,
        embedder: false,
        mode_or_system: false,
        obfuscation: false,
        ..all()
    };
    assert_eq!(
        rules(&seen),
        [Rule::CauseOtherCompiler, Rule::CauseOtherPath]
    );
}

#[test]
fn another_mode_is_told_beside_another_compiler() {
    let seen = Seen {
        compiler: true,
        features: true,
        mode_or_system: true,
        ..Seen::default()
    };
    assert_eq!(
        rules(&seen),
        [Rule::CauseOtherCompiler, Rule::CauseOtherFeatures]
    );
}

#[test]
fn other_features_account_for_other_code() {
    let sources = Some(Likely);
    let seen = Seen {
        features: true,
        order: true,
        sources,
        ..Seen::default()
    };
    assert_eq!(rules(&seen), [Rule::CauseOtherFeatures]);
}

#[test]
fn obfuscation_accounts_for_names_that_came_and_went() {
    let sources = Some(Likely);
    let seen = Seen {
        obfuscation: true,
        order: true,
        sources,
        ..Seen::default()
    };
    assert_eq!(causes(&seen), [(Rule::CauseObfuscation, Likely)]);
}

#[test]
fn a_path_that_is_all_that_differs_is_the_only_cause() {
    let seen = Seen {
        path: Some(true),
        sources: Some(Likely),
        ..Seen::default()
    };
    assert_eq!(causes(&seen), [(Rule::CauseOtherPath, Certain)]);
}

#[test]
fn a_path_that_is_not_all_stands_beside_other_sources() {
    let seen = Seen {
        path: Some(false),
        sources: Some(Likely),
        ..Seen::default()
    };
    let expected = [
        (Rule::CauseOtherPath, Likely),
        (Rule::CauseOtherSources, Likely),
    ];
    assert_eq!(causes(&seen), expected);
}

#[test]
fn another_order_is_likely_by_itself_and_possible_beside_other_sources() {
    let mut seen = Seen {
        order: true,
        ..Seen::default()
    };
    assert_eq!(causes(&seen), [(Rule::CauseNotDeterministic, Likely)]);
    seen.sources = Some(Likely);
    let expected = [
        (Rule::CauseOtherSources, Likely),
        (Rule::CauseNotDeterministic, Possible),
    ];
    assert_eq!(causes(&seen), expected);
}

#[test]
fn the_same_to_a_loader_is_stripping_and_the_same_blobs_only_are_linking() {
    let mut seen = Seen {
        same_loaded: true,
        same_blobs: true,
        ..Seen::default()
    };
    assert_eq!(rules(&seen), [Rule::CauseStripping]);
    seen.same_loaded = false;
    seen.alignment = true;
    assert_eq!(
        rules(&seen),
        [Rule::CauseOtherLinking, Rule::CausePageAlignment]
    );
}

#[test]
fn the_most_certain_cause_comes_first() {
    let sources = Some(Possible);
    let seen = Seen {
        order: true,
        alignment: true,
        sources,
        ..Seen::default()
    };
    let certainties: Vec<Certainty> = causes(&seen).into_iter().map(|it| it.1).collect();
    assert_eq!(certainties, [Certain, Likely, Possible]);
}
