//! Work over a list on two cores.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does the work for each item, at most two at a time: memory is bounded by those two. The answers
/// come in the order of the items, whoever is ready first.
pub(crate) fn in_parallel<T: Sync, A: Send>(items: &[T], work: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, A)>> = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while let Some((at, item)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            items.get(at).map(|item| (at, item))
        } {
            let answer = work(item);
            // Poisoned only by a panic of another worker, which the scope passes on.
            if let Ok(mut done) = done.lock() {
                done.push((at, answer));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores.min(AT_A_TIME).min(items.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}

const AT_A_TIME: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_answered_once_and_in_order() {
        let items: Vec<u32> = (0..1000).collect();
        assert_eq!(
            in_parallel(&items, |item| item * 2),
            items.iter().map(|it| it * 2).collect::<Vec<_>>()
        );
        assert!(in_parallel(&[0_u32; 0], |_| ()).is_empty());
    }
}
