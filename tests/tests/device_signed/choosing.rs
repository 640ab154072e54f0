//! What a channel chooses, and for whom.

use patchproof_device::{Ask, AtFault, Cancel, CheckError, Outcome, UpdateError};
use patchproof_protocol::statement_path;

use crate::stand::Stand;

#[test]
fn what_no_channel_offers_is_not_fetched() {
    let mut stand = Stand::new(Ask::Files);
    stand.put_up(1, 1);
    stand.choose(&[]);
    let updated = stand.update().unwrap();
    assert_eq!(updated.outcome, Outcome::UpToDate);
    stand.fetched_nothing();
}

#[test]
fn a_signed_withdrawal_is_carried_out_at_the_next_start() {
    let mut stand = Stand::new(Ask::Files);
    let (one, two) = (stand.put_up(1, 1), stand.put_up(2, 2));
    stand.choose(&[&one]);
    stand.installs().unwrap();
    stand.start().healthy().unwrap();
    stand.choose(&[&two]);
    stand.installs().unwrap();
    assert_eq!(stand.boots(), 2);
    stand.roll_back(&two);
    stand.update().unwrap();
    assert_eq!(stand.boots(), 1);
}

#[test]
fn a_withdrawal_is_carried_out_though_the_patch_beside_it_is_withheld() {
    let mut stand = Stand::new(Ask::Files);
    let (one, two) = (stand.put_up(1, 1), stand.put_up(2, 2));
    stand.choose(&[&one]);
    stand.installs().unwrap();
    stand.choose(&[&two]);
    stand.roll_back(&one);
    let path = statement_path(&two.name.to_string());
    stand.phone.server.take_away(&path);
    stand.refuses("there is no patch statement");
    assert_eq!(stand.boots(), 0);
}

#[test]
fn the_same_content_under_a_higher_number_is_not_fetched_again() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    let two = stand.put_up(2, 1);
    stand.choose(&[&two]);
    stand.phone.server.forget();
    stand.update().unwrap();
    stand.fetched_nothing();
    assert_eq!(stand.boots(), 2);
}

/// Nothing of this device tells a rollout who it is.
#[test]
fn a_rollout_reaches_the_phones_whose_bucket_is_below_it() {
    let reached = |basis_points: u16, seed: u64| {
        let mut stand = Stand::new(Ask::Files);
        stand.phone.machine =
            patchproof_rehearsal::SimMachine::new(stand.phone.machine.now_ms(), seed);
        let patch = stand.put_up(1, 1);
        stand.choose(&[&patch]);
        let mut statement = stand.publisher.channel(0, &stand.choice);
        statement.selected[0].rollout_basis_points = basis_points;
        stand
            .publisher
            .publish_channel(&stand.phone.server, &statement);
        stand.installs().is_ok()
    };
    let half: Vec<bool> = (1..=40).map(|seed| reached(5_000, seed)).collect();
    let count = half.iter().filter(|reached| **reached).count();
    assert!((10..=30).contains(&count), "{count} of 40");
    for (index, seed) in (1..=40).enumerate() {
        assert!(!half[index] || reached(7_500, seed), "{seed}");
        assert!(!reached(0, seed));
        assert!(reached(10_000, seed));
    }
}

#[test]
fn where_the_highest_number_failed_before_a_lower_one_is_taken() {
    let mut stand = Stand::new(Ask::Files);
    let (one, two) = (stand.put_up(1, 1), stand.put_up(2, 2));
    stand.choose(&[&one, &two]);
    assert_eq!(stand.installs(), Ok(2));
    stand.start().failed().unwrap();
    assert_eq!(stand.installs(), Ok(1));
    assert_eq!(stand.boots(), 1);
}

#[test]
fn a_choice_that_cannot_be_believed_hides_no_other() {
    let mut stand = Stand::new(Ask::Files);
    let (one, two) = (stand.put_up(1, 1), stand.put_up(2, 2));
    stand.choose(&[&one, &two]);
    let path = statement_path(&two.name.to_string());
    stand.phone.server.put(&path, &one.envelope);
    assert_eq!(stand.installs(), Ok(1));
}

#[test]
fn another_channel_than_the_settings_is_refused_before_anybody_is_asked() {
    let mut stand = Stand::new(Ask::Files);
    let one = stand.put_up(1, 1);
    stand.choose(&[&one]);
    let app = stand.start();
    let beta = Some("beta");
    let refused = app.updater.check_channel(beta, &Cancel::new()).unwrap_err();
    assert!(
        matches!(refused, CheckError::OtherChannel { .. }),
        "{refused}"
    );
    assert_eq!(refused.at_fault(), AtFault::App);
    let refused = app
        .updater
        .update_channel(beta, &Cancel::new(), &mut |_| {})
        .unwrap_err();
    let why = CheckError::OtherChannel {
        found: "beta".to_owned(),
        own: "stable".to_owned(),
    };
    assert_eq!(refused.to_string(), UpdateError::Check(why).to_string());
    assert!(stand.phone.server.asked().is_empty());
    let own = app.updater.check_channel(Some("stable"), &Cancel::new());
    assert_eq!(own.unwrap().available.unwrap().number, 1);
}
