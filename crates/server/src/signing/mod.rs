//! The channel keys, and what is signed with them: which patches a channel offers a release now.
//!
//! A choice has a counter, which grows exactly when the choice changes; the store keeps both, so
//! that servers on one database sign the same. Each choice is signed anew for each device that
//! sends a nonce, and once in a while as a document for those that send none.

mod choice;
mod keys;
mod renewing;
mod signers;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use patchproof_trust::{ChannelStatement, Digest, Nonce, Refusal, SignError, SigningKey};

pub use self::keys::KeyError;
use self::renewing::Renewal;
use crate::http::Fault;
use crate::serving::App;
use crate::settings::Settings;
use crate::store::StoreError;
use crate::view::{AppView, ReleaseView};

/// The channel keys of this server, and what it signed.
pub struct Signing {
    keys: Vec<SigningKey>,
    document_lifetime_s: i64,
    slots: Mutex<HashMap<SlotKey, Arc<Slot>>>,
}

/// A device that asks for an answer of now.
pub(crate) struct Live<'a> {
    pub(crate) channel: &'a str,
    pub(crate) release_sha256: [u8; 32],
    pub(crate) nonce: Nonce,
}

/// For what a choice is. Only what a developer made gets a slot, so there are not too many.
#[derive(Clone, PartialEq, Eq, Hash)]
struct SlotKey {
    app_id: Arc<str>,
    release: Digest,
    channel: Box<str>,
}

/// A choice, and whoever makes it anew.
#[derive(Default)]
struct Slot {
    signed: ArcSwapOption<Signed>,
    renewing: tokio::sync::Mutex<()>,
}

/// A choice that stands in the store under its counter.
struct Signed {
    statement: ChannelStatement,
    /// Of the view that it was made from.
    view_version: i64,
    /// When a patch of it expires.
    until_s: Option<i64>,
    /// Which of the keys sign, by their places.
    signers: Vec<usize>,
    document: Arc<str>,
    /// From when on the document is signed anew.
    renew_at_s: i64,
}

/// Why nothing is signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// The store did not keep a choice.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No device would believe it.
    #[error("a choice could not be signed: {0}")]
    Sign(#[from] SignError),
    /// The app's root is none.
    #[error("the app's newest root in the database cannot be read: {0}")]
    Root(Refusal),
    /// Others choose all the time.
    #[error("other servers on this database changed this choice {TRIES} times in a row")]
    Contended,
}

impl Signing {
    /// Reads the channel keys that the settings name.
    ///
    /// # Errors
    ///
    /// Which file is at fault, and how to mend it.
    pub fn open(settings: &Settings) -> Result<Self, KeyError> {
        let lifetime = settings.document_lifetime.as_secs();
        Ok(Self {
            keys: keys::read(settings)?,
            document_lifetime_s: i64::try_from(lifetime).unwrap_or(i64::MAX),
            slots: Mutex::default(),
        })
    }

    /// How many keys it has.
    #[must_use]
    pub const fn keys(&self) -> usize {
        self.keys.len()
    }

    /// The channel statement for one device, with its nonce. None where this server has not the
    /// app's channel key, or the app has no such release or channel.
    ///
    /// # Errors
    ///
    /// Where the choice changed and the store does not answer.
    pub(crate) async fn live(
        &self,
        app: &App,
        view: &Arc<AppView>,
        live: &Live<'_>,
        now_s: i64,
    ) -> Result<Option<String>, Fault> {
        let release = Digest::of_bytes(live.release_sha256);
        let signed = self.current(app, view, release, live.channel, now_s).await;
        let Some(signed) = signed.map_err(fault)? else {
            return Ok(None);
        };
        let mut statement = signed.statement.clone();
        statement.nonce = Some(live.nonce);
        let issued_s = now_s.max(0);
        statement.issued_s = issued_s.unsigned_abs();
        statement.expires_s = statement.issued_s.saturating_add(LIVE_S);
        let envelope = self.envelope(&statement, &signed.signers).map_err(fault)?;
        Ok(Some(envelope))
    }

