//! A choice made anew: compared with the one in the store, and kept there under the next counter
//! where it is another.
//!
//! A server whose view is older than another's must not undo what that one chose. So before it
//! writes, it reads its view anew, and it writes only over the choice that the view showed.

use std::sync::Arc;

use patchproof_trust::{ChannelStatement, Root, Unverified, Word};

use crate::serving::App;
use crate::signing::choice::{Candidate, Choice, Target, choose};
use crate::signing::{Signed, Signing, SigningError, SlotKey, TRIES, signers};
use crate::store::{Choice as StoredChoice, StoreError};
use crate::view::{AppView, ChoiceView};

/// What is to be made anew, and when.
pub(super) struct Renewal<'a> {
    pub(super) signing: &'a Signing,
    pub(super) app: &'a App,
    pub(super) key: &'a SlotKey,
    pub(super) now_s: i64,
}

/// What this server would choose, beside what is in the store.
struct Draft<'a> {
    choice: Choice,
    signers: Vec<usize>,
    stored: Option<&'a ChoiceView>,
    now_s: i64,
}

impl Renewal<'_> {
    /// The choice of now, which stands in the store.
    pub(super) async fn signed(&self) -> Result<Option<Signed>, SigningError> {
        let app_id = &self.key.app_id;
        let mut is_fresh = false;
        for _ in 0..TRIES {
            let Some(view) = self.app.views.of(app_id) else {
                return Ok(None);
            };
            let Some(draft) = self.draft(&view)? else {
                return Ok(None);
            };
            let kept = draft.kept();
            if let Some(statement) = &kept
                && let Some(signed) = self.still_good(&draft, statement, view.version)
            {
                return Ok(Some(signed));
            }
            if !is_fresh {
                self.app.views.refresh(&self.app.store, app_id).await?;
                is_fresh = true;
                continue;
            }
            let put = self.put(&draft, kept, view.version).await;
            // What was written changed the view's version, and what another wrote its content.
            self.app.views.refresh(&self.app.store, app_id).await?;
            match put {
                Err(SigningError::Store(StoreError::Conflict { .. })) => {}
                put => return put.map(Some),
            }
        }
        Err(SigningError::Contended)
    }

    /// What to choose by this view; none where the keys here are not the app's.
    fn draft<'a>(&self, view: &'a AppView) -> Result<Option<Draft<'a>>, SigningError> {
        let (Some((root_version, root)), Some(release)) =
            (view.newest_root(), view.signed.get(&self.key.release))
        else {
            return Ok(None);
        };
        let root = Unverified::<Root>::read(root.as_bytes());
        let root = root.map_err(SigningError::Root)?;
        let Some(signers) = signers::of(&self.signing.keys, root.statement()) else {
            return Ok(None);
        };
        let stored = view
            .choices
            .get(&(self.key.release, self.key.channel.clone()));
        // Clocks of servers differ. What one saw expired is expired for all.
        let latest_s = self.now_s.saturating_add(CLOCKS_DIFFER_S);
        let now_s = stored.map_or(self.now_s, |stored| stored.issued_s.min(latest_s));
        let now_s = now_s.max(self.now_s);
        // A name that is no word stands in no statement: devices that believe them cannot ask so.
        let (Ok(app), Ok(channel)) = (Word::new(&*view.id), Word::new(&*self.key.channel)) else {
            return Ok(None);
        };
        let target = Target {
            app: &app,
            channel: &channel,
            release: &release.release,
            root_version,
        };
        Ok(Some(Draft {
            choice: choose(&target, &candidates(view, self.key), now_s),
            signers,
            stored,
            now_s,
        }))
    }

    /// What is in the store, where it is this very choice and its document is not old.
    fn still_good(
        &self,
        draft: &Draft<'_>,
        statement: &ChannelStatement,
        view_version: i64,
    ) -> Option<Signed> {
        let stored = draft.stored?;
        let renew_at_s = self.renew_at_s(stored.issued_s, stored.expires_s);
        (self.now_s < renew_at_s).then(|| Signed {
            statement: statement.clone(),
            view_version,
            until_s: draft.choice.until_s,
            signers: draft.signers.clone(),
            document: Arc::clone(&stored.envelope),
            renew_at_s,
        })
    }

    /// Signs the choice as a document and keeps it in the store.
    async fn put(
        &self,
        draft: &Draft<'_>,
        kept: Option<ChannelStatement>,
        view_version: i64,
    ) -> Result<Signed, SigningError> {
        let known = draft.stored.map(|stored| stored.counter);
        let mut statement = kept.unwrap_or_else(|| ChannelStatement {
            counter: known.unwrap_or(0).saturating_add(1),
            ..draft.choice.statement.clone()
        });
        let expires_s = draft.now_s.saturating_add(self.signing.document_lifetime_s);
        statement.issued_s = draft.now_s.max(0).unsigned_abs();
        statement.expires_s = expires_s.max(0).unsigned_abs();
        let envelope = self.signing.envelope(&statement, &draft.signers)?;
        let row = StoredChoice {
            release_sha256: self.key.release.to_string(),
            channel: self.key.channel.to_string(),
            counter: statement.counter,
            choice_sha256: statement.choice_sha256().to_string(),
            envelope: envelope.clone(),
            issued_s: draft.now_s,
            expires_s,
        };
        let app_id = &self.key.app_id;
        self.app.store.put_choice(app_id, &row, known).await?;
        tracing::info!(
            app = %app_id,
            channel = %self.key.channel,
            counter = statement.counter,
            "signed a choice"
        );
        Ok(Signed {
            statement,
            view_version,
            until_s: draft.choice.until_s,
            signers: draft.signers.clone(),
            document: envelope.into(),
            renew_at_s: self.renew_at_s(draft.now_s, expires_s),
        })
    }

    /// Halfway to its end, and no later than halfway through what this server gives a document.
    fn renew_at_s(&self, issued_s: i64, expires_s: i64) -> i64 {
        let half_s = |whole_s: i64| whole_s.max(0).div_euclid(2);
        let of_its_own = half_s(expires_s.saturating_sub(issued_s));
        let of_ours = half_s(self.signing.document_lifetime_s);
        issued_s.saturating_add(of_its_own.min(of_ours))
    }
}

