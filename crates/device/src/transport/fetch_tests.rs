//! Fetching over transports that fail by a script.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use super::*;

const FILE: &[u8] = b"0123456789";
const ETAG: &str = "\"one\"";

/// What the transport does at one call; then it remembers what it was asked for.
type Step = Box<dyn FnMut(&Wanted<'_>, &mut dyn Sink) -> Result<(), TransportError> + Send>;

#[derive(Default)]
struct Script {
    steps: Mutex<VecDeque<Step>>,
    asked: Mutex<Vec<(u64, Option<String>)>>,
}

impl Script {
    fn then(
        self,
        step: impl FnMut(&Wanted<'_>, &mut dyn Sink) -> Result<(), TransportError> + Send + 'static,
    ) -> Self {
        self.steps.lock().expect("alone").push_back(Box::new(step));
        self
    }

    fn asked(&self) -> Vec<(u64, Option<String>)> {
        self.asked.lock().expect("alone").clone()
    }
}

impl Transport for Script {
    fn post(&self, _: &str, _: &[u8], _: u64, _: &Cancel) -> Result<Vec<u8>, TransportError> {
        Err(TransportError::Cancelled)
    }

    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        _: &Cancel,
    ) -> Result<(), TransportError> {
        let asked = (wanted.from_bytes, wanted.if_range.map(str::to_owned));
        self.asked.lock().expect("alone").push(asked);
        let step = self.steps.lock().expect("alone").pop_front();
        step.expect("a step for each try")(wanted, sink)
    }
}

/// Keeps bytes as a file would.
#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    begun: Vec<Begun>,
    fails: bool,
}

