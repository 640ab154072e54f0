//! Each known failure, and the small world in which it happens.

use super::super::Failure;
use super::World;
use super::phone::{Budget, Patch};
use super::properties::{
    ANOTHERS_CRASH, ANOTHERS_ERROR, BACK_AGAIN, BANNED_ALIVE, BANNED_WHEN_WELL, CUT_SHORT,
    DOWNLOAD_LOOP, HOLLOW, MISTAKEN, MIXED, NO_CRASH, WHITE_SCREENS,
};

/// One process that runs `installed` and is offered `offer` once; one more start.
#[must_use]
pub fn world(installed: Option<Patch>, offer: Patch) -> World {
    let budget = Budget {
        starts: 1,
        installs: 1,
        ..Budget::default()
    };
    World {
        installed,
        offer,
        processes: 1,
        shows_frames: true,
        budget,
    }
}

/// The list of `docs/old-designs.md`.
#[must_use]
pub fn failures() -> Vec<Failure<World>> {
    let code = Patch::code;
    let assets = Patch::with_assets;
    let fresh = || world(None, code('x'));
    let without_hash = Patch {
        has_hash: false,
        ..code('x')
    };
    let white = World {
        shows_frames: false,
        ..fresh()
    };
    let two = World {
        processes: 2,
        ..fresh()
    };
    vec![
        failure("3.6", MISTAKEN, world(Some(code('x')), code('y')), |it| {
            it.kills = 1
        }),
        failure(
            "row 6",
            MIXED,
            world(Some(assets('x')), assets('y')),
            |it| it.kills = 1,
        ),
        failure("row 7", CUT_SHORT, world(None, assets('x')), |it| {
            it.cuts = 1
        }),
        failure("row 8", DOWNLOAD_LOOP, world(None, without_hash), |it| {
            (it.starts, it.installs, it.crashes) = (4, 3, 2);
        }),
        failure(
            "row 9",
            BANNED_WHEN_WELL,
            world(Some(code('x')), code('y')),
            |it| it.crashes = 1,
        ),
        failure("row 10", WHITE_SCREENS, white, |it| {
            (it.starts, it.kills) = (4, 3)
        }),
        failure("row 11", NO_CRASH, fresh(), |it| {
            (it.starts, it.cuts) = (2, 1)
        }),
        failure("row 12", ANOTHERS_ERROR, fresh(), |it| it.errors = 1),
        failure("row 13", ANOTHERS_CRASH, fresh(), |it| it.crashes = 1),
        failure("row 18", HOLLOW, fresh(), |it| it.rollbacks = 1),
        failure("row 19", BANNED_ALIVE, two, |it| it.starts = 2),
        failure(
            "row 23",
            BACK_AGAIN,
            world(Some(code('x')), code('x')),
            |it| it.rollbacks = 1,
        ),
    ]
}

fn failure(
    number: &'static str,
    property: &'static str,
    mut design: World,
    bound: impl FnOnce(&mut Budget),
) -> Failure<World> {
    bound(&mut design.budget);
    Failure {
        number,
        property,
        design,
    }
}
