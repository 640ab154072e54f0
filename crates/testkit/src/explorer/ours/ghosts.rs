//! What was acknowledged, beside what the state says.

use patchproof_lifecycle::Finding;

use super::action::Action;
use super::carry::found;
use super::world::{World, content_of, generation, normalise, release_key};

/// What was acknowledged is still there; what is there now is acknowledged from now on.
pub(super) fn settle_ghosts(world: &mut World, action: &Action) {
    normalise(&mut world.disk);
    let words = world.disk.words.values();
    let known_bad = words.flat_map(|words| words.known_bad.keys());
    let bits: u8 = known_bad.fold(0, |bits, id| bits | 1 << content_of(id));
    let lifted = matches!(action, Action::BansCleared);
    if !lifted && world.ghost.known_bad & !bits != 0 {
        world.broken = world.broken.or(Some("an acknowledged ban is forgotten"));
    }
    world.ghost.known_bad = bits;
    if world.disk.release != Some(release_key(world.release)) || world.disk.lost {
        world.ghost.withdrawn = 0;
    }
    if world.disk.rolled_back.is_empty() && matches!(action, Action::Start { .. }) {
        world.ghost.withdrawn = 0;
    }
    let pointers = world.disk.candidate.into_iter().chain(world.disk.proven);
    let running = world
        .processes
        .iter()
        .filter_map(|process| process.running()?.boot);
    let mut needed = pointers.map(|id| content_of(&id)).chain(running);
    if needed.any(|content| found(world, &generation(content)) == Finding::Missing) {
        world.broken = world
            .broken
            .or(Some("what is referred to or runs was deleted"));
    }
}
