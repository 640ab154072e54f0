//! Every limit holds at exactly its value, in every decoder.

use patchproof_patch::{
    InflateError, Inflation, Limit, Limits, StreamError, describe, make_with, plain, reference,
};

use crate::decoders::{FORMS, limits, streamed_by};
use crate::pairs::{Pair, fixed_pair};

fn refusals(base: &[u8], patch: &[u8], within: Limits) -> Vec<Option<InflateError>> {
    let streamed = match streamed_by(Inflation::within(within), &base, &patch) {
        Ok(_) => None,
        Err(StreamError::Inflate(error)) => Some(error),
        Err(other) => panic!("{other}"),
    };
    vec![plain::inflate(base, patch, within).err(), streamed]
}

#[test]
fn a_patch_that_needs_exactly_what_is_allowed_is_taken_and_one_byte_less_refuses_it() {
    let Pair { base, new } = fixed_pair(3000);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        let needed = describe(&patch, limits(&base)).unwrap();
        let mut exact = limits(&base);
        exact.output_bytes_max = needed.output_bytes;
        exact.stream_bytes_max = needed.stream_bytes;
        exact.records_max = needed.records;
        assert_eq!(refusals(&base, &patch, exact), [None, None], "{options:?}");
        let narrower = |narrow: fn(&mut Limits) -> &mut u64| {
            let mut less = exact;
            let value = narrow(&mut less);
            *value -= 1;
            (*value, less)
        };
        for (limit, (limit_value, less)) in [
            (Limit::OutputBytes, narrower(|it| &mut it.output_bytes_max)),
            (Limit::StreamBytes, narrower(|it| &mut it.stream_bytes_max)),
            (Limit::Records, narrower(|it| &mut it.records_max)),
        ] {
            let over = Some(InflateError::OverLimit { limit, limit_value });
            let found = refusals(&base, &patch, less);
            assert_eq!(found, [over.clone(), over], "{options:?}");
        }
    }
}

#[test]
fn a_window_over_its_limit_is_refused_by_both_and_by_the_decoder_on_devices() {
    let Pair { base, new } = fixed_pair(60_000);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        let mut narrow = limits(&base);
        narrow.window_log_max = 10;
        let limit = Limit::WindowBytes;
        let over = Some(InflateError::OverLimit {
            limit,
            limit_value: 1 << 10,
        });
        assert_eq!(
            refusals(&base, &patch, narrow),
            [over.clone(), over],
            "{options:?}"
        );
        if options == FORMS[0] {
            assert!(reference(&base, &patch, narrow).is_err());
        }
    }
}
