//! Downloads: named by their hash, in parts or whole, and kept by caches for ever.

use libtest_mimic::Failed;
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::servers::{Answer, Client};
use patchproof_tests::trials::same;

use crate::Claim;
use crate::stage::Stand;
use crate::world::sha256;

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 8] = claims![
        a_whole_download_says_that_it_never_changes
        a_head_says_what_a_get_would_and_sends_nothing
        each_part_that_is_asked_for_is_that_part
        what_lies_behind_the_end_is_416_with_the_size
        a_range_that_is_none_or_several_gives_the_whole
        a_part_is_given_only_where_the_beginning_was_of_the_same_file
        who_has_it_already_is_told_so
        what_is_not_there_is_404_and_not_kept_by_caches
    ];
    claims.to_vec()
}

/// A download that is there.
struct Subject {
    client: Client,
    path: String,
    bytes: Vec<u8>,
}

impl Subject {
    fn new(stand: &Stand) -> Result<Self, Failed> {
        let (app, release) = stand.world()?.released()?;
        app.publish(&release, 1, 1)?;
        let bytes = Library::patched(0, 1).patch.to_vec();
        Ok(Self {
            client: app.device,
            path: format!("/patchproof/v1/downloads/{}", sha256(&bytes)),
            bytes,
        })
    }

    fn tag(&self) -> String {
        format!("\"{}\"", sha256(&self.bytes))
    }

    fn ask(&self, method: &str, headers: &[(&str, &str)]) -> Result<Answer, Failed> {
        self.client.ask(method, &self.path, headers, &[])
    }

    fn get(&self, headers: &[(&str, &str)]) -> Result<Answer, Failed> {
        self.ask("GET", headers)
    }

    fn is_whole(&self, answer: &Answer) -> Result<(), Failed> {
        same((answer.status, &answer.body), (200, &self.bytes))?;
        self.is_named(answer)
    }

    fn is_named(&self, answer: &Answer) -> Result<(), Failed> {
        let found = HEADERS.map(|name| answer.header(name).to_owned());
        let expected = [
            self.tag(),
            "public, max-age=31536000, immutable".to_owned(),
            "bytes".to_owned(),
        ];
        same(found, expected)
    }
}

fn a_whole_download_says_that_it_never_changes(stand: &Stand) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    let answer = subject.get(&[])?;
    subject.is_whole(&answer)?;
    let length = subject.bytes.len().to_string();
    same(answer.header("content-length"), length.as_str())?;
    same(answer.header("content-type"), "application/octet-stream")?;
    same(answer.header("content-encoding"), "")
}

fn a_head_says_what_a_get_would_and_sends_nothing(stand: &Stand) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    let (head, get) = (subject.ask("HEAD", &[])?, subject.get(&[])?);
    same((head.status, head.body.len()), (200, 0))?;
    for name in ["content-length", "content-type"].iter().chain(&HEADERS) {
        same(head.header(name), get.header(name))?;
    }
    Ok(())
}

fn each_part_that_is_asked_for_is_that_part(stand: &Stand) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    let total = subject.bytes.len();
    let last = total - 1;
    for (range, first, end) in [
        ("bytes=0-0".to_owned(), 0, 1),
        ("bytes=0-".to_owned(), 0, total),
        ("bytes=7-".to_owned(), 7, total),
        (format!("bytes={last}-"), last, total),
        (format!("bytes={last}-{last}"), last, total),
        ("bytes=3-9".to_owned(), 3, 10),
        ("bytes=3-99999999".to_owned(), 3, total),
        ("bytes=-5".to_owned(), total - 5, total),
        ("bytes=-99999999".to_owned(), 0, total),
    ] {
        let answer = subject.get(&[("range", &range)])?;
        let part = subject.bytes.get(first..end).unwrap_or_default();
        same((&range, answer.status), (&range, 206))?;
        same((&range, answer.body.as_slice()), (&range, part))?;
        let said = format!("bytes {first}-{}/{total}", end - 1);
        same(answer.header("content-range"), said.as_str())?;
        same(
            answer.header("content-length"),
            part.len().to_string().as_str(),
        )?;
        subject.is_named(&answer)?;
    }
    Ok(())
}

fn what_lies_behind_the_end_is_416_with_the_size(stand: &Stand) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    let total = subject.bytes.len();
    for range in [
        format!("bytes={total}-"),
        format!("bytes={}-{}", total + 5, total + 9),
        "bytes=-0".to_owned(),
        "bytes=18446744073709551615-".to_owned(),
        "bytes=99999999999999999999999-".to_owned(),
    ] {
        let answer = subject.get(&[("range", &range)])?;
        same((&range, answer.status), (&range, 416))?;
        let said = format!("bytes */{total}");
        same(
            (&range, answer.header("content-range")),
            (&range, said.as_str()),
        )?;
    }
    Ok(())
}

fn a_range_that_is_none_or_several_gives_the_whole(stand: &Stand) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    for range in [
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=9-3",
    ] {
        let answer = subject.get(&[("range", range)])?;
        let said = subject.is_whole(&answer);
        said.map_err(|failed| format!("{range}: {failed:?}"))?;
    }
    Ok(())
}

fn a_part_is_given_only_where_the_beginning_was_of_the_same_file(
    stand: &Stand,
) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    let tag = subject.tag();
    let part = subject.get(&[("range", "bytes=5-"), ("if-range", &tag)])?;
    same(part.status, 206)?;
    let weak = format!("W/{tag}");
    for other in ["\"other\"", &weak, "Sun, 22 Nov 2026 00:00:00 GMT", "x"] {
        let whole = subject.get(&[("range", "bytes=5-"), ("if-range", other)])?;
        let said = subject.is_whole(&whole);
        said.map_err(|failed| format!("{other}: {failed:?}"))?;
    }
    Ok(())
}

fn who_has_it_already_is_told_so(stand: &Stand) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    let tag = subject.tag();
    let weak = format!("W/{tag}");
    let listed = format!("\"other\", {tag}");
    for have in [&tag, &weak, &listed, "*"] {
        for method in ["GET", "HEAD"] {
            let answer = subject.ask(method, &[("if-none-match", have)])?;
            same((have, answer.status, answer.body.len()), (have, 304, 0))?;
            same(answer.header("etag"), tag.as_str())?;
        }
    }
    subject.is_whole(&subject.get(&[("if-none-match", "\"other\"")])?)
}

fn what_is_not_there_is_404_and_not_kept_by_caches(stand: &Stand) -> Result<(), Failed> {
    let subject = Subject::new(stand)?;
    let zeros = "0".repeat(64);
    let upper = sha256(&subject.bytes).to_uppercase();
    for name in [
        zeros.as_str(),
        &upper,
        "short",
        "..%2f..%2fadmin.token",
        "%00",
    ] {
        let path = format!("/patchproof/v1/downloads/{name}");
        let answer = subject.client.get(&path)?;
        same((name, answer.status), (name, 404))?;
        let cached = answer.header("cache-control").contains("immutable");
        same((name, cached), (name, false))?;
    }
    Ok(())
}

const HEADERS: [&str; 3] = ["etag", "cache-control", "accept-ranges"];
