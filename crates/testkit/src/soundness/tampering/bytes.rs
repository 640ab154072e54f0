//! Bytes that are others, more or fewer than they were.

use super::super::edit::Edit;
use super::super::kind::{Family, How, Kind, Target};
use super::super::stories::Story::{self, RealApp, RealLibrary, Shorebird, Signed, Unsigned};

pub(crate) const LIBRARIES: Family = Family {
    name: "bytes of a released or patched library",
    kinds: &[
        bytes(
            "a byte of the released library",
            Target::ReleasedLibrary,
            Edit::Flip,
            BASES,
        ),
        bytes(
            "a bit of the released library",
            Target::ReleasedLibrary,
            Edit::Bit,
            BASES,
        ),
        bytes(
            "bytes all over the released library",
            Target::ReleasedLibrary,
            Edit::Flips,
            FEW,
        ),
        bytes(
            "a run of the released library",
            Target::ReleasedLibrary,
            Edit::Run,
            FEW,
        ),
        bytes(
            "bytes put into the released library",
            Target::ReleasedLibrary,
            Edit::Insert,
            FEW,
        ),
        bytes(
            "bytes out of the released library",
            Target::ReleasedLibrary,
            Edit::Remove,
            FEW,
        ),
        bytes(
            "a released library cut short",
            Target::ReleasedLibrary,
            Edit::Truncate,
            FEW,
        ),
        bytes(
            "a released library made longer",
            Target::ReleasedLibrary,
            Edit::Extend,
            FEW,
        ),
        bytes(
            "a byte of the patched build",
            Target::PatchedLibrary,
            Edit::Flip,
            OUTPUTS,
        ),
        bytes(
            "a bit of the patched build",
            Target::PatchedLibrary,
            Edit::Bit,
            OUTPUTS,
        ),
        bytes(
            "bytes all over the patched build",
            Target::PatchedLibrary,
            Edit::Flips,
            FEW,
        ),
        bytes(
            "a run of the patched build",
            Target::PatchedLibrary,
            Edit::Run,
            FEW,
        ),
        bytes(
            "bytes put into the patched build",
            Target::PatchedLibrary,
            Edit::Insert,
            FEW,
        ),
        bytes(
            "bytes out of the patched build",
            Target::PatchedLibrary,
            Edit::Remove,
            FEW,
        ),
        bytes(
            "a patched build cut short",
            Target::PatchedLibrary,
            Edit::Truncate,
            FEW,
        ),
        bytes(
            "a patched build made longer",
            Target::PatchedLibrary,
            Edit::Extend,
            FEW,
        ),
    ],
};

pub(crate) const PATCHES: Family = Family {
    name: "bytes of a signed patch",
    kinds: &[
        bytes("a byte of the patch", Target::Patch, Edit::Flip, PATCHED),
        bytes("a bit of the patch", Target::Patch, Edit::Bit, PATCHED),
        bytes(
            "bytes all over the patch",
            Target::Patch,
            Edit::Flips,
            PATCHED_FEW,
        ),
        bytes("a run of the patch", Target::Patch, Edit::Run, PATCHED_FEW),
        bytes(
            "bytes put into the patch",
            Target::Patch,
            Edit::Insert,
            PATCHED_FEW,
        ),
        bytes(
            "bytes out of the patch",
            Target::Patch,
            Edit::Remove,
            PATCHED_FEW,
        ),
        bytes(
            "a patch cut short",
            Target::Patch,
            Edit::Truncate,
            PATCHED_FEW,
        ),
        bytes(
            "a patch made longer",
            Target::Patch,
            Edit::Extend,
            PATCHED_FEW,
        ),
    ],
};

pub(crate) const DOCUMENTS: Family = Family {
    name: "bytes of statements, channels and roots",
    kinds: &[
        bytes(
            "a byte of the statement",
            Target::Statement,
            Edit::Flip,
            STATEMENTS,
        ),
        bytes(
            "a bit of the statement",
            Target::Statement,
            Edit::Bit,
            STATEMENTS,
        ),
        bytes(
            "a run of the statement",
            Target::Statement,
            Edit::Run,
            DOCUMENTED,
        ),
        bytes(
            "bytes put into the statement",
            Target::Statement,
            Edit::Insert,
            DOCUMENTED,
        ),
        bytes(
            "bytes out of the statement",
            Target::Statement,
            Edit::Remove,
            DOCUMENTED,
        ),
        bytes(
            "a statement cut short",
            Target::Statement,
            Edit::Truncate,
            DOCUMENTED,
        ),
        bytes(
            "a statement made longer",
            Target::Statement,
            Edit::Extend,
            DOCUMENTED,
        ),
        bytes(
            "a byte of the previous statement",
            Target::Previous,
            Edit::Flip,
            DOCUMENTED,
        ),
        bytes(
            "a byte of the channel statement",
            Target::Channel,
            Edit::Flip,
            DOCUMENTED,
        ),
        bytes(
            "a channel statement cut short",
            Target::Channel,
            Edit::Truncate,
            DOCUMENTED,
        ),
        bytes("a byte of the root", Target::Root, Edit::Flip, DOCUMENTED),
        bytes("a root cut short", Target::Root, Edit::Truncate, DOCUMENTED),
    ],
};

const fn bytes(
    name: &'static str,
    target: Target,
    edit: Edit,
    on: &'static [(Story, usize)],
) -> Kind {
    let ends = match target {
        Target::ReleasedLibrary => RELEASED,
        Target::PatchedLibrary => OUTPUT,
        Target::Patch => PATCH,
        _ => &["statements 4"],
    };
    Kind::new(name, How::Bytes(target, edit), on, ends)
}

/// Of the first link that sees it: what no patch reads is seen by the statement.
const RELEASED: &[&str] = &["artefact 2", "compatibility 6", "base 5", "statements 4"];
const OUTPUT: &[&str] = &["compatibility 2", "base 5", "inflate 1"];
const PATCH: &[&str] = &["base 5", "inflate 1"];
const BASES: &[(Story, usize)] = &[(Signed, 30), (Unsigned, 20), (RealApp, 3), (RealLibrary, 5)];
const OUTPUTS: &[(Story, usize)] = &[
    (Signed, 20),
    (Unsigned, 10),
    (Shorebird, 10),
    (RealApp, 2),
    (RealLibrary, 4),
];
const FEW: &[(Story, usize)] = &[(Signed, 6), (Unsigned, 4), (RealLibrary, 1)];
const PATCHED: &[(Story, usize)] = &[(Signed, 40), (RealApp, 3), (RealLibrary, 5)];
const PATCHED_FEW: &[(Story, usize)] = &[(Signed, 10), (RealLibrary, 1)];
const STATEMENTS: &[(Story, usize)] = &[(Signed, 40), (RealApp, 3), (RealLibrary, 3)];
const DOCUMENTED: &[(Story, usize)] = &[(Signed, 12), (RealApp, 1)];