    /// The newest channel statement as a document: of this server, or that somebody else signed.
    ///
    /// # Errors
    ///
    /// Where the choice changed and the store does not answer.
    pub(crate) async fn document(
        &self,
        app: &App,
        view: &Arc<AppView>,
        release: Digest,
        channel: &str,
        now_s: i64,
    ) -> Result<Option<Arc<str>>, Fault> {
        let signed = self.current(app, view, release, channel, now_s).await;
        if let Some(signed) = signed.map_err(fault)? {
            return Ok(Some(Arc::clone(&signed.document)));
        }
        let lies_there = view.choices.get(&(release, channel.into()));
        Ok(lies_there.map(|choice| Arc::clone(&choice.envelope)))
    }

    /// The choice of now, made anew where the app changed, a patch expired, or its document will
    /// soon.
    async fn current(
        &self,
        app: &App,
        view: &Arc<AppView>,
        release: Digest,
        channel: &str,
        now_s: i64,
    ) -> Result<Option<Arc<Signed>>, SigningError> {
        if self.keys.is_empty() || !is_known(view, release, channel) {
            return Ok(None);
        }
        let key = SlotKey {
            app_id: Arc::clone(&view.id),
            release,
            channel: channel.into(),
        };
        let slot = self.slot(&key);
        let is_good = |signed: &Arc<Signed>| signed.stands(view.version, now_s);
        if let Some(signed) = slot.signed.load_full().filter(is_good) {
            return Ok(Some(signed));
        }
        let _alone = slot.renewing.lock().await;
        if let Some(signed) = slot.signed.load_full().filter(is_good) {
            return Ok(Some(signed));
        }
        let renewal = Renewal {
            signing: self,
            app,
            key: &key,
            now_s,
        };
        let renewed = renewal.signed().await?.map(Arc::new);
        slot.signed.store(renewed.clone());
        Ok(renewed)
    }

    fn slot(&self, key: &SlotKey) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key) {
            return Arc::clone(slot);
        }
        Arc::clone(slots.entry(key.clone()).or_default())
    }

    /// Keeps documents in time, and choices ready for devices, until the server is gone.
    pub(crate) async fn keep(app: std::sync::Weak<App>) {
        let mut every = tokio::time::interval(KEEP_EVERY);
        loop {
            every.tick().await;
            let Some(app) = app.upgrade() else { return };
            app.signing.look_at_all(&app).await;
        }
    }

    async fn look_at_all(&self, app: &App) {
        let keys: Vec<SlotKey> = {
            let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.keys().cloned().collect()
        };
        for key in keys {
            let Some(view) = app.views.of(&key.app_id) else {
                self.forget(&key);
                continue;
            };
            let now_s = crate::device_side::now_s();
            let current = self.current(app, &view, key.release, &key.channel, now_s);
            match current.await {
                Ok(Some(_)) => {}
                Ok(None) => self.forget(&key),
                Err(error) => tracing::warn!(app = %key.app_id, %error, "a choice is not signed"),
            }
        }
    }

    fn forget(&self, key: &SlotKey) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.remove(key);
    }
}

impl Signed {
    fn stands(&self, view_version: i64, now_s: i64) -> bool {
        self.view_version == view_version
            && self.until_s.is_none_or(|until_s| now_s < until_s)
            && now_s < self.renew_at_s
    }
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signing")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// Whether a developer made this release and this channel: nobody else makes choices by asking.
fn is_known(view: &AppView, release: Digest, channel: &str) -> bool {
    let Some(signed) = view.signed.get(&release) else {
        return false;
    };
    let has_channel = |release: &ReleaseView| {
        let mut tracks = release.tracks();
        tracks.any(|(key, _)| *key.channel == *channel)
    };
    // The first two answer nearly every device; the rest looks at all there is.
    channel == STABLE
        || view.releases.get(&*signed.version).is_some_and(has_channel)
        || view.choices.contains_key(&(release, channel.into()))
        || view.releases.values().any(has_channel)
}

fn fault(error: SigningError) -> Fault {
    Fault::unavailable("channel signature", &error)
}

/// The channel that devices are on where nothing else is said.
const STABLE: &str = "stable";
/// For how long a device may begin installs by an answer of now.
const LIVE_S: u64 = 30 * 60;
const KEEP_EVERY: Duration = Duration::from_secs(60);
const TRIES: usize = 8;
