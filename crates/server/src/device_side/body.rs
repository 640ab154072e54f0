//! The small bodies of devices, read whole within a time.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt as _;
use http::StatusCode;

use crate::http::Fault;

/// All of a body of at most so many bytes.
///
/// # Errors
///
/// Where it is longer, does not come in time, or ends early.
pub(super) async fn read(body: Body, bytes_max: usize) -> Result<Vec<u8>, Fault> {
    read_within(body, bytes_max, WITHIN).await
}

async fn read_within(body: Body, bytes_max: usize, within: Duration) -> Result<Vec<u8>, Fault> {
    let read = tokio::time::timeout(within, all(body, bytes_max)).await;
    read.unwrap_or_else(|_| {
        Err(Fault::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            format!("the body did not come within {} s", within.as_secs()),
        ))
    })
}

async fn all(body: Body, bytes_max: usize) -> Result<Vec<u8>, Fault> {
    let mut pieces = body.into_data_stream();
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece
            .map_err(|_| Fault::bad_request("the body ended before its end; send it again"))?;
        if all.len().saturating_add(piece.len()) > bytes_max {
            return Err(Fault::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                format!("the body has more than {bytes_max} bytes; no device sends as much"),
            ));
        }
        all.extend_from_slice(&piece);
    }
    Ok(all)
}

const WITHIN: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_body_may_be_as_long_as_the_limit_and_no_longer() {
        assert_eq!(read(Body::from("1234"), 4).await.unwrap(), b"1234");
        let refused = read(Body::from("12345"), 4).await.unwrap_err();
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>());
        let refused = read_within(never, 4, Duration::from_millis(10))
            .await
            .unwrap_err();
        assert_eq!(refused.status, StatusCode::REQUEST_TIMEOUT);
    }
}
