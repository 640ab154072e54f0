//! Both views and both inverses say the same of whatever files.

use proptest::prelude::*;

use super::made::pair;
use super::{inverse, view};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn both_views_of_a_file_are_the_same(pair in pair()) {
        let (_, side) = pair.side();
        view(&pair.base.bytes, &side);
    }

    #[test]
    fn a_file_comes_back_from_both_inverses(pair in pair(), step in 1..9000_usize) {
        let (seen, side) = pair.side();
        let output = inverse(&seen, &pair.base.bytes, &side, step);
        prop_assert!(output.as_ref() == Some(&pair.new.bytes));
    }
}
