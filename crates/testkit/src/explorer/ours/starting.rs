//! A process starts: with the lock, or without it.

use std::collections::BTreeMap;

use patchproof_lifecycle::{Effect, Event, Exit, Finding, GenerationId, ProcessSlot, State};

use super::Ours;
use super::action::{Cut, Disk};
use super::carry::{asked, end, found, power_cut, set, small};
use super::world::{Process, Running, Snapshot, World, content_of, generation, release_key};

pub(super) fn start(
    ours: &Ours,
    world: &mut World,
    (process, crashed): (u8, [bool; 2]),
    disk: Disk,
    cut: Cut,
) -> Option<()> {
    let ended = ended(world, crashed)?;
    let before = world.disk.clone();
    blame_is_of_what_ran(world, &ended);
    let mut unreadable = disk == Disk::Unreadable;
    let mut commits = 0_u8;
    let mut event = Event::Start {
        slot: ProcessSlot(process),
        release: release_key(world.release),
        ended,
        now_ms: 1,
    };
    let mut memory = before;
    for _ in 0..LOOKS_MAX {
        let outcome = asked(ours, world, &memory, &event);
        for effect in &outcome.effects {
            match effect {
                Effect::Commit(_) if disk == Disk::Full => {}
                Effect::Commit(_) => {
                    commits += 1;
                    world.disk = outcome.state.clone();
                    if cut == Cut::Kill(commits) {
                        end(world, process, false);
                        return Some(());
                    }
                    if cut == Cut::Power(commits) {
                        end(world, process, false);
                        power_cut(world);
                        return Some(());
                    }
                }
                Effect::Check(id) => {
                    let finding = match found(world, id) {
                        _ if unreadable => Finding::Unreadable,
                        finding => finding,
                    };
                    unreadable = false;
                    event = checked(process, *id, finding, disk != Disk::Full);
                }
                Effect::Boot(id) => {
                    if cut != Cut::None || (disk == Disk::Unreadable && unreadable) {
                        return None;
                    }
                    let guarded = disk != Disk::Full;
                    booted(world, (process, guarded), id.as_ref(), &outcome.state);
                    return Some(());
                }
                _ => {}
            }
        }
        memory = outcome.state;
    }
    world.broken = Some("a start never boots");
    Some(())
}

/// Without the lock nothing is written, and what it decided on may be gone meanwhile.
pub(super) fn look_without_lock(ours: &Ours, world: &mut World, process: u8) -> Option<()> {
    let Some(Process::Peeking(Snapshot(state))) = world.processes.get(usize::from(process)) else {
        return None;
    };
    let mut memory = State::clone(state);
    let mut event = Event::Start {
        slot: ProcessSlot(process),
        release: release_key(world.release),
        ended: BTreeMap::new(),
        now_ms: 1,
    };
    for _ in 0..LOOKS_MAX {
        let outcome = asked(ours, world, &memory, &event);
        match outcome.effects.last() {
            Some(Effect::Check(id)) => event = checked(process, *id, found(world, id), false),
            Some(Effect::Boot(id)) => {
                let boot = id.as_ref().map(content_of);
                if boot.is_some_and(|content| found(world, &generation(content)) != Finding::Whole)
                {
                    world.broken = Some("what boots without the lock is not whole");
                }
                run(world, process, boot, false);
                return Some(());
            }
            _ => break,
        }
        memory = outcome.state;
    }
    world.broken = Some("a start without the lock never boots");
    Some(())
}

fn checked(process: u8, id: GenerationId, finding: Finding, writable: bool) -> Event {
    Event::Checked {
        slot: ProcessSlot(process),
        process: u32::from(process),
        id,
        finding,
        writable,
        now_ms: 1,
    }
}

/// The slots that nobody holds, and what the platform says; none where it says what cannot be.
fn ended(world: &World, crashed: [bool; 2]) -> Option<BTreeMap<ProcessSlot, Exit>> {
    let mut ended = BTreeMap::new();
    for ((slot, process), crashed) in (0..).zip(&world.processes).zip(crashed) {
        let slot = ProcessSlot(slot);
        if process.is_alive() {
            continue;
        }
        if world.disk.tokens.contains_key(&slot) {
            let exit = if crashed { Exit::Crash } else { Exit::Unknown };
            ended.insert(slot, exit);
        } else if crashed {
            return None;
        }
    }
    Some(ended)
}

/// A token names what the process really loaded, where the platform can say that it crashed.
fn blame_is_of_what_ran(world: &mut World, ended: &BTreeMap<ProcessSlot, Exit>) {
    let fair = (0..).zip(&world.processes).all(|(slot, process)| {
        let slot = ProcessSlot(slot);
        let token = world.disk.tokens.get(&slot);
        match (process, ended.get(&slot)) {
            (Process::Ended { ran, .. }, Some(Exit::Crash)) => {
                token.map(|token| content_of(&token.generation)) == *ran
            }
            _ => true,
        }
    });
    if !fair {
        world.broken = Some("a crash is blamed on what did not run");
    }
}

fn booted(
    world: &mut World,
    (process, guarded): (u8, bool),
    id: Option<&GenerationId>,
    state: &State,
) {
    let boot = id.map(content_of);
    if let Some(content) = boot {
        let id = generation(content);
        let number = state.installed.get(&id).map_or(0, |record| record.number);
        let is_set = |bits: u8, bit: u32| bits.checked_shr(bit).unwrap_or(0) & 1 == 1;
        if found(world, &id) != Finding::Whole {
            world.broken = Some("what boots is not whole");
        } else if content < 4 && (content == 2) != (world.release == 1) {
            world.broken = Some("what boots is of another release");
        } else if is_set(world.ghost.known_bad, u32::from(content)) {
            world.broken = Some("what boots was acknowledged to be known bad");
        } else if is_set(world.ghost.withdrawn, small(number)) {
            world.broken = Some("what boots was rolled back");
        }
    }
    run(world, process, boot, guarded && boot.is_some());
}

fn run(world: &mut World, process: u8, boot: Option<u8>, guarded: bool) {
    let running = Running {
        release: world.release,
        boot,
        guarded,
        fetched: None,
    };
    set(world, process, Process::Running(running));
}

/// More than there are generations to look at.
const LOOKS_MAX: usize = 6;
