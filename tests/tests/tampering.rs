//! Whatever is done to the files of a verified release, it is verified again only where the patch
//! truly gives the patched build: the opposite is the one wrong answer that is a vulnerability.

use patchproof_report::ReportVerdict;
use patchproof_testkit::made;
use patchproof_tests::bench::patch;
use patchproof_verify::{Build, Input, Inputs, LabelledPatch, verify_release};
use proptest::prelude::*;
use proptest::sample::Index;

/// One thing done to one file.
#[derive(Clone, Debug)]
enum Tampering {
    Flip(Index, u8),
    Cut(Index),
    Append(Vec<u8>),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Swap,
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let bytes = prop::collection::vec(any::<u8>(), 1..40);
    prop_oneof![
        8 => (any::<Index>(), 1..=u8::MAX).prop_map(|(at, bits)| Tampering::Flip(at, bits)),
        1 => any::<Index>().prop_map(Tampering::Cut),
        1 => bytes.clone().prop_map(Tampering::Append),
        2 => (any::<Index>(), bytes).prop_map(|(at, bytes)| Tampering::Insert(at, bytes)),
        2 => (any::<Index>(), 1..40_usize).prop_map(|(at, count)| Tampering::Remove(at, count)),
        1 => Just(Tampering::Swap),
    ]
}

fn tamper(file: &[u8], other: &[u8], what: &Tampering) -> Vec<u8> {
    let mut file = file.to_vec();
    match what {
        Tampering::Flip(at, bits) => {
            let at = at.index(file.len());
            file.iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= bits);
        }
        Tampering::Cut(at) => file.truncate(at.index(file.len())),
        Tampering::Append(bytes) => file.extend(bytes),
        Tampering::Insert(at, bytes) => {
            let at = at.index(file.len());
            file.splice(at..at, bytes.iter().copied());
        }
        Tampering::Remove(at, count) => {
            let start = at.index(file.len());
            let end = file.len().min(start + count);
            file.drain(start..end);
        }
        Tampering::Swap => file = other.to_vec(),
    }
    file
}

fn verdict(release: &[u8], patched: &[u8], patch: &[u8], engine: &[u8]) -> ReportVerdict {
    let input = |name: &str, bytes: &[u8]| Input::new(name, Ok(bytes.to_vec()));
    let mut inputs = Inputs::new(Build::in_memory("release", release.to_vec()));
    inputs.patched = Some(Build::in_memory("patched", patched.to_vec()));
    inputs.engine = Some(input("engine", engine));
    inputs.patches = vec![LabelledPatch::new(None, input("patch", patch))];
    verify_release(&inputs).verdict()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn a_tampered_patched_build_is_never_verified(what in tampering()) {
        let made = made::example();
        let good = patch(&made.release, &made.patched);
        let tampered = tamper(&made.patched, &made.release, &what);
        let after = verdict(&made.release, &tampered, &good, &made.engine);
        prop_assert_eq!(after == ReportVerdict::Verified, tampered == made.patched);
    }

    /// This container declares no base: over a release that differs only where the patch does not
    /// read, it still gives the patched build, and is a patch for that release.
    #[test]
    fn a_tampered_release_is_verified_only_if_the_patch_still_fits(what in tampering()) {
        let made = made::example();
        let good = patch(&made.release, &made.patched);
        let tampered = tamper(&made.release, &made.patched, &what);
        let limits = patchproof_patch::Limits::for_base(tampered.len().try_into().unwrap());
        let gives = patchproof_patch::plain::inflate(&tampered, &good, limits);
        let after = verdict(&tampered, &made.patched, &good, &made.engine);
        prop_assert!(after != ReportVerdict::Verified || gives.as_deref() == Ok(&made.patched));
    }

    /// A patch has more than one form: what still gives the patched build, byte for byte, is a
    /// patch.
    #[test]
    fn a_tampered_patch_is_verified_only_if_it_still_gives_the_patched_build(what in tampering()) {
        let made = made::example();
        let good = patch(&made.release, &made.patched);
        let tampered = tamper(&good, &made.patched, &what);
        let after = verdict(&made.release, &made.patched, &tampered, &made.engine);
        let limits = patchproof_patch::Limits::for_base(made.release.len().try_into().unwrap());
        let gives = patchproof_patch::plain::inflate(&made.release, &tampered, limits);
        prop_assert_eq!(after == ReportVerdict::Verified, gives.as_deref() == Ok(&made.patched));
    }
}
