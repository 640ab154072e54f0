//! The same inputs give the same bytes, however often and from however many threads.

use std::thread;

use patchproof_patch::{CodecChoice, MakeOptions, make_with};

use crate::pairs::{Pair, fixed_pair};

#[test]
fn a_patch_is_the_same_bytes_on_every_thread_and_every_time() {
    let choices = [CodecChoice::Zstd, CodecChoice::Brotli, CodecChoice::Auto];
    let all = choices.map(MakeOptions::patchproof);
    let Pair { base, new } = &fixed_pair(40_000);
    for options in all.into_iter().chain([MakeOptions::shorebird()]) {
        let made = || make_with(base, new, options).unwrap();
        let first = made();
        assert!(first == made(), "{options:?}, again on one thread");
        thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(made)).collect();
            for thread in threads {
                assert!(
                    first == thread.join().unwrap(),
                    "{options:?}, beside others"
                );
            }
        });
    }
}
