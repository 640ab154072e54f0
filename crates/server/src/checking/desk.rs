//! Where files are looked at: off the threads that answer, and few at a time, since each takes a
//! processor and the memory of two libraries.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// A few seats for work that computes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Desk {
    seats: Arc<Semaphore>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            seats: Arc::new(Semaphore::new(SEATS)),
        }
    }
}

impl Desk {
    /// Does this work once a seat is free. `None` where it panicked or the server stops: a bug of
    /// ours, or nobody's.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let seat = Arc::clone(&self.seats).acquire_owned().await.ok()?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(seat);
            done
        });
        done.await.ok()
    }
}

const SEATS: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_at_the_desk_ends_that_work_alone() {
        let desk = Desk::default();
        for _ in 0..=SEATS {
            assert_eq!(desk.work(|| panic!("a bug")).await, None::<()>);
        }
        assert_eq!(desk.work(|| 7).await, Some(7));
    }
}
