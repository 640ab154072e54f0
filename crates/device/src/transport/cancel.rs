//! A flag that ends what goes on: at once, also in the middle of a wait.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::TransportError;

/// Ends the operation that it was given to. Clones are one flag.
#[derive(Clone, Default)]
pub struct Cancel {
    shared: Arc<Shared>,
}

impl Cancel {
    /// A flag that is not raised.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the flag, for good.
    pub fn cancel(&self) {
        let hooks = {
            let mut state = self.state();
            state.cancelled = true;
            std::mem::take(&mut state.hooks)
        };
        self.shared.raised.notify_all();
        for hook in hooks.into_values() {
            hook();
        }
    }

    /// Whether it is raised.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.state().cancelled
    }

    /// Goes on unless the flag is raised.
    ///
    /// # Errors
    ///
    /// [`TransportError::Cancelled`].
    pub fn check(&self) -> Result<(), TransportError> {
        match self.is_cancelled() {
            true => Err(TransportError::Cancelled),
            false => Ok(()),
        }
    }

    /// Waits, but not longer than until the flag is raised.
    ///
    /// # Errors
    ///
    /// [`TransportError::Cancelled`].
    pub fn wait(&self, pause: Duration) -> Result<(), TransportError> {
        let since = Instant::now();
        let mut state = self.state();
        loop {
            if state.cancelled {
                return Err(TransportError::Cancelled);
            }
            let Some(left) = pause
                .checked_sub(since.elapsed())
                .filter(|it| !it.is_zero())
            else {
                return Ok(());
            };
            let waited = self.shared.raised.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Has `interrupt` called once when the flag is raised, at once where it is raised already, and
    /// not any more when what this returns is dropped.
    pub fn on_cancel(&self, interrupt: impl FnOnce() + Send + 'static) -> OnCancel {
        let mut state = self.state();
        let id = state.next_id;
        state.next_id += 1;
        if state.cancelled {
            drop(state);
            interrupt();
        } else {
            state.hooks.insert(id, Box::new(interrupt));
        }
        OnCancel {
            cancel: self.clone(),
            id,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cancel({})", self.is_cancelled())
    }
}

/// Keeps what [`Cancel::on_cancel`] was given.
#[derive(Debug)]
#[must_use = "dropped, nothing is interrupted any more"]
pub struct OnCancel {
    cancel: Cancel,
    id: u64,
}

impl Drop for OnCancel {
    fn drop(&mut self) {
        let hook = self.cancel.state().hooks.remove(&self.id);
        drop(hook); // without the lock: what it holds may do anything when it goes
    }
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    raised: Condvar,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    next_id: u64,
    hooks: BTreeMap<u64, Box<dyn FnOnce() + Send>>,
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn counting(count: &Arc<AtomicU32>) -> impl FnOnce() + Send + use<> {
        let count = Arc::clone(count);
        move || {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_wait_ends_when_another_thread_raises_the_flag() {
        let cancel = Cancel::new();
        let other = cancel.clone();
        let since = Instant::now();
        let thread = std::thread::spawn(move || other.cancel());
        let waited = cancel.wait(Duration::from_secs(60));
        assert!(matches!(waited, Err(TransportError::Cancelled)));
        assert!(since.elapsed() < Duration::from_secs(30));
        thread.join().expect("it ends");
    }

    #[test]
    fn a_wait_that_nobody_ends_lasts() {
        let since = Instant::now();
        assert!(Cancel::new().wait(Duration::from_millis(20)).is_ok());
        assert!(since.elapsed() >= Duration::from_millis(20));
    }

    #[test]
    fn an_interrupt_is_called_once() {
        let (cancel, count) = (Cancel::new(), Arc::new(AtomicU32::new(0)));
        let kept = cancel.on_cancel(counting(&count));
        cancel.cancel();
        cancel.cancel();
        drop(kept);
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn an_interrupt_of_what_is_over_is_not_called() {
        let (cancel, count) = (Cancel::new(), Arc::new(AtomicU32::new(0)));
        drop(cancel.on_cancel(counting(&count)));
        cancel.cancel();
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn an_interrupt_that_comes_too_late_is_called_at_once() {
        let (cancel, count) = (Cancel::new(), Arc::new(AtomicU32::new(0)));
        cancel.cancel();
        drop(cancel.on_cancel(counting(&count)));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}
