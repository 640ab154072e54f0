//! Whatever two files are compared: what the making half of the Dart-aware transform makes of them
//! is turned back into them.

use patchproof_dart_delta::MakeDartDelta;
use patchproof_patch::MakeTransform as _;

use super::choices::Choices;
use super::edits::edit_all;
use super::{Reached, Target, delta};
use crate::made::{Layout, MadeSnapshot, NATURAL};
use crate::oracles::tables;

/// The target.
pub static TARGET: Target = Target {
    name: "delta_regions",
    about: "two files with regions of any kind come back from what the transform makes of them",
    depth: "regions were found in both files",
    run,
    seeds,
    dictionary: &[],
    bytes_max: 256,
};

fn run(data: &[u8]) -> Reached {
    let mut choices = Choices::new(data);
    let (container, machine) = choices.pick(&NATURAL);
    let made = MadeSnapshot::new(container, machine, choices.pick(&LAYOUTS));
    let mut base = made.build();
    let mut new = made.edited(u64::from(choices.byte())).build();
    let edits = choices.below(4);
    if edits & 1 == 1 {
        let tables = tables(&base);
        edit_all(&mut base, &tables, &mut choices);
    }
    if edits & 2 == 2 {
        let tables = tables(&new);
        edit_all(&mut new, &tables, &mut choices);
    }
    let Some(views) = MakeDartDelta.views(&base, &new) else {
        return Reached::Surface;
    };
    assert!(
        delta::view(&base, &views.side).as_ref() == Some(&views.base),
        "the base is seen otherwise than it was made"
    );
    let output = delta::inverse(&views.new, &base, &views.side, 4096);
    assert!(output.as_ref() == Some(&new), "another file comes back");
    Reached::Depth
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (kind, _) in (0_u8..).zip(NATURAL) {
        for (layout, edits) in [(0, 0), (1, 0), (0, 1), (1, 2), (0, 3)] {
            let seed = vec![kind, layout, 7, edits, 1, 1, 1, 9, 9, 9];
            seeds.push((format!("kind-{kind}-layout-{layout}-edits-{edits}"), seed));
        }
    }
    seeds
}

const LAYOUTS: [Layout; 2] = [Layout::Split, Layout::Unified];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_that_was_not_spoiled_has_regions() {
        for (index, kind) in (0_u8..).zip(NATURAL) {
            for layout in [0, 1] {
                let input = [index, layout, 7, 0];
                assert_eq!(run(&input), Reached::Depth, "{kind:?}, {layout}");
            }
        }
    }
}
