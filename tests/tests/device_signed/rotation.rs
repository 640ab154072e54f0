//! Roots that follow one another, and keys that were lost.

use patchproof_device::{Ask, Outcome};
use patchproof_testkit::phone::publisher::{Publisher, publish, put_root, rules};

use crate::stand::Stand;

const ROOT_KEYS: [&str; 2] = ["root-1", "root-2"];

/// The channel key is another one from now on.
fn replace_channel_key(stand: &mut Stand) {
    let publisher = stand.publisher;
    stand.rotate(|root| publisher.replace_channel_key(root), &ROOT_KEYS);
}

/// Ten roots, each with another root key in the place of the one before, so that root 11 has none
/// of root 1's threshold left.
fn ten_roots(stand: &mut Stand) {
    let publisher = stand.publisher;
    for step in 0..10 {
        let out = format!("root-{}", step + 1);
        let come = format!("root-{}", step + 4);
        // Two of the old three, two of the new three: the two that stay.
        let signers = [format!("root-{}", step + 2), format!("root-{}", step + 3)];
        let signers: Vec<&str> = signers.iter().map(String::as_str).collect();
        stand.rotate(
            |root| {
                root.roles.root.keys.remove(&publisher.id(&out));
                root.roles.root.keys.insert(publisher.id(&come));
                publisher.name_keys(root, &[&come]);
            },
            &signers,
        );
    }
}

#[test]
fn a_phone_that_slept_through_ten_roots_follows_them_all() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    ten_roots(&mut stand);
    let two = stand.put_up(2, 2);
    stand.choose(&[&two]);
    assert_eq!(stand.installs(), Ok(2));
    let asked = stand.phone.server.asked();
    let roots = asked.iter().filter(|url| url.contains("/roots/"));
    assert_eq!(
        roots.count(),
        1 + 11,
        "one look before, ten roots and a look after the last"
    );
}

#[test]
fn endless_roots_are_followed_in_bounded_steps() {
    let mut stand = Stand::new(Ask::Files);
    stand.choose(&[]);
    for _ in 0..70 {
        stand.rotate(|_| {}, &ROOT_KEYS);
    }
    for reached in [65, 71] {
        stand.phone.server.forget();
        let app = stand.start();
        drop(app.update());
        let facts = app.updater.statement_facts().unwrap().unwrap();
        assert_eq!(facts.root_version, reached);
        let asked = stand.phone.server.asked();
        let roots = asked.iter().filter(|url| url.contains("/roots/"));
        assert!(roots.count() <= 64);
    }
}

#[test]
fn a_root_in_between_that_is_withheld_stops_the_walk_and_no_boot() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    ten_roots(&mut stand);
    let path = patchproof_protocol::root_path("app", 5);
    stand.phone.server.take_away(&path);
    let two = stand.put_up(2, 2);
    stand.choose(&[&two]);
    stand.refuses("it was made under root 11, and root 4 is known");
    assert_eq!(stand.boots(), 1);
}

#[test]
fn a_next_root_that_too_few_of_the_old_keys_signed_is_refused() {
    let mut stand = Stand::new(Ask::Files);
    stand.rotate(|_| {}, &["root-1"]);
    stand.choose(&[]);
    stand.refuses("the root has 1 of the 2 signatures");
}

#[test]
fn a_thiefs_root_is_refused_though_it_is_signed_by_all_of_his_keys() {
    let mut stand = Stand::new(Ask::Files);
    let thief = Publisher::thief();
    let mut root = thief.root();
    root.version = 2;
    let envelope = thief.sign(&root, &["root-1", "root-2", "root-3"]);
    put_root(&stand.phone.server, 2, &envelope);
    stand.choose(&[]);
    stand.refuses("the root has 0 of the 2 signatures that root 1 asks for");
}

/// Whoever holds it chooses among what was signed offline, and no more; a new root ends that.
#[test]
fn the_story_of_a_stolen_channel_key() {
    let mut stand = Stand::new(Ask::Files);
    let (one, two, three) = (stand.put_up(1, 1), stand.put_up(2, 2), stand.put_up(3, 3));
    stand.choose(&[&one]);
    stand.installs().unwrap();

    // The thief offers code of his own, under a statement that he cannot sign.
    let thief = Publisher::thief();
    let library = patchproof_testkit::phone::Library::patched(0, 9);
    let forged = thief.signed_patch(thief.statement(9, &library));
    publish(&stand.phone.server, &forged, &library);
    stand.choose(&[&forged]);
    stand.refuses("which the root does not name for it");

    // He can choose among what was signed, and drive the counter as high as it goes.
    stand.choice.counter = (1 << 53) - 2;
    stand.choose(&[&two]);
    assert_eq!(stand.installs(), Ok(2));
    assert_eq!(stand.choice.counter, (1 << 53) - 1);

    // The publisher's own word does not count any more, until the root names another key.
    stand.choice.counter = 10;
    stand.choose(&[&three]);
    stand.refuses("a replay");
    replace_channel_key(&mut stand);
    let mut statement = stand.publisher.channel(0, &stand.choice);
    statement.root_version = 2;
    let server = &stand.phone.server;
    stand
        .publisher
        .publish_channel_by(server, &statement, "channel-2");
    assert_eq!(stand.installs(), Ok(3));

    // The thief's word is none.
    stand.choice.counter = (1 << 53) - 2;
    stand.choose(&[&one]);
    stand.refuses("which the root does not name for it");
    assert_eq!(stand.boots(), 3);
}

/// A server that was taken over, without any key.
#[test]
fn the_story_of_a_compromised_server() {
    let mut stand = Stand::new(Ask::Files);
    let (one, two) = (stand.put_up(1, 1), stand.put_up(2, 2));
    stand.choose(&[&one]);
    let old = stand.phone.server.files();
    stand.installs().unwrap();
    stand.choose(&[&two]);
    stand.installs().unwrap();
    stand.start().healthy().unwrap();
    stand.roll_back(&one);
    stand.update().unwrap();

    // An older word is a replay.
    for (path, bytes) in &old {
        stand.phone.server.put(path, bytes);
    }
    stand.refuses("a replay");
    // A changed word is signed by nobody.
    for (path, bytes) in &old {
        let changed = String::from_utf8_lossy(bytes).replace("\"sig\":\"", "\"sig\":\"AA");
        stand.phone.server.put(path, changed.as_bytes());
    }
    stand.refuses("what was served is not believed");
    // No word is no word.
    for path in stand.phone.server.files().keys() {
        stand.phone.server.take_away(path);
    }
    stand.refuses("there is no channel statement");
    assert_eq!(stand.boots(), 2);
}

#[test]
fn a_newer_root_that_the_app_brings_counts_from_its_first_start_on() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    stand.rotate(|root| root.releases = rules(2, &[]), &ROOT_KEYS);
    let path = patchproof_protocol::root_path("app", 2);
    let root = stand.phone.server.files()[&path].to_vec();
    let ask = Ask::Files;
    stand.phone.trust = patchproof_device::Trust::Statements { root, ask };
    let app = stand.start();
    assert_eq!(app.number(), 0, "{:?}", app.notices());
}

#[test]
fn the_newest_root_is_known_to_a_process_that_starts_later() {
    let mut stand = Stand::new(Ask::Files);
    ten_roots(&mut stand);
    stand.choose(&[]);
    stand.update().unwrap();
    stand.phone.server.forget();
    let updated = stand.update().unwrap();
    assert_eq!(updated.outcome, Outcome::UpToDate);
    let asked = stand.phone.server.asked();
    assert!(asked[0].ends_with("/roots/12.json"), "{asked:?}");
}
