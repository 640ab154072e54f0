//! Answers with a file: validators, conditions and parts, by RFC 9110.

use axum::body::Body;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::device_side::range::{Part, part};

/// What is known of a file before its bytes are read.
pub(super) struct Entity<'a> {
    /// What tells its bytes from any others: with its quotes.
    pub(super) etag: String,
    /// How many bytes it has.
    pub(super) size_bytes: u64,
    /// What it is.
    pub(super) content_type: &'static str,
    /// How long others may keep it.
    pub(super) cache_control: &'static str,
    /// The request's head.
    pub(super) method: &'a Method,
    /// The request's headers.
    pub(super) headers: &'a HeaderMap,
}

/// What to do for a request.
pub(super) enum Wanted {
    /// All is said in the head.
    Head(Response<Body>),
    /// The head, and the bytes that are to follow it.
    Bytes(http::response::Builder, std::ops::Range<u64>),
}

impl Entity<'_> {
    /// What the request asks of this file.
    pub(super) fn wanted(&self) -> Wanted {
        if self.is_known() {
            return Wanted::Head(empty(self.head(StatusCode::NOT_MODIFIED)));
        }
        match self.part() {
            Part::Nothing => {
                let head = self
                    .head(StatusCode::RANGE_NOT_SATISFIABLE)
                    .header(CONTENT_RANGE, format!("bytes */{}", self.size_bytes))
                    // It is about the question, not about the file.
                    .header(CONTENT_LENGTH, 0);
                Wanted::Head(empty(head))
            }
            Part::Whole => self.bytes(self.head(StatusCode::OK), 0..self.size_bytes),
            Part::Bytes(bytes) => {
                let last = bytes.end.saturating_sub(1);
                let found = format!("bytes {}-{last}/{}", bytes.start, self.size_bytes);
                let head = self.head(StatusCode::PARTIAL_CONTENT);
                self.bytes(head.header(CONTENT_RANGE, found), bytes)
            }
        }
    }

    fn bytes(&self, head: http::response::Builder, bytes: std::ops::Range<u64>) -> Wanted {
        let head = head
            .header(CONTENT_LENGTH, bytes.end.saturating_sub(bytes.start))
            .header(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        match *self.method == Method::HEAD {
            true => Wanted::Head(empty(head)),
            false => Wanted::Bytes(head, bytes),
        }
    }

    fn head(&self, status: StatusCode) -> http::response::Builder {
        Response::builder()
            .status(status)
            .header(ETAG, self.etag.as_str())
            .header(ACCEPT_RANGES, HeaderValue::from_static("bytes"))
            .header(CACHE_CONTROL, HeaderValue::from_static(self.cache_control))
    }

    /// Whether the client has this very file. `W/` makes no difference here.
    fn is_known(&self) -> bool {
        let tags = self.headers.get_all(IF_NONE_MATCH).into_iter();
        tags.filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag)
    }

    fn part(&self) -> Part {
        // Only GET has a meaning for parts.
        let range = self.text(&RANGE).filter(|_| *self.method == Method::GET);
        let Some(range) = range else {
            return Part::Whole;
        };
        // The rest is of use behind the same beginning alone. A date is no proof of that: no file
        // here has one.
        let is_same = self
            .headers
            .get(IF_RANGE)
            .is_none_or(|tag| tag == self.etag.as_str());
        match is_same {
            true => part(range, self.size_bytes),
            false => Part::Whole,
        }
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A response without a body.
fn empty(head: http::response::Builder) -> Response<Body> {
    // Every header above is made of digits, hex and constants.
    head.body(Body::empty()).unwrap_or_default()
}

/// What never changes: a hash names it.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What changes seldom, and soon enough is seen to.
pub(super) const AN_HOUR: &str = "public, max-age=3600";
/// What has to be asked for again soon: a choice.
pub(super) const A_MINUTE: &str = "public, max-age=60, must-revalidate";

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"0a\"";

    /// The status, `Content-Range` and `Content-Length`, and which bytes follow.
    fn answer(
        method: &Method,
        headers: &[(HeaderName, &str)],
    ) -> (
        u16,
        Option<String>,
        Option<String>,
        Option<std::ops::Range<u64>>,
    ) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect();
        let entity = Entity {
            etag: TAG.to_owned(),
            size_bytes: 10,
            content_type: "application/octet-stream",
            cache_control: FOR_EVER,
            method,
            headers: &headers,
        };
        let (response, bytes) = match entity.wanted() {
            Wanted::Head(response) => (response, None),
            Wanted::Bytes(head, bytes) => (head.body(Body::empty()).unwrap(), Some(bytes)),
        };
        let text = |name: &HeaderName| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        assert_eq!(text(&ETAG).as_deref(), Some(TAG));
        let status = response.status().as_u16();
        (status, text(&CONTENT_RANGE), text(&CONTENT_LENGTH), bytes)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_plain_question_gets_all_of_it() {
        assert_eq!(
            answer(&Method::GET, &[]),
            (200, None, some("10"), Some(0..10))
        );
    }

    #[test]
    fn a_part_says_where_it_lies() {
        let found = answer(&Method::GET, &[(RANGE, "bytes=4-")]);
        assert_eq!(found, (206, some("bytes 4-9/10"), some("6"), Some(4..10)));
    }

    #[test]
    fn what_is_not_there_is_416_with_the_size() {
        let found = answer(&Method::GET, &[(RANGE, "bytes=10-")]);
        assert_eq!(found, (416, some("bytes */10"), some("0"), None));
    }

    #[test]
    fn a_part_behind_another_beginning_is_all_of_it() {
        for tag in ["\"0b\"", "W/\"0a\"", "Sun, 06 Nov 1994 08:49:37 GMT", "*"] {
            let found = answer(&Method::GET, &[(RANGE, "bytes=4-"), (IF_RANGE, tag)]);
            assert_eq!((found.0, found.3), (200, Some(0..10)), "{tag}");
        }
        let found = answer(&Method::GET, &[(RANGE, "bytes=4-"), (IF_RANGE, TAG)]);
        assert_eq!(found.0, 206);
    }

    #[test]
    fn who_has_it_gets_no_bytes() {
        for tags in [TAG, "*", "\"0b\", \"0a\"", "W/\"0a\""] {
            let found = answer(&Method::GET, &[(IF_NONE_MATCH, tags), (RANGE, "bytes=99-")]);
            assert_eq!((found.0, found.3), (304, None), "{tags}");
        }
        assert_eq!(answer(&Method::GET, &[(IF_NONE_MATCH, "\"0b\"")]).0, 200);
    }

    #[test]
    fn a_head_is_that_of_the_whole_file() {
        let found = answer(&Method::HEAD, &[(RANGE, "bytes=4-")]);
        assert_eq!(found, (200, None, some("10"), None));
    }
}
