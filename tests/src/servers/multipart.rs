//! A form as Dart's `http` package writes it: that is what Shorebird's command line sends.

use std::fmt::Write as _;

/// Fields in their order, and at most one file behind them.
#[derive(Clone, Debug, Default)]
pub struct Form {
    body: Vec<u8>,
}

impl Form {
    /// One with these fields.
    #[must_use]
    pub fn of(fields: &[(&str, &str)]) -> Self {
        let mut text = String::new();
        for (name, value) in fields {
            // A String takes every write.
            let _ = write!(
                text,
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        let body = text.into_bytes();
        Self { body }
    }

    /// The same with a file.
    #[must_use]
    pub fn file(mut self, field: &str, name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-type: application/octet-stream\r\n\
             content-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
        );
        self.body.extend(head.into_bytes());
        self.body.extend(bytes);
        self.body.extend(b"\r\n");
        self
    }

    /// What goes into `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// The bytes of it.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        [
            self.body.as_slice(),
            format!("--{BOUNDARY}--\r\n").as_bytes(),
        ]
        .concat()
    }
}

const BOUNDARY: &str = "dart-http-boundary-Zq8vX.fU3p_0c-WmPcpX1jD2G9qkVhA7sB4yTzE6R5oNtLgI+wa";
