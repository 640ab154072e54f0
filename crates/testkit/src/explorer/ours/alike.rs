//! Which worlds are one: what they are hashed by, and which process comes first.

use std::hash::{Hash, Hasher};

use patchproof_lifecycle::{GenerationId, ProcessSlot, ReleaseKey, State};

use super::world::{Folder, Snapshot, World, content_of};

impl Hash for World {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let mut bytes = Vec::with_capacity(128);
        encode(&self.disk, &mut bytes);
        bytes.push(self.release);
        bytes.extend([self.bounds.processes, self.bounds.rare, self.bounds.offers]);
        bytes.push(self.ghost.known_bad);
        bytes.push(self.ghost.withdrawn);
        bytes.extend(self.folders.iter().map(|folder| match folder {
            Folder::Gone => 0,
            Folder::Whole => 1,
            Folder::Damaged => 2,
        }));
        hasher.write(&bytes);
        self.processes.hash(hasher);
        self.broken.hash(hasher);
    }
}

impl Hash for Snapshot {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let mut bytes = Vec::with_capacity(96);
        encode(&self.0, &mut bytes);
        hasher.write(&bytes);
    }
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Snapshot {}

/// A state in few bytes, each list behind its length; what [`normalise`] made one is left out.
pub(super) fn encode(state: &State, to: &mut Vec<u8>) {
    let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
    let length = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
    let pointer = |id: Option<GenerationId>| id.map_or(u8::MAX, |id| content_of(&id));
    let release = |key: &ReleaseKey| key.bytes().first().copied().unwrap_or_default();
    to.push(state.release.as_ref().map_or(u8::MAX, release));
    to.extend([pointer(state.candidate), pointer(state.proven)]);
    to.extend([small(u64::from(state.data_epoch)), u8::from(state.lost)]);
    to.push(length(state.queue.events.len()));
    to.push(length(state.installed.len()));
    for (id, record) in &state.installed {
        to.extend([
            content_of(id),
            small(record.number),
            u8::from(record.proven),
        ]);
        to.extend([
            record.crashes,
            record.unfinished,
            length(record.recent.len()),
        ]);
        to.extend(record.recent.iter().map(|crash| u8::from(*crash)));
    }
    to.push(length(state.tokens.len()));
    for (slot, token) in &state.tokens {
        to.extend([
            slot.0,
            release(&token.release),
            content_of(&token.generation),
        ]);
        to.extend([u8::from(token.proven), u8::from(token.settled)]);
    }
    to.push(length(state.set_aside.len()));
    for (id, aside) in &state.set_aside {
        to.extend([content_of(id), small(aside.number)]);
    }
    to.push(length(state.failed_downloads.len()));
    for (id, count) in &state.failed_downloads {
        to.extend([content_of(id), *count]);
    }
    to.push(length(state.rolled_back.len()));
    to.extend(state.rolled_back.iter().map(|number| small(*number)));
    to.push(length(state.words.len()));
    for (key, words) in &state.words {
        to.extend([
            release(key),
            small(words.floor),
            length(words.known_bad.len()),
        ]);
        to.extend(words.known_bad.keys().map(content_of));
    }
}

pub(super) fn swap_tokens(state: &mut State) {
    let tokens = std::mem::take(&mut state.tokens);
    let swapped = tokens
        .into_iter()
        .map(|(slot, token)| (ProcessSlot(1 - slot.0.min(1)), token));
    state.tokens = swapped.collect();
}

pub(super) fn encode_token(state: &State, slot: u8, to: &mut Vec<u8>) {
    if let Some(token) = state.tokens.get(&ProcessSlot(slot)) {
        let release = token.release.bytes().first().copied().unwrap_or_default();
        to.extend([release, content_of(&token.generation)]);
        to.extend([u8::from(token.proven), u8::from(token.settled)]);
    }
}
