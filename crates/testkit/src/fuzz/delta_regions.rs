//! Whatever two files are compared: what the making half of the Dart-aware transform makes of them
//! is turned back into them.

use patchproof_dart_delta::MakeDartDelta;
use patchproof_patch::MakeTransform as _;

use super::choices::Choices;
use super::edits::edit_all;
use super::{Reached, Target, delta};
use crate::made::{Container, Layout, Machine, MadeSnapshot};
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
    let (container, machine) = choices.pick(&KINDS);
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
    for machine in 0..KINDS.len() {
        for (layout, edits) in [(0, 0), (1, 0), (0, 1), (1, 2), (0, 3)] {
            let [machine, layout] = [machine, layout].map(|it| u8::try_from(it).unwrap_or(0));
            let seed = vec![machine, layout, 7, edits, 1, 1, 1, 9, 9, 9];
            seeds.push((
                format!("machine-{machine}-layout-{layout}-edits-{edits}"),
                seed,
            ));
        }
    }
    seeds
}

/// Those whose code the transform knows, in every container that they come in.
const KINDS: [(Container, Machine); 6] = [
    (Container::Elf64, Machine::X64),
    (Container::Elf64, Machine::Arm64),
    (Container::Elf64, Machine::Riscv64),
    (Container::Elf32, Machine::Arm),
    (Container::Macho64, Machine::Arm64),
    (Container::Macho64, Machine::X64),
];
const LAYOUTS: [Layout; 2] = [Layout::Split, Layout::Unified];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_that_was_not_spoiled_has_regions() {
        for (index, kind) in (0_u8..).zip(KINDS) {
            for layout in [0, 1] {
                let input = [index, layout, 7, 0];
                assert_eq!(run(&input), Reached::Depth, "{kind:?}, {layout}");
            }
        }
    }
}
