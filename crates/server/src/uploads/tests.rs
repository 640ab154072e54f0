//! What an inbox takes, and what it leaves behind.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Request};
use futures_util::{StreamExt as _, stream};
use http::header::CONTENT_TYPE;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::settings::Settings;

fn inbox(limit_bytes: u64) -> (tempfile::TempDir, Inbox) {
    let data = tempfile::tempdir().unwrap();
    let mut settings = Settings::local(data.path().to_owned());
    settings.limits.upload_bytes_max = limit_bytes;
    let inbox = Inbox::of(&settings);
    (data, inbox)
}

fn pieces(
    pieces: &[&'static [u8]],
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    let pieces: Vec<_> = pieces
        .iter()
        .map(|piece| Ok(Bytes::from_static(piece)))
        .collect();
    stream::iter(pieces)
}

fn files(data: &tempfile::TempDir) -> usize {
    let folder = std::fs::read_dir(data.path().join("incoming"));
    folder.map_or(0, Iterator::count)
}

fn announced(bytes: &[u8]) -> Announced {
    Announced {
        sha256: Some(hex::encode(Sha256::digest(bytes))),
        size_bytes: Some(bytes.len().try_into().unwrap()),
    }
}

#[tokio::test]
async fn a_file_that_is_what_was_announced_lies_there_until_it_is_dropped() {
    let (data, inbox) = inbox(100);
    let arrived = inbox
        .take(pieces(&[b"ab", b"", b"c"]), &announced(b"abc"))
        .await
        .unwrap();
    assert_eq!(std::fs::read(&arrived.path).unwrap(), b"abc");
    assert_eq!(arrived.size_bytes, 3);
    drop(arrived);
    assert_eq!(files(&data), 0);
}

#[tokio::test]
async fn other_bytes_than_announced_are_refused_and_leave_nothing() {
    let (data, inbox) = inbox(100);
    let fault = inbox
        .take(pieces(&[b"abd"]), &announced(b"abc"))
        .await
        .unwrap_err();
    assert_eq!((fault.status.as_u16(), fault.code), (422, "hash_mismatch"));
    assert_eq!(files(&data), 0);
}

#[tokio::test]
async fn a_byte_too_many_or_too_few_is_refused() {
    let (_data, inbox) = inbox(100);
    let files: [&[&'static [u8]]; 3] = [&[b"abcd"], &[b"ab"], &[]];
    for file in files {
        let fault = inbox
            .take(pieces(file), &announced(b"abc"))
            .await
            .unwrap_err();
        assert_eq!((fault.status.as_u16(), fault.code), (422, "size_mismatch"));
    }
}

#[tokio::test]
async fn nothing_larger_than_the_server_takes_is_begun() {
    let (data, inbox) = inbox(2);
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"a")));
    let fault = inbox
        .take(endless, &Announced::default())
        .await
        .unwrap_err();
    assert_eq!(fault.status.as_u16(), 413);
    let never = stream::pending::<Result<Bytes, std::io::Error>>();
    let fault = inbox.take(never, &announced(b"abc")).await.unwrap_err();
    assert_eq!(fault.status.as_u16(), 413);
    assert_eq!(files(&data), 0);
}

#[tokio::test]
async fn what_a_killed_server_left_is_thrown_away() {
    let (data, inbox) = inbox(2);
    inbox.empty_file().unwrap().keep().unwrap();
    assert_eq!(files(&data), 1);
    inbox.clear();
    assert_eq!(files(&data), 0);
}

fn form(kind: &str, body: &'static str) -> Request {
    let request = Request::post("/").header(CONTENT_TYPE, kind);
    request.body(Body::from(body)).unwrap()
}

const KIND: &str = "multipart/form-data; boundary=x";
const FIELDS: &str = "--x\r\ncontent-disposition: form-data; name=\"arch\"\r\n\r\narm\r\n--x\r\n\
    content-disposition: form-data; name=\"size\"\r\n\r\n7\r\n--x--\r\n";
const FILE: &str = "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x\r\n\
    content-disposition: form-data; name=\"any\"; filename=\"f\"\r\n\r\nabc\r\n--x--\r\n";

#[tokio::test]
async fn fields_of_a_form_are_words_and_numbers() {
    let fields = Fields::from_request(form(KIND, FIELDS), &()).await.unwrap();
    assert_eq!(fields.text("arch").unwrap(), "arm");
    assert_eq!(fields.read::<u64>("size").unwrap(), 7);
    assert_eq!(fields.read::<u64>("arch").unwrap_err().status, 400);
    assert_eq!(fields.text("none").unwrap_err().status, 400);
}

#[tokio::test]
async fn the_file_of_a_form_is_found_behind_its_fields() {
    let (_data, inbox) = inbox(100);
    let arrived = file_of_form(form(KIND, FILE), &inbox, &announced(b"abc"))
        .await
        .unwrap();
    assert_eq!(std::fs::read(&arrived.path).unwrap(), b"abc");
    let fault = file_of_form(form(KIND, FIELDS), &inbox, &announced(b"abc"))
        .await
        .unwrap_err();
    assert_eq!(fault.status.as_u16(), 400);
}

fn form_of(begin: &'static str, pieces: usize, end: &'static str) -> Request {
    let piece = Bytes::from_static(&[b'a'; 1000]);
    let middle = stream::repeat(piece).take(pieces);
    let all = stream::iter([begin.into()])
        .chain(middle)
        .chain(stream::iter([end.into()]));
    let request = Request::post("/").header(CONTENT_TYPE, KIND);
    let body = Body::from_stream(all.map(Ok::<_, std::io::Error>));
    request.body(body).unwrap()
}

const NAME: &str = "--x\r\ncontent-disposition: form-data; name=\"";
const BEGIN: &str = "--x\r\ncontent-disposition: form-data; name=\"any\"; filename=\"f\"\r\n\r\n";

#[tokio::test]
async fn a_form_that_never_comes_to_its_point_is_refused() {
    let (_data, inbox) = inbox(1 << 30);
    for begin in ["", NAME] {
        let endless = || form_of(begin, usize::MAX, "");
        let fault = Fields::from_request(endless(), &()).await.unwrap_err();
        assert_eq!(fault.status.as_u16(), 400, "{begin}");
        let expected = Announced::default();
        let fault = file_of_form(endless(), &inbox, &expected)
            .await
            .unwrap_err();
        assert_eq!(fault.status.as_u16(), 400, "{begin}");
    }
}

#[tokio::test]
async fn the_file_of_a_form_may_be_long() {
    let (_data, inbox) = inbox(1 << 20);
    let expected = announced(&[b'a'; 300_000]);
    let arrived = file_of_form(form_of(BEGIN, 300, "\r\n--x--\r\n"), &inbox, &expected);
    assert_eq!(arrived.await.unwrap().size_bytes, 300_000);
}

#[tokio::test]
async fn another_type_of_body_is_415_and_a_broken_form_400() {
    let fault = Fields::from_request(form("application/json", "{}"), &())
        .await
        .unwrap_err();
    assert_eq!(fault.status.as_u16(), 415);
    for body in [
        "",
        "--x\r\n",
        "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n",
    ] {
        let fault = Fields::from_request(form(KIND, body), &())
            .await
            .unwrap_err();
        assert_eq!(fault.status.as_u16(), 400, "{body}");
    }
    let nul = "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n\0\r\n--x--\r\n";
    assert_eq!(
        Fields::from_request(form(KIND, nul), &())
            .await
            .unwrap_err()
            .status,
        400
    );
}
