//! Each known failure, and the small world in which it happens.

use super::super::Failure;
use super::phone::{Answer, Budget, Patch};
use super::properties::{
    BANS_LOST, CRASH_LOOP, DANGLING, DOWNGRADE, FIX_REFUSED, INSTALLED_TWICE, NEVER_BOOTS,
    NEVER_RAN, OFFERED_AND_WITHDRAWN, ONE_STRIKE, OTHER_RELEASE, RANGE, RUNNING_FILE, STAYS,
    UNPROVEN_ALONE, ZEROS,
};
use super::{Key, World};

/// One process, no key, these answers; one more start, and as many answers as there are to give.
#[must_use]
pub fn world(answers: Vec<Answer>) -> World {
    let budget = Budget {
        starts: 1,
        answers: u8::try_from(answers.len()).unwrap_or(u8::MAX),
        ..Budget::default()
    };
    World {
        answers,
        processes: 1,
        key: Key::None,
        budget,
    }
}

/// The list of `docs/old-designs.md`.
#[must_use]
pub fn failures() -> Vec<Failure<World>> {
    let mut failures = of_trust();
    failures.extend(of_lifecycle());
    failures
}

fn of_trust() -> Vec<Failure<World>> {
    let one = || world(vec![offer(1, 'x')]);
    let unsigned = Patch {
        signed: false,
        ..Patch::new(1, 'x')
    };
    let unsigned = Answer {
        offer: Some(unsigned),
        rolled_back: Vec::new(),
    };
    vec![
        failure("6.1", RANGE, one(), |it| {
            (it.answers, it.full_disks) = (3, 1)
        }),
        failure("6.2", OTHER_RELEASE, one(), |it| {
            (it.starts, it.kills, it.upgrades) = (2, 1, 1);
        }),
        failure("6.3", INSTALLED_TWICE, two(one()), |it| it.answers = 2),
        failure("6.4", NEVER_BOOTS, strict(world(vec![unsigned])), |it| {
            (it.starts, it.answers) = (2, 3);
        }),
        failure("6.17", ZEROS, one(), |it| it.cuts = 1),
        failure("6.17", BANS_LOST, one(), |it| {
            (it.starts, it.answers, it.crashes, it.cuts) = (4, 2, 1, 1);
        }),
        failure(
            "6.20",
            OFFERED_AND_WITHDRAWN,
            world(vec![withdrawn_offer()]),
            |it| {
                (it.starts, it.answers) = (0, 3);
            },
        ),
        failure(
            "6.21",
            DOWNGRADE,
            world(vec![offer(2, 'y'), offer(1, 'x')]),
            |_| {},
        ),
        failure(
            "6.21",
            STAYS,
            world(vec![offer(2, 'y'), offer(1, 'x')]),
            |it| it.starts = 3,
        ),
        failure(
            "6.22",
            FIX_REFUSED,
            world(vec![offer(1, 'x'), offer(1, 'y')]),
            |_| {},
        ),
    ]
}

fn of_lifecycle() -> Vec<Failure<World>> {
    let one = || world(vec![offer(1, 'x')]);
    let numbers = |count| {
        let contents = (1..=count).zip('x'..='z');
        world(
            contents
                .map(|(number, content)| offer(number, content))
                .collect(),
        )
    };
    let rollback = Answer {
        offer: None,
        rolled_back: vec![1],
    };
    let and_back = |mut world: World| {
        world.answers.push(rollback.clone());
        world.budget.answers += 1;
        world
    };
    vec![
        failure("6.23", UNPROVEN_ALONE, numbers(3), |it| it.starts = 2),
        failure("6.24", ONE_STRIKE, one(), |it| {
            (it.starts, it.kills) = (3, 1)
        }),
        failure("6.25", CRASH_LOOP, one(), |it| {
            (it.starts, it.crashes) = (4, 3)
        }),
        failure("6.26", RUNNING_FILE, and_back(one()), |_| {}),
        failure("6.27", NEVER_RAN, two(one()), |it| {
            (it.starts, it.crashes) = (2, 1)
        }),
        failure("6.31", DANGLING, and_back(numbers(2)), |_| {}),
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

fn two(mut world: World) -> World {
    world.processes = 2;
    world
}

fn strict(mut world: World) -> World {
    world.key = Key::Strict;
    world
}

const fn offer(number: u8, content: char) -> Answer {
    Answer {
        offer: Some(Patch::new(number, content)),
        rolled_back: Vec::new(),
    }
}

fn withdrawn_offer() -> Answer {
    Answer {
        rolled_back: vec![1],
        ..offer(1, 'x')
    }
}
