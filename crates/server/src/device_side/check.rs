//! `POST /api/v1/patches/check`: answered out of memory.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request};

use crate::device_side::answer::Answer;
use crate::device_side::body;
use crate::device_side::question::Question;
use crate::http::Fault;
use crate::serving::App;
use crate::signing::Live;
use crate::view::{Asking, Reach};

/// Answers a device: whatever this server does not know has no patch.
pub(super) async fn check(
    State(app): State<Arc<App>>,
    request: Request<Body>,
) -> Result<Response, Fault> {
    let body = body::read(request.into_body(), BODY_BYTES_MAX).await?;
    let question = Question::read(&body)?;
    let json = answer(&app, &question).await?;
    let json_type = HeaderValue::from_static("application/json");
    Ok(([(CONTENT_TYPE, json_type)], json).into_response())
}

async fn answer(app: &App, question: &Question<'_>) -> Result<Vec<u8>, Fault> {
    let now_s = crate::device_side::now_s();
    let Some(view) = app.views.of(&question.app_id) else {
        app.metrics.checked(false, false);
        return Ok(Answer::new("", None, &[], None).to_json());
    };
    let track = view.track(
        &question.release_version,
        &question.platform,
        &question.arch,
        &question.channel,
    );
    let offer = track.and_then(|track| track.answer(&asking(question), now_s));
    let statement = match &question.signed {
        Some(signed) => {
            let live = Live {
                channel: &question.channel,
                release_sha256: signed.release_sha256,
                nonce: signed.nonce,
            };
            app.signing.live(app, &view, &live, now_s).await?
        }
        None => None,
    };
    let rolled_back = view.rolled_back(&question.release_version);
    let answer = Answer::new(&app.public_url, offer, rolled_back, statement.as_deref());
    app.metrics.checked(answer.is_offer(), statement.is_some());
    Ok(answer.to_json())
}

fn asking<'a>(question: &'a Question<'_>) -> Asking<'a> {
    let reach = match (&question.signed, &question.client_id) {
        (Some(_), _) => Reach::Any,
        (None, Some(client_id)) => Reach::Client(client_id.as_bytes()),
        (None, None) => Reach::Unnamed,
    };
    Asking {
        app_id: &question.app_id,
        reach,
        above: (question.above > 0).then_some(question.above),
        runs_sha256: question.runs,
    }
}

/// Ten times what the longest honest question has.
const BODY_BYTES_MAX: usize = 16 << 10;
