//! What a statement says to the app beside the patch.

use patchproof_device::{Ask, Cancel};
use patchproof_trust::Word;

use crate::deltas::{put_up_two, stand};

#[test]
fn what_a_statement_says_to_the_app_is_told() {
    let mut stand = stand(Ask::Files);
    let two = put_up_two(&stand, |statement| {
        for (name, text) in [("notes", "mends the cart"), ("force_update", "true")] {
            let text = patchproof_trust::Text::new(text).unwrap();
            statement.extensions.insert(Word::new(name).unwrap(), text);
        }
    });
    stand.choose(&[&two]);
    let app = stand.start();
    let available = app.updater.check(&Cancel::new()).unwrap().available;
    let available = available.unwrap();
    assert_eq!(available.notes.as_deref(), Some("mends the cart"));
    assert!(available.force_update);
    let updated = app.update().unwrap();
    assert_eq!(updated.notes.as_deref(), Some("mends the cart"));
    assert!(updated.force_update);
}

#[test]
fn a_statement_that_says_nothing_to_the_app_forces_nothing() {
    let mut stand = stand(Ask::Files);
    let two = put_up_two(&stand, |statement| {
        let text = patchproof_trust::Text::new("yes").unwrap();
        let name = Word::new("force_update").unwrap();
        statement.extensions.insert(name, text);
    });
    stand.choose(&[&two]);
    let updated = stand.update().unwrap();
    assert_eq!((updated.notes, updated.force_update), (None, false));
}
