//! What two builds differ in as a whole: compiler, features, target, container, place.

use patchproof_report::Certainty::{Certain, Likely};
use patchproof_report::Rule;
use patchproof_testkit::made::{Container, Embedder, Layout, Machine, MadeSnapshot, Os};

use crate::pairs::{android, assert_causes, causes, explained, saying, with};

#[test]
fn two_libraries_that_are_the_same_have_no_cause() {
    let library = android().build();
    assert_eq!(causes(&library, &library), []);
}

#[test]
fn another_version_is_another_compiler() {
    let other = android().with_version(&"0a".repeat(16)).build();
    let certain = (Rule::CauseOtherCompiler, Certain);
    assert_causes(&android().build(), &other, &[certain]);
}

#[test]
fn another_compiler_accounts_for_other_strings_and_another_alignment() {
    let other = saying(android(), &["a text that only one of them has"]);
    let other = with(other, |it| it.load_alignment_bytes = 16 * 1024);
    let other = other.with_version(&"0a".repeat(16)).build();
    let certain = (Rule::CauseOtherCompiler, Certain);
    assert_causes(&android().build(), &other, &[certain]);
}

#[test]
fn another_word_is_another_feature_and_is_named() {
    let (old, new) = (features("no-asserts"), features("asserts"));
    let (old, new) = (android().with_features(&old), android().with_features(&new));
    let (old, new) = (old.build(), new.build());
    assert_causes(&old, &new, &[(Rule::CauseOtherFeatures, Certain)]);
    let cause = explained(&old, &new).causes.remove(0);
    assert!(
        cause.message.contains("`asserts` instead of `no-asserts`"),
        "{}",
        cause.message
    );
}

#[test]
fn other_features_account_for_other_code() {
    let old = android().with_features(&features("no-asserts"));
    let new = android().with_features(&features("asserts")).edited(3);
    let certain = (Rule::CauseOtherFeatures, Certain);
    assert_causes(&old.build(), &new.build(), &[certain]);
}

#[test]
fn another_mode_is_told_even_between_two_compilers() {
    let old = android().with_features("product arm64 android no-compressed-pointers");
    let new = android().with_features("debug no-asan arm64 android no-compressed-pointers");
    let new = new.with_version(&"0a".repeat(16));
    let certain = [
        (Rule::CauseOtherCompiler, Certain),
        (Rule::CauseOtherFeatures, Certain),
    ];
    assert_causes(&old.build(), &new.build(), &certain);
}

#[test]
fn another_processor_is_another_machine_and_nothing_else() {
    let other = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split).build();
    let certain = (Rule::CauseOtherMachine, Certain);
    assert_causes(&android().build(), &other, &[certain]);
}

#[test]
fn another_container_is_another_machine_even_around_the_same_blobs() {
    let of = |container| MadeSnapshot::new(container, Machine::Arm64, Layout::Unified);
    let of = |container| of(container).for_target(Os::Ios, Embedder::Flutter).build();
    let certain = [
        (Rule::CauseOtherMachine, Certain),
        (Rule::CauseOtherLinking, Certain),
    ];
    assert_causes(&of(Container::Elf64), &of(Container::Macho64), &certain);
}

#[test]
fn a_program_of_the_plain_runtime_is_of_another_embedder() {
    let other = with(android(), |it| it.embedder = Some(Embedder::Standalone));
    let certain = (Rule::CauseOtherEmbedder, Certain);
    assert_causes(&android().build(), &other.build(), &[certain]);
}

#[test]
fn names_of_functions_on_one_side_only_are_stripping() {
    for machine in [Machine::Arm64, Machine::X64] {
        let named = MadeSnapshot::new(Container::Elf64, machine, Layout::Unified);
        let stripped = with(named.clone(), |it| it.stripped = true);
        let certain = (Rule::CauseStripping, Certain);
        assert_causes(&named.build(), &stripped.build(), &[certain]);
    }
}

#[test]
fn a_stripped_library_of_32_bits_is_told_as_well() {
    let named = MadeSnapshot::new(Container::Elf32, Machine::Arm, Layout::Split);
    let stripped = with(named.clone(), |it| it.stripped = true);
    let certain = (Rule::CauseStripping, Certain);
    assert_causes(&named.build(), &stripped.build(), &[certain]);
}

