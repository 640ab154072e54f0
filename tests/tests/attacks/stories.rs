//! The attacks.

mod keys;
mod target;
mod time;

use crate::folder::Told;

pub(crate) const STORIES: &[fn() -> Told] = &[
    keys::forged_signatures,
    keys::stolen_channel_key_signs_a_patch,
    keys::one_patch_key_of_two,
    keys::one_root_key_of_two,
    keys::stripped_signature,
    keys::confused_payload_type,
    keys::shorebirds_unsigned_answer,
    time::replay_of_a_withdrawn_patch,
    time::two_choices_under_one_counter,
    time::freeze,
    time::answer_from_the_future,
    time::recorded_live_answer,
    time::file_in_place_of_a_live_answer,
    target::downgrade_below_the_floor,
    target::revoked_patch,
    target::revoked_after_its_install,
    target::patch_of_another_app,
    target::patch_of_another_release,
    target::another_channel,
    target::another_snapshot,
    target::another_base_size,
    target::mix_and_match,
    target::relabelled_number,
    time::root_rollback,
    time::expired_root,
    target::endless_data,
    target::other_bytes,
    time::fast_forward,
];

const CDN: &str = "the network or a CDN, without a key";
const CHANNEL_KEY: &str = "a server with the channel key";
const ROOT_KEYS: [&str; 2] = ["root-1", "root-2"];
const DAY_S: u64 = 24 * 60 * 60;
