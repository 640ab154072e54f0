//! Archives made at random: right ones are read as what was put in, and a lie is never believed by
//! one reader alone.

use patchproof_testkit::oracles;
use proptest::prelude::*;

use crate::common::{files_of, open};
use crate::random_archive::archive;
use crate::random_lie::lie;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_right_archive_is_read_as_what_was_put_in(made in archive()) {
        let release = open(made.build());
        let release = release.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(files_of(&release), made.files());
    }

    #[test]
    fn a_right_archive_reads_alike_everywhere(made in archive()) {
        prop_assert_eq!(oracles::zip_disagreement(&made.build()), None);
    }

    #[test]
    fn one_lie_is_refused_or_read_alike_everywhere(
        made in archive(),
        lie in lie(),
        at in any::<usize>(),
    ) {
        let mut made = made;
        lie.tell(&mut made, at);
        prop_assert_eq!(oracles::zip_disagreement(&made.build()), None);
    }

    /// Whatever a lie is about, a part that is read holds what was put in under its name.
    #[test]
    fn one_lie_gives_no_part_another_content(
        made in archive(),
        lie in lie(),
        at in any::<usize>(),
    ) {
        let expected = made.files();
        let mut made = made;
        lie.tell(&mut made, at);
        let Ok(release) = open(made.build()) else {
            return Ok(());
        };
        for part in release.parts() {
            if let Ok(content) = release.read(part) {
                prop_assert_eq!(Some(&content), expected.get(&part.path));
            }
        }
    }
}
