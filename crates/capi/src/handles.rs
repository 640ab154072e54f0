//! Handles that are numbers with a generation: one that was closed, or never was, is told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What handles stand for. The lower half of a handle is a place, counted from 1, the upper half
/// says which tenant of that place is meant. No handle is 0.
pub(crate) struct Table<T> {
    places: Mutex<Vec<Place<T>>>,
}

struct Place<T> {
    generation: u32,
    tenant: Option<Arc<T>>,
}

impl<T> Table<T> {
    pub(crate) const fn new() -> Self {
        Self {
            places: Mutex::new(Vec::new()),
        }
    }

    /// A handle that no other was before; none where there is no number left.
    pub(crate) fn insert(&self, tenant: T) -> Option<u64> {
        let tenant = Some(Arc::new(tenant));
        let mut places = self.places();
        let mut free = (0_u32..).zip(places.iter_mut());
        // A place whose generations are used up stays empty for good.
        let free = free.find(|(_, it)| it.tenant.is_none() && it.generation < u32::MAX);
        if let Some((index, place)) = free {
            place.generation += 1;
            place.tenant = tenant;
            return Some(handle(index, place.generation));
        }
        let index = u32::try_from(places.len())
            .ok()
            .filter(|it| *it < u32::MAX)?;
        places.push(Place {
            generation: 1,
            tenant,
        });
        Some(handle(index, 1))
    }

    /// What it stands for; it lives on until the last call that uses it returns.
    pub(crate) fn get(&self, handle: u64) -> Option<Arc<T>> {
        let mut places = self.places();
        place(&mut places, handle)?.tenant.clone()
    }

    /// Takes it out: from now on the handle is stale.
    pub(crate) fn remove(&self, handle: u64) -> Option<Arc<T>> {
        let mut places = self.places();
        place(&mut places, handle)?.tenant.take()
    }

    fn places(&self) -> MutexGuard<'_, Vec<Place<T>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn handle(index: u32, generation: u32) -> u64 {
    (u64::from(generation) << 32) | (u64::from(index) + 1)
}

fn place<T>(places: &mut [Place<T>], handle: u64) -> Option<&mut Place<T>> {
    let generation = u32::try_from(handle >> 32).ok()?;
    let index = usize::try_from((handle & u64::from(u32::MAX)).checked_sub(1)?).ok()?;
    let place = places.get_mut(index)?;
    (place.generation == generation).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_that_was_removed_is_stale_though_its_place_is_taken_again() {
        let table = Table::new();
        let first = table.insert("first").unwrap();
        assert_eq!(table.remove(first).as_deref(), Some(&"first"));
        let second = table.insert("second").unwrap();
        assert_eq!(table.get(first), None);
        assert_eq!(table.remove(first), None);
        assert_eq!(table.get(second).as_deref(), Some(&"second"));
        assert_ne!(first, second);
    }

    #[test]
    fn numbers_that_nobody_gave_out_stand_for_nothing() {
        let table = Table::new();
        let only = table.insert(()).unwrap();
        for wrong in [0, 1, only + 1, only ^ (1 << 32), u64::MAX, u64::MAX << 32] {
            assert_eq!(table.get(wrong), None, "{wrong:#x}");
        }
    }

    #[test]
    fn a_place_whose_generations_are_used_up_is_never_taken_again() {
        let table = Table::new();
        let first = table.insert(()).unwrap();
        table.remove(first).unwrap();
        table.places()[0].generation = u32::MAX;
        let second = table.insert(()).unwrap();
        assert_eq!(second, handle(1, 1));
    }

    #[test]
    fn what_is_removed_lives_until_its_last_user_lets_go() {
        let table = Table::new();
        let handle = table.insert(String::from("alive")).unwrap();
        let used = table.get(handle).unwrap();
        drop(table.remove(handle));
        assert_eq!(*used, "alive");
    }
}
