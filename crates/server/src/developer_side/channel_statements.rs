//! Channel statements that were signed elsewhere: for a server without the channel key.

use http::StatusCode;
use patchproof_trust::{
    ChannelStatement, Device, Freshness, Question, Remembered, Snapshot, Unverified, Verified,
    Verifier,
};

use super::input::Document;
use super::{now_s, roots, shapes};
use crate::auth::{OfApp, Publishes};
use crate::checking::{Unfit, word};
use crate::http::Fault;
use crate::store::{Choice, StoreError};

/// Put a channel statement that was signed elsewhere
///
/// The body is the envelope, which devices get byte for byte. Its counter has to be above that of
/// the statement which is here for the same release and channel.
#[utoipa::path(put, path = "/api/v1/apps/{app_id}/channel-statements", tag = "signing",
    params(("app_id" = String, Path)),
    request_body(content = Object, content_type = "application/json",
        description = "The envelope of the channel statement"),
    responses((status = 204, description = "Devices get it from now on"),
        (status = 409, description = "`counter_taken`: its counter is not above the known one"),
        (status = 422, description = "`no_root`, or `statement_refused`: no device would believe \
            it")))]
pub(super) async fn put_channel_statement(
    app: OfApp<Publishes>,
    Document(envelope): Document,
) -> Result<StatusCode, Fault> {
    let root = roots::newest(&app).await?.ok_or(Unfit::NoRoot)?;
    let statement = believed(app.app_id(), &root, &envelope)?;
    let release_sha256 = statement.release.sha256().to_string();
    let channel = statement.channel.as_str();
    let known = app
        .store()
        .choice(app.app_id(), &release_sha256, channel)
        .await?;
    let known = known.map(|choice| choice.counter);
    if known.is_some_and(|known| statement.counter <= known) {
        let why = format!(
            "its counter is {}, and {} is known here; sign it with a higher one",
            statement.counter,
            known.unwrap_or(0)
        );
        return Err(StoreError::conflict("channel statement", why).into());
    }
    let choice = Choice {
        release_sha256,
        channel: channel.to_owned(),
        counter: statement.counter,
        choice_sha256: statement.choice_sha256().to_string(),
        envelope,
        issued_s: shapes::stored("issued_s", statement.issued_s)?,
        expires_s: shapes::stored("expires_s", statement.expires_s)?,
    };
    app.store().put_choice(app.app_id(), &choice, known).await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The statement, if a device of the release that it names believes it now.
fn believed(
    app_id: &str,
    root: &Remembered,
    envelope: &str,
) -> Result<Verified<ChannelStatement>, Unfit> {
    let read = Unverified::<ChannelStatement>::read(envelope.as_bytes())?;
    let claimed = read.statement();
    let device = Device {
        app: word("the app's id", app_id)?,
        release: claimed.release.clone(),
        base_size_bytes: 0,
        snapshot: Snapshot {
            features: Vec::new(),
            version: word("the version", "none")?,
        },
    };
    let question = Question {
        channel: claimed.channel.clone(),
        freshness: Freshness::Expiry,
        now_s: shapes::count(now_s()),
    };
    Ok(Verifier::new(&device, root)?
        .channel(envelope.as_bytes(), &question)?
        .statement)
}
