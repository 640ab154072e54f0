//! What devices see, in memory: a check asks no database.
//!
//! A view is read anew when its app changed: by whoever changed it before the change is
//! acknowledged, and by everybody else when the database tells, or at the latest when the numbers
//! of changes are compared.

mod app;
mod track;

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::stream::{StreamExt as _, iter};
use tokio::time::{MissedTickBehavior, interval, sleep};

pub use app::{AppView, ChoiceView, ReleaseView, RolledBackView, SignedRelease, TrackKey};
pub(crate) use track::SELECTED_MAX;
pub use track::{Asking, Offer, Reach, Track, ViewDownload, ViewPatch};

use crate::store::{Notifications, Store, StoreError};

/// The views of all apps. Reading one takes no lock.
#[derive(Debug, Default)]
pub struct Views {
    apps: ArcSwap<HashMap<Arc<str>, Slot>>,
}

/// The view of an app, or of its absence: an older view must not come back after it.
#[derive(Clone, Debug)]
struct Slot {
    version: i64,
    view: Option<Arc<AppView>>,
}

impl Views {
    /// Reads the views of all apps.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn load(store: &Store) -> Result<Self, StoreError> {
        let views = Self::default();
        views.catch_up(store).await?;
        Ok(views)
    }

    /// The view of an app.
    #[must_use]
    pub fn of(&self, app_id: &str) -> Option<Arc<AppView>> {
        self.apps.load().get(app_id)?.view.clone()
    }

    /// The ids of all apps that have a view.
    #[must_use]
    pub fn app_ids(&self) -> Vec<Arc<str>> {
        let apps = self.apps.load();
        let there = apps.iter().filter(|(_, slot)| slot.view.is_some());
        there.map(|(app_id, _)| Arc::clone(app_id)).collect()
    }

    /// Reads an app anew. Afterwards its view shows every change that was committed before this was
    /// called.
    ///
    /// # Errors
    ///
    /// Where the database fails; then the older view stays.
    pub async fn refresh(&self, store: &Store, app_id: &str) -> Result<(), StoreError> {
        let slot = slot(store, app_id).await?;
        self.put(vec![(app_id.into(), slot)]);
        Ok(())
    }

    /// Follows the changes of this and other processes. It never ends: drop it.
    pub async fn follow(self: Arc<Self>, store: Store) {
        loop {
            if let Err(error) = self.follow_while_it_lasts(&store).await {
                tracing::warn!(%error, "changes of apps cannot be followed; trying again");
            }
            sleep(AGAIN).await;
        }
    }

    async fn follow_while_it_lasts(&self, store: &Store) -> Result<(), StoreError> {
        let mut notifications = store.notifications().await?;
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            match told(&mut notifications, &mut poll).await? {
                Some(app_id) => self.refresh_if_older(store, &app_id).await?,
                None => self.catch_up(store).await?,
            }
        }
    }

    /// Reads anew what is older than what the database has.
    async fn catch_up(&self, store: &Store) -> Result<(), StoreError> {
        let versions = store.versions().await?;
        let older = versions
            .into_iter()
            .filter(|(app_id, version)| self.version(app_id) < *version);
        let read = async |(app_id, _): (String, i64)| {
            let slot = slot(store, &app_id).await?;
            Ok::<_, StoreError>((app_id.into(), slot))
        };
        let mut slots = pin!(iter(older).map(read).buffer_unordered(AT_ONCE));
        let (mut readable, mut all) = (Vec::new(), Ok(()));
        while let Some(slot) = slots.next().await {
            match slot {
                Ok(slot) => readable.push(slot),
                // An app that cannot be read keeps its older view; every other gets its new one.
                Err(error @ StoreError::Damaged { .. }) => all = Err(error),
                Err(error) => return Err(error),
            }
        }
        self.put(readable);
        all
    }

    async fn refresh_if_older(&self, store: &Store, app_id: &str) -> Result<(), StoreError> {
        match self.version(app_id) < store.version(app_id).await? {
            true => self.refresh(store, app_id).await,
            false => Ok(()),
        }
    }

    /// 0: never seen.
    fn version(&self, app_id: &str) -> i64 {
        self.apps.load().get(app_id).map_or(0, |slot| slot.version)
    }

    /// Puts views in, but none over a newer one: reads may overtake each other.
    fn put(&self, slots: Vec<(Arc<str>, Slot)>) {
        if slots.is_empty() {
            return;
        }
        self.apps.rcu(|apps| {
            let mut apps = HashMap::clone(apps);
            for (app_id, slot) in &slots {
                let known = apps.get(app_id).map_or(0, |known| known.version);
                if known <= slot.version {
                    apps.insert(Arc::clone(app_id), slot.clone());
                }
            }
            apps
        });
    }
}

async fn slot(store: &Store, app_id: &str) -> Result<Slot, StoreError> {
    let (version, view) = store.app_view(app_id).await?;
    let view = view.map(Arc::new);
    Ok(Slot { version, view })
}

/// The next app that changed; `None` where all are to be looked at.
async fn told(
    notifications: &mut Notifications,
    poll: &mut tokio::time::Interval,
) -> Result<Option<Arc<str>>, StoreError> {
    tokio::select! {
        told = notifications.next() => told,
        _ = poll.tick() => Ok(None),
    }
}

/// How long another process's change may go unseen where its notification was lost.
const POLL: Duration = Duration::from_secs(3);
const AGAIN: Duration = Duration::from_secs(1);
/// How many apps are read at the same time, when many are.
const AT_ONCE: usize = 4;

#[cfg(test)]
mod tests;
