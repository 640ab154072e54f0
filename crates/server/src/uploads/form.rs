//! Multipart forms: of a few fields, or with one file.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::BoxError;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use futures_util::{Stream, StreamExt as _, stream};
use http::StatusCode;

use super::inbox::{Announced, Arrived, Inbox};
use crate::http::Fault;

/// The fields of a form, by their names; files among them are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The field of this name.
    ///
    /// # Errors
    ///
    /// Where it is missing.
    pub fn text(&self, name: &'static str) -> Result<String, Fault> {
        self.optional(name)
            .ok_or_else(|| Fault::bad_request(format!("the form has no field `{name}`: add it")))
    }

    /// The field of this name, if it is there.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// The field of this name, which is one of the words, numbers or truth values that JSON has.
    ///
    /// # Errors
    ///
    /// Where it is missing, or none of them.
    pub fn read<T: serde::de::DeserializeOwned>(&self, name: &'static str) -> Result<T, Fault> {
        let text = self.text(name)?;
        // A number or a truth value stands for itself, any other text is a word.
        serde_json::from_str(&text)
            .or_else(|_| serde_json::from_value(serde_json::Value::String(text.clone())))
            .map_err(|error| {
                let found: String = text.chars().take(SHOWN_CHARS).collect();
                Fault::bad_request(format!("the form's field `{name}` is `{found}`: {error}"))
            })
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let mut form = form(request, state, &Arc::default()).await?;
        let mut fields = BTreeMap::new();
        let mut left = FIELDS_BYTES_MAX;
        while let Some(field) = form
            .next_field()
            .await
            .map_err(|error| unreadable(&error))?
        {
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = field.file_name().is_some();
            let bytes = whole(field, &mut left).await?;
            if is_file {
                continue;
            }
            let text = String::from_utf8(bytes).ok().filter(|text| is_clean(text));
            let Some(text) = text.filter(|_| is_clean(&name)) else {
                return Err(Fault::bad_request(
                    "a field of the form is no UTF-8 text, or has a NUL in it: mend it",
                ));
            };
            if fields.len() >= FIELDS_MAX || fields.insert(name, text).is_some() {
                return Err(Fault::bad_request(format!(
                    "the form has a field twice, or more than {FIELDS_MAX} fields"
                )));
            }
        }
        Ok(Self(fields))
    }
}

/// Takes in the one file of a form, whatever its field is called.
///
/// # Errors
///
/// Where there is no form, or no file in it; and as [`Inbox::take`].
pub async fn file_of_form(
    request: Request,
    inbox: &Inbox,
    announced: &Announced,
) -> Result<Arrived, Fault> {
    let file_began = Arc::default();
    let mut form = form(request, &(), &file_began).await?;
    let mut left = FIELDS_BYTES_MAX;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| unreadable(&error))?
    {
        if field.file_name().is_some() {
            file_began.store(true, Ordering::Relaxed);
            return inbox.take(pieces(field), announced).await;
        }
        whole(field, &mut left).await?;
    }
    Err(Fault::bad_request(
        "the form has no file in it: send the artifact as one, or as the body of a PUT",
    ))
}

async fn form<S: Send + Sync>(
    request: Request,
    state: &S,
    file_began: &Arc<AtomicBool>,
) -> Result<Multipart, Fault> {
    let file_began = Arc::clone(file_began);
    let request = request.map(|body| bounded(body, file_began));
    Multipart::from_request(request, state)
        .await
        .map_err(|error| {
            Fault::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                format!(
                    "expected a body of the type multipart/form-data: {}",
                    error.body_text()
                ),
            )
        })
}

/// The same body, which ends with an error where no file begins for too long. Whatever reads the
/// form keeps the head of a part until it has all of it, however long it is.
fn bounded(body: Body, file_began: Arc<AtomicBool>) -> Body {
    let start = (body.into_data_stream(), 0_usize);
    let pieces = stream::try_unfold(start, move |(mut pieces, bytes_before)| {
        let file_began = Arc::clone(&file_began);
        async move {
            // It takes all that is ready before it looks at any of it.
            tokio::task::yield_now().await;
            if bytes_before > FORM_BYTES_MAX && !file_began.load(Ordering::Relaxed) {
                let why = format!("nothing but a file is longer than {FORM_BYTES_MAX} bytes");
                return Err(BoxError::from(why));
            }
            let Some(piece) = pieces.next().await.transpose()? else {
                return Ok(None);
            };
            let bytes_before = bytes_before.saturating_add(piece.len());
            Ok(Some((piece, (pieces, bytes_before))))
        }
    });
    Body::from_stream(pieces)
}

fn pieces(field: Field<'_>) -> impl Stream<Item = Result<axum::body::Bytes, MultipartError>> {
    stream::unfold(field, async |mut field| {
        let piece = field.chunk().await.transpose()?;
        Some((piece, field))
    })
}

/// A field's bytes, as far as all fields together may have.
async fn whole(field: Field<'_>, left: &mut usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let mut pieces = std::pin::pin!(pieces(field));
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| unreadable(&error))?;
        *left = left.checked_sub(piece.len()).ok_or_else(too_large)?;
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn is_clean(text: &str) -> bool {
    !text.contains('\0')
}

fn unreadable(error: &MultipartError) -> Fault {
    Fault::bad_request(format!("the form cannot be read: {}", error.body_text()))
}

fn too_large() -> Fault {
    Fault::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("the fields of the form have more than {FIELDS_BYTES_MAX} bytes: shorten them"),
    )
}

const FIELDS_MAX: usize = 32;
const FIELDS_BYTES_MAX: usize = 64 << 10;
/// The fields, and as much again for the heads of their parts.
const FORM_BYTES_MAX: usize = 2 * FIELDS_BYTES_MAX;
const SHOWN_CHARS: usize = 100;
