//! The search itself: breadth-first, layer by layer, in an order that threads do not change.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::thread;

use super::fingerprint::fingerprint;
use super::{Bounds, Design, Explored, Story, Violation};

/// Sees every state of `design` within the bounds.
///
/// # Panics
/// Where a thread that computes successors panics, which is to say where the design does.
pub fn explore<D: Design>(design: &D, bounds: Bounds) -> Explored {
    let mut search = Search::new(design, bounds);
    let mut layer = Vec::new();
    for state in design.starts() {
        let fingerprint = fingerprint(&state);
        search.take_in(START, 0, fingerprint, state, &mut layer);
    }
    while !layer.is_empty() && search.goes_on() {
        let mut next = Vec::new();
        for block in layer.chunks(BLOCK) {
            search.expand(block, &mut next);
            if !search.goes_on() {
                break;
            }
        }
        layer = next;
        if !layer.is_empty() {
            search.found.depth += 1;
        }
    }
    search.finish(layer.is_empty())
}

/// One search under way.
struct Search<'a, D: Design> {
    design: &'a D,
    bounds: Bounds,
    seen: HashSet<u128, BuildHasherDefault<Folded>>,
    /// How each state was first reached, by order of discovery.
    came_by: Vec<Step>,
    first_broken: BTreeMap<&'static str, (u64, u32)>,
    found: Explored,
}

/// From which state, and by which of its actions.
#[derive(Clone, Copy)]
struct Step {
    from: u32,
    ordinal: u32,
}

/// A state of the current layer, with its place in the order of discovery.
type Numbered<S> = (u32, S);

/// What one state leads to.
struct Successor<S> {
    step: Step,
    fingerprint: u128,
    /// None where the state was known before this block.
    state: Option<S>,
}

impl<'a, D: Design> Search<'a, D> {
    fn new(design: &'a D, bounds: Bounds) -> Self {
        Self {
            design,
            bounds,
            seen: HashSet::default(),
            came_by: Vec::new(),
            first_broken: BTreeMap::new(),
            found: Explored::default(),
        }
    }

    fn goes_on(&self) -> bool {
        self.came_by.len() < self.bounds.states_max && self.found.depth < self.bounds.depth_max
    }

    fn expand(&mut self, block: &[Numbered<D::State>], next: &mut Vec<Numbered<D::State>>) {
        for successor in self.successors(block) {
            self.found.transitions += 1;
            let Step { from, ordinal } = successor.step;
            if let Some(state) = successor.state {
                self.take_in(from, ordinal, successor.fingerprint, state, next);
            }
        }
    }

    /// In the order of states and of their actions, whatever the threads do.
    fn successors(&self, block: &[Numbered<D::State>]) -> Vec<Successor<D::State>> {
        let threads = self.bounds.threads.max(1);
        if threads == 1 || block.len() < threads * THREAD_STATES_MIN {
            return self.successors_of(block);
        }
        thread::scope(|scope| {
            let parts: Vec<_> = block
                .chunks(block.len().div_ceil(threads))
                .map(|part| scope.spawn(|| self.successors_of(part)))
                .collect();
            let results = parts.into_iter().map(thread::ScopedJoinHandle::join);
            results
                .flat_map(|result| result.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    }

    fn successors_of(&self, part: &[Numbered<D::State>]) -> Vec<Successor<D::State>> {
        let mut successors = Vec::new();
        for (from, state) in part {
            for (ordinal, action) in (0..).zip(self.design.actions(state)) {
                let Some(next) = self.design.next(state, &action) else {
                    continue;
                };
                let fingerprint = fingerprint(&next);
                let is_new = !self.seen.contains(&fingerprint);
                successors.push(Successor {
                    step: Step {
                        from: *from,
                        ordinal,
                    },
                    fingerprint,
                    state: is_new.then_some(next),
                });
            }
        }
        successors
    }

    fn take_in(
        &mut self,
        from: u32,
        ordinal: u32,
        fingerprint: u128,
        state: D::State,
        next: &mut Vec<Numbered<D::State>>,
    ) {
        if !self.seen.insert(fingerprint) {
            return;
        }
        let Ok(index) = u32::try_from(self.came_by.len()) else {
            return;
        };
        self.came_by.push(Step { from, ordinal });
        for property in self.design.violated(&state) {
            let (count, _) = self.first_broken.entry(property).or_insert((0, index));
            *count += 1;
        }
        for name in self.design.interesting(&state) {
            *self.found.reached.entry(name).or_default() += 1;
        }
        next.push((index, state));
    }

    fn finish(mut self, complete: bool) -> Explored {
        self.found.states = u64::try_from(self.came_by.len()).unwrap_or(u64::MAX);
        self.found.complete = complete;
        for (title, (states, index)) in std::mem::take(&mut self.first_broken) {
            let steps = self.steps_to(index).unwrap_or_default();
            let story = Story { title, steps };
            let violation = Violation { states, story };
            self.found.violations.insert(title, violation);
        }
        self.found
    }

    /// Walks the way to a state once more, and tells it.
    fn steps_to(&self, index: u32) -> Option<Vec<String>> {
        let mut ordinals = Vec::new();
        let mut at = *self.came_by.get(usize::try_from(index).ok()?)?;
        while at.from != START {
            ordinals.push(at.ordinal);
            at = *self.came_by.get(usize::try_from(at.from).ok()?)?;
        }
        // Starts are numbered among the first states, one after the other; duplicates have no
        // number.
        let mut state = self.start_of(index)?;
        let mut told = Vec::new();
        for ordinal in ordinals.into_iter().rev() {
            let actions = self.design.actions(&state);
            let action = actions.get(usize::try_from(ordinal).ok()?)?;
            let after = self.design.next(&state, action)?;
            told.push(self.design.tell(&state, action, &after));
            state = after;
        }
        Some(told)
    }

    fn start_of(&self, index: u32) -> Option<D::State> {
        let mut root = index;
        loop {
            let step = self.came_by.get(usize::try_from(root).ok()?)?;
            if step.from == START {
                break;
            }
            root = step.from;
        }
        let mut known = HashSet::new();
        let mut starts = self.design.starts();
        starts.retain(|state| known.insert(fingerprint(state)));
        starts.into_iter().nth(usize::try_from(root).ok()?)
    }
}

/// A fingerprint is a hash already; half of it is enough for a table.
#[derive(Default)]
struct Folded(u64);

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, fingerprint: u128) {
        self.0 = u64::try_from(fingerprint >> 64).unwrap_or_default();
    }
}

/// Where a start came from.
const START: u32 = u32::MAX;
/// States that are expanded before their successors are taken in; bounds the memory of a layer.
const BLOCK: usize = 16_384;
/// Fewer states than this are not worth a thread.
const THREAD_STATES_MIN: usize = 64;
