//! Carries an action out: asks the machine, and does what it wants done, as far as the action lets
//! it.

use std::sync::Arc;

use patchproof_lifecycle::{
    Effect, Event, Finding, GenerationId, Outcome, State, invariants::violated,
};

use super::action::{Action, Cut};
use super::events::event_of;
use super::ghosts::settle_ghosts;
use super::starting::{look_without_lock, start};
use super::world::{
    Folder, Ghost, OFFERS, Process, Snapshot, World, content_of, generation, offer,
};
use super::{Ours, POLICY, look};

/// The world after it; none where it cannot happen, or is the same as another action.
pub(super) fn carried_out(ours: &Ours, world: &World, action: &Action) -> Option<World> {
    let mut world = world.clone();
    match action {
        Action::Start {
            process,
            crashed,
            disk,
            cut,
        } => start(ours, &mut world, (*process, *crashed), *disk, *cut)?,
        Action::Peek { process } => {
            let state = Snapshot(Arc::new(world.disk.clone()));
            set(&mut world, *process, Process::Peeking(state));
        }
        Action::Look { process } => look_without_lock(ours, &mut world, *process)?,
        Action::End { process } => end(&mut world, *process, true),
        Action::PowerCut => power_cut(&mut world),
        Action::ReleaseChanged => world.release = 1 - world.release,
        Action::Rot { content } => {
            if world.folders.contains(&Folder::Damaged) {
                return None;
            }
            *world.folders.get_mut(usize::from(*content))? = Folder::Damaged;
        }
        Action::StateLost => {
            world.disk = State {
                lost: true,
                ..State::default()
            };
            world.ghost = Ghost::default();
        }
        _ => operation(ours, &mut world, action)?,
    }
    if action.is_rare() {
        world.bounds.rare = world.bounds.rare.saturating_sub(1);
    }
    settle_ghosts(&mut world, action);
    world.normalise();
    Some(world)
}

/// Every event under the lock but those of a start.
fn operation(ours: &Ours, world: &mut World, action: &Action) -> Option<()> {
    let (process, cut, event) = event_of(world, action)?;
    let outcome = (ours.step)(&POLICY, &world.disk, &event);
    world.broken = violated_or_counted(ours, &world.disk, &event, &outcome).or(world.broken);
    for (done, effect) in (0_u8..).zip(&outcome.effects) {
        match cut {
            Cut::Kill(after) if after == done => {
                end(world, process, true);
                return Some(());
            }
            Cut::Power(after) if after == done => {
                power_cut(world);
                return Some(());
            }
            Cut::Fail(after) if after == done => match effect {
                Effect::Sweep(_) => continue,
                Effect::Fetch(_) => return None,
                _ => {
                    let_go(world, process, action);
                    return Some(());
                }
            },
            _ => {}
        }
        if !done_well(world, process, &event, effect, &outcome) {
            break;
        }
    }
    let count = u8::try_from(outcome.effects.len()).unwrap_or(u8::MAX);
    match cut {
        Cut::Kill(after) | Cut::Power(after) | Cut::Fail(after) if after >= count => return None,
        _ => {}
    }
    let_go(world, process, action);
    Some(())
}

/// What was fetched is installed, refused or given up: it is not there any more.
fn let_go(world: &mut World, process: u8, action: &Action) {
    if matches!(action, Action::Installed { .. } | Action::Refused { .. })
        && let Some(Process::Running(running)) = world.processes.get_mut(usize::from(process))
    {
        running.fetched = None;
    }
}

/// Asks the machine, and every invariant.
pub(super) fn asked(ours: &Ours, world: &mut World, state: &State, event: &Event) -> Outcome {
    let outcome = (ours.step)(&POLICY, state, event);
    world.broken = violated_or_counted(ours, state, event, &outcome).or(world.broken);
    outcome
}

fn violated_or_counted(
    ours: &Ours,
    state: &State,
    event: &Event,
    outcome: &Outcome,
) -> Option<&'static str> {
    look::count(&ours.events, event, outcome);
    violated(&POLICY, state, event, outcome).map(|violation| violation.what)
}

/// Does it; false where it could not be done.
fn done_well(
    world: &mut World,
    process: u8,
    event: &Event,
    effect: &Effect,
    outcome: &Outcome,
) -> bool {
    match effect {
        Effect::Commit(_) => {
            world.disk = outcome.state.clone();
            if let Event::Answered { answer, .. } = event {
                world.ghost.withdrawn = bits_of(answer.rolled_back.iter());
            }
        }
        Effect::Publish(id) => {
            let content = content_of(id);
            let held = holds(world, content);
            let Some(folder) = world.folders.get_mut(usize::from(content)) else {
                return false;
            };
            if *folder == Folder::Damaged && held {
                return false;
            }
            *folder = Folder::Whole;
        }
        Effect::Sweep(keep) => {
            for content in 0_u8..5 {
                let kept = keep.contains(&generation(content)) || holds(world, content);
                if let Some(folder) = world
                    .folders
                    .get_mut(usize::from(content))
                    .filter(|_| !kept)
                {
                    *folder = Folder::Gone;
                }
            }
        }
        Effect::Fetch(offered) => {
            let index = (0_u8..).zip(OFFERS.iter()).find(|(index, _)| {
                let (_, candidate) = offer(*index);
                candidate == *offered && of_release(world, *index)
            });
            let place = world.processes.get_mut(usize::from(process));
            if let Some(Process::Running(running)) = place {
                running.fetched = index.map(|(index, _)| index);
            }
        }
        Effect::Check(_) | Effect::Boot(_) => {
            world.broken = Some("something boots that does not start");
        }
    }
    true
}

fn of_release(world: &World, index: u8) -> bool {
    world.disk.release == Some(offer(index).0)
}

fn bits_of<'a>(numbers: impl Iterator<Item = &'a u64>) -> u8 {
    numbers.fold(0, |bits, number| {
        bits | 1_u8.checked_shl(small(*number)).unwrap_or(0)
    })
}

pub(super) fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether a process that lives has these files open.
fn holds(world: &World, content: u8) -> bool {
    let running = world.processes.iter().filter_map(Process::running);
    running
        .into_iter()
        .any(|running| running.boot == Some(content))
}

pub(super) fn found(world: &World, id: &GenerationId) -> Finding {
    match world.folders.get(usize::from(content_of(id))) {
        Some(Folder::Whole) => Finding::Whole,
        Some(Folder::Damaged) => Finding::Damaged,
        Some(Folder::Gone) | None => Finding::Missing,
    }
}

pub(super) fn end(world: &mut World, process: u8, may_have_crashed: bool) {
    let running = world.processes.get(usize::from(process));
    let running = running.and_then(Process::running);
    let ended = Process::Ended {
        ran: running.and_then(|running| running.boot),
        // The platform is asked by the process of the token: of another nothing is known.
        may_have_crashed: may_have_crashed && running.is_some_and(|running| running.guarded),
    };
    set(world, process, ended);
}

pub(super) fn power_cut(world: &mut World) {
    for process in 0..2_u8 {
        if world
            .processes
            .get(usize::from(process))
            .is_some_and(Process::is_alive)
        {
            end(world, process, false);
        }
    }
}

pub(super) fn set(world: &mut World, process: u8, to: Process) {
    if let Some(place) = world.processes.get_mut(usize::from(process)) {
        *place = to;
    }
}