impl Draft<'_> {
    /// The choice under the counter in the store, where that stands for this very choice.
    fn kept(&self) -> Option<ChannelStatement> {
        let stored = self.stored?;
        let statement = ChannelStatement {
            counter: stored.counter,
            ..self.choice.statement.clone()
        };
        (statement.choice_sha256() == stored.choice_sha256).then_some(statement)
    }
}

/// Every patch with a statement for the release, with where it sits.
fn candidates(view: &AppView, key: &SlotKey) -> Vec<Candidate> {
    let Some(signed) = view.signed.get(&key.release) else {
        return Vec::new();
    };
    let Some(release) = view.releases.get(&*signed.version) else {
        return Vec::new();
    };
    let track = release.track(&signed.platform, &signed.arch, &key.channel);
    let offered = track.map_or(&[][..], |track| track.patches());
    let offered = offered.iter().filter_map(|patch| {
        Some(Candidate {
            number: patch.number,
            statement: patch.statement_sha256?,
            rollout_basis_points: patch.rollout_basis_points,
            expires_at_s: patch.expires_at_s,
            is_rolled_back: false,
        })
    });
    let taken_back = release
        .rolled_back_statements
        .iter()
        .filter(|patch| patch.platform == signed.platform && patch.arch == signed.arch)
        .map(|patch| Candidate {
            number: patch.number,
            statement: patch.statement_sha256,
            rollout_basis_points: 0,
            expires_at_s: None,
            is_rolled_back: true,
        });
    offered.chain(taken_back).collect()
}

/// What clocks of servers may differ by.
const CLOCKS_DIFFER_S: i64 = 60 * 60;