#[test]
fn one_mapped_byte_that_differs_is_no_stripping() {
    let named = android().build();
    let mut stripped = with(android(), |it| it.stripped = true).build();
    let text = named.len() / 2;
    stripped[text] ^= 1;
    let given = causes(&named, &stripped);
    assert!(
        given.iter().all(|(rule, _)| *rule != Rule::CauseStripping),
        "{given:?}"
    );
}

#[test]
fn a_stripped_mach_o_file_has_the_same_blobs_in_another_container() {
    let named = MadeSnapshot::new(Container::Macho64, Machine::Arm64, Layout::Unified);
    let stripped = with(named.clone(), |it| it.stripped = true);
    let certain = (Rule::CauseOtherLinking, Certain);
    assert_causes(&named.build(), &stripped.build(), &[certain]);
}

#[test]
fn the_same_blobs_without_a_build_id_are_the_same_snapshot_in_another_container() {
    let other = with(android(), |it| it.build_id = None);
    let certain = (Rule::CauseOtherLinking, Certain);
    assert_causes(&android().build(), &other.build(), &[certain]);
}

#[test]
fn the_same_blobs_for_other_pages_are_told_with_their_alignment() {
    let other = with(android(), |it| it.load_alignment_bytes = 16 * 1024);
    let certain = [
        (Rule::CauseOtherLinking, Certain),
        (Rule::CausePageAlignment, Certain),
    ];
    assert_causes(&android().build(), &other.build(), &certain);
}

#[test]
fn a_library_that_ends_early_is_cut_short_and_nothing_else() {
    let library = android().build();
    for length in [0, 1, 100, library.len() / 2, library.len() - 1] {
        let certain = (Rule::CauseCutShort, Certain);
        assert_causes(&library, &library[..length], &[certain]);
    }
}

#[test]
fn a_library_that_ends_early_and_differs_is_not_the_beginning_of_the_other() {
    let library = android().build();
    let mut other = library[..library.len() / 2].to_vec();
    other[100] ^= 1;
    assert_eq!(causes(&library, &other), [(Rule::CauseUnknown, None)]);
}

#[test]
fn a_file_that_is_no_snapshot_has_no_known_cause_and_says_why_it_cannot_be_read() {
    let mut causes = explained(&android().build(), b"not a library").causes;
    let cause = causes.pop().unwrap();
    assert_eq!((cause.rule, causes.len()), (Rule::CauseUnknown, 0));
    let message = "the rebuilt library cannot be read as a snapshot: not an ELF or Mach-O file";
    assert!(cause.message.starts_with(message), "{}", cause.message);
}

#[test]
fn a_path_of_the_same_length_that_is_all_is_certainly_the_cause() {
    let [old, new] = ["file:///home/a/app/x.dart", "file:///home/b/app/x.dart"].map(built_in);
    let certain = (Rule::CauseOtherPath, Certain);
    assert_causes(&old.build(), &new.build(), &[certain]);
}

#[test]
fn a_path_of_the_same_length_beside_another_byte_is_likely_a_cause() {
    let [old, new] = ["file:///home/a/app/x.dart", "file:///home/b/app/x.dart"].map(built_in);
    let new = with(new, |it| it.text[7] ^= 1);
    assert_causes(
        &old.build(),
        &new.build(),
        &[(Rule::CauseOtherPath, Likely)],
    );
}

#[test]
fn a_path_of_another_length_is_likely_a_cause_and_accounts_for_what_moved() {
    let [old, new] = ["file:///home/a/x.dart", "file:///home/somebody/else/x.dart"].map(built_in);
    assert_causes(
        &old.build(),
        &new.build(),
        &[(Rule::CauseOtherPath, Likely)],
    );
}

#[test]
fn another_file_in_the_same_folder_is_no_other_folder() {
    let [old, new] = ["file:///home/a/app/x.dart", "file:///home/a/app/y.dart"].map(built_in);
    assert_causes(
        &old.build(),
        &new.build(),
        &[(Rule::CauseOtherSources, Likely)],
    );
}

fn built_in(path: &str) -> MadeSnapshot {
    with(android(), |it| it.source_path = Some(path.to_owned()))
}

fn features(word: &str) -> String {
    format!("product {word} arm64 android no-compressed-pointers")
}
