//! Streams that lie: refused by both in the same way, or harmless to both in the same way.

use proptest::prelude::*;

use super::made::pair;
use super::{inverse, view};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_spoiled_stream_means_the_same_to_both(
        pair in pair(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let (seen, mut side) = pair.side();
        let at = at.index(side.len());
        if cut {
            side.truncate(at);
        } else {
            side[at] = byte;
        }
        view(&pair.base.bytes, &side);
        inverse(&seen, &pair.base.bytes, &side, 1000);
    }

    #[test]
    fn spoiled_seen_bytes_mean_the_same_to_both(
        pair in pair(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let (mut seen, side) = pair.side();
        let at = at.index(seen.len());
        if cut {
            seen.truncate(at);
        } else {
            seen[at] = byte;
        }
        inverse(&seen, &pair.base.bytes, &side, 1000);
    }

    #[test]
    fn another_base_means_the_same_to_both(
        pair in pair(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let (seen, side) = pair.side();
        let mut base = pair.base.bytes;
        let at = at.index(base.len());
        base[at] = byte;
        view(&base, &side);
        inverse(&seen, &base, &side, 1000);
    }

    #[test]
    fn rubbish_is_no_stream(side in proptest::collection::vec(any::<u8>(), 0..40)) {
        view(&[0; 100], &side);
        inverse(&[0; 100], &[0; 100], &side, 7);
    }
}