impl Sink for Kept {
    fn begin(&mut self, begun: Begun) -> Result<(), SinkError> {
        self.bytes
            .truncate(usize::try_from(begun.from_bytes).expect("small"));
        self.begun.push(begun);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        if self.fails {
            return Err(SinkError::new("full"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

fn begun(from_bytes: u64, etag: &str) -> Begun {
    Begun::new(from_bytes, Some(10), Some(etag.to_owned()))
}

/// Sends the file from `from` up to `to`, then ends as it is told.
fn part(
    from: usize,
    to: usize,
    end: fn() -> Result<(), TransportError>,
) -> impl FnMut(&Wanted<'_>, &mut dyn Sink) -> Result<(), TransportError> {
    move |_, sink| {
        let begun = begun(u64::try_from(from).expect("small"), ETAG);
        sink.begin(begun).map_err(TransportError::Sink)?;
        sink.bytes(&FILE[from..to]).map_err(TransportError::Sink)?;
        end()
    }
}

fn cut() -> Result<(), TransportError> {
    Err(TransportError::Unreachable { why: "cut".into() })
}

fn run(script: &Script, have: Have, sink: &mut Kept) -> Result<Have, TransportError> {
    let mut what = Fetch::new("https://a.example/", 10);
    what.have = have;
    what.retries.pause = Duration::from_micros(1);
    what.retries.pause_max = Duration::from_micros(1);
    fetch(script, &what, sink, &Cancel::new())
}

fn resuming(bytes: u64) -> (Have, Kept) {
    let mut kept = Kept::default();
    kept.bytes
        .extend_from_slice(&FILE[..usize::try_from(bytes).expect("small")]);
    (Have::new(bytes, Some(ETAG.into()), Some(10)), kept)
}

#[test]
fn a_cut_download_goes_on_where_it_stopped() {
    let script = Script::default()
        .then(part(0, 4, cut))
        .then(part(4, 7, cut));
    let script = script.then(part(7, 10, || Ok(())));
    let mut kept = Kept::default();
    let have = run(&script, Have::default(), &mut kept).expect("all of it");
    assert_eq!(kept.bytes, FILE);
    assert_eq!(have, Have::new(10, Some(ETAG.into()), Some(10)));
    let etag = Some(ETAG.to_owned());
    assert_eq!(script.asked(), [(0, None), (4, etag.clone()), (7, etag)]);
}

#[test]
fn what_a_former_run_left_is_gone_on_with() {
    let script = Script::default().then(part(6, 10, || Ok(())));
    let (have, mut kept) = resuming(6);
    run(&script, have, &mut kept).expect("all of it");
    assert_eq!(kept.bytes, FILE);
}

#[test]
fn what_is_all_there_is_not_asked_for() {
    let (have, mut kept) = resuming(10);
    let script = Script::default();
    assert_eq!(
        run(&script, have.clone(), &mut kept).expect("all of it"),
        have
    );
    assert!(script.asked().is_empty());
}

#[test]
fn without_a_strong_etag_all_is_asked_for_anew() {
    for etag in [
        None,
        Some("W/\"one\"".to_owned()),
        Some("\"a\r\nX: b\"".to_owned()),
    ] {
        let script = Script::default().then(part(0, 10, || Ok(())));
        let (mut have, mut kept) = resuming(6);
        have.etag = etag;
        run(&script, have, &mut kept).expect("all of it");
        assert_eq!(script.asked(), [(0, None)]);
        assert_eq!(kept.bytes, FILE);
    }
}

#[test]
fn a_range_past_the_end_begins_anew_once() {
    let past = |wanted: &Wanted<'_>, _: &mut dyn Sink| {
        Err(TransportError::RangeNotSatisfied {
            from_bytes: wanted.from_bytes,
        })
    };
    let script = Script::default().then(past).then(part(0, 10, || Ok(())));
    let (have, mut kept) = resuming(6);
    run(&script, have, &mut kept).expect("all of it");
    assert_eq!(kept.bytes, FILE);

    let script = Script::default()
        .then(past)
        .then(part(0, 2, cut))
        .then(past);
    let (have, mut kept) = resuming(6);
    let found = run(&script, have, &mut kept);
    assert!(
        matches!(found, Err(TransportError::RangeNotSatisfied { .. })),
        "{found:?}"
    );
    assert_eq!(script.asked().len(), 3);
}

#[test]
fn another_file_is_never_joined_to_the_beginning() {
    let lies: [(Begun, &str); 3] = [
        (begun(6, "\"two\""), "another ETag"),
        (Begun::new(6, Some(9), Some(ETAG.into())), "another length"),
        (begun(5, ETAG), "another place"),
    ];
    for (lie, name) in lies {
        let lying = move |_: &Wanted<'_>, sink: &mut dyn Sink| {
            sink.begin(lie.clone()).map_err(TransportError::Sink)
        };
        let script = Script::default().then(lying).then(part(0, 10, || Ok(())));
        let (have, mut kept) = resuming(6);
        run(&script, have, &mut kept).expect("all of it, anew");
        assert_eq!(
            script.asked(),
            [(6, Some(ETAG.to_owned())), (0, None)],
            "{name}"
        );
        assert_eq!(kept.bytes, FILE, "{name}");
        assert_eq!(
            kept.begun.len(),
            1,
            "{name}: the sink never heard of the lie"
        );
    }
}

#[test]
fn all_of_a_changed_file_takes_the_place_of_the_beginning() {
    let new = |_: &Wanted<'_>, sink: &mut dyn Sink| {
        let begun = Begun::new(0, Some(3), Some("\"two\"".into()));
        sink.begin(begun).map_err(TransportError::Sink)?;
        sink.bytes(b"new").map_err(TransportError::Sink)
    };
    let (have, mut kept) = resuming(6);
    let have = run(&Script::default().then(new), have, &mut kept).expect("all of it");
    assert_eq!(kept.bytes, b"new");
    assert_eq!(have.etag.as_deref(), Some("\"two\""));
}

#[test]
fn a_transport_that_ends_early_and_says_all_is_well_is_not_believed() {
    let script = Script::default()
        .then(part(0, 4, || Ok(())))
        .then(part(4, 10, || Ok(())));
    let mut kept = Kept::default();
    run(&script, Have::default(), &mut kept).expect("all of it");
    assert_eq!(kept.bytes, FILE);
}

#[test]
fn more_bytes_than_said_or_allowed_do_not_reach_the_sink() {
    for total in [Some(4), None] {
        let endless = move |_: &Wanted<'_>, sink: &mut dyn Sink| {
            let begun = Begun::new(0, total, None);
            sink.begin(begun).map_err(TransportError::Sink)?;
            loop {
                sink.bytes(b"xxx").map_err(TransportError::Sink)?;
            }
        };
        let mut kept = Kept::default();
        let found = run(&Script::default().then(endless), Have::default(), &mut kept);
        assert!(
            matches!(found, Err(TransportError::TooLarge { .. })),
            "{found:?}"
        );
        assert!(kept.bytes.len() <= 10);
    }
}

#[test]
fn a_full_disk_is_not_tried_again() {
    let script = Script::default().then(part(0, 4, || Ok(())));
    let mut kept = Kept {
        fails: true,
        ..Kept::default()
    };
    let found = run(&script, Have::default(), &mut kept);
    assert!(matches!(found, Err(TransportError::Sink(_))), "{found:?}");
}

#[test]
fn tries_are_bounded_and_the_last_error_is_told() {
    let mut script = Script::default();
    for _ in 0..5 {
        script = script.then(part(0, 0, cut));
    }
    let found = run(&script, Have::default(), &mut Kept::default());
    assert!(
        matches!(found, Err(TransportError::Unreachable { .. })),
        "{found:?}"
    );
    assert_eq!(script.asked().len(), 5);
}

#[test]
fn nothing_is_asked_once_cancelled() {
    let (script, cancel) = (Script::default(), Cancel::new());
    cancel.cancel();
    let found = fetch(
        &script,
        &Fetch::new("https://a/", 1),
        &mut Kept::default(),
        &cancel,
    );
    assert!(matches!(found, Err(TransportError::Cancelled)), "{found:?}");
    assert!(script.asked().is_empty());
}
