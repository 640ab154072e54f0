//! Edits of a JSON value, node by node: what it makes is JSON still, and nearly what it was.

use serde_json::{Map, Number, Value};

use super::choices::Choices;

/// Changes one node of a value; `word` gives texts that mean something where it is read.
pub(super) fn edit_json(
    value: &mut Value,
    word: &dyn Fn(&mut Choices<'_>) -> String,
    choices: &mut Choices<'_>,
) {
    let node = node(value, choices);
    match choices.below(6) {
        0 => change(node, word, choices),
        1 => *node = simple(word, choices),
        2 => remove(node, choices),
        3 => add(node, word, choices),
        4 => repeat(node, choices),
        _ => {
            let inner = std::mem::take(node);
            *node = match choices.flag() {
                true => Value::Array(vec![inner]),
                false => Value::Object(Map::from_iter([(word(choices), inner)])),
            };
        }
    }
}

/// One of the nodes: at each level it goes on into a child, or stays.
fn node<'v>(value: &'v mut Value, choices: &mut Choices<'_>) -> &'v mut Value {
    let children = match &*value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if children == 0 || choices.one_in(4) {
        return value;
    }
    let index = choices.below(children);
    match value {
        Value::Array(items) => items.get_mut(index).map(|item| node(item, choices)),
        Value::Object(fields) => fields.values_mut().nth(index).map(|it| node(it, choices)),
        _ => None,
    }
    .expect("there is a child of each index")
}

/// Another value of the same kind.
fn change(node: &mut Value, word: &dyn Fn(&mut Choices<'_>) -> String, choices: &mut Choices<'_>) {
    match node {
        Value::Bool(yes) => *yes = !*yes,
        Value::Number(number) => {
            let old = number.as_u64().unwrap_or_default();
            let new = match choices.below(3) {
                0 => old.wrapping_add(1),
                1 => old.wrapping_sub(1),
                _ => choices.odd_number(),
            };
            *number = Number::from(new);
        }
        Value::String(text) => {
            *text = match choices.flag() {
                true => word(choices),
                false => {
                    let at = choices.below(text.len() + 1);
                    let letter = char::from(b' ' + choices.byte() % 95);
                    let kept = text.char_indices().map(
                        |(index, old)| {
                            if index == at { letter } else { old }
                        },
                    );
                    kept.collect()
                }
            };
        }
        other => *other = simple(word, choices),
    }
}

fn simple(word: &dyn Fn(&mut Choices<'_>) -> String, choices: &mut Choices<'_>) -> Value {
    match choices.below(7) {
        0 => Value::Null,
        1 => Value::Bool(choices.flag()),
        2 => Value::from(choices.odd_number()),
        3 => Value::from(-1),
        4 => Value::Array(Vec::new()),
        5 => Value::Object(Map::new()),
        _ => Value::from(word(choices)),
    }
}

fn remove(node: &mut Value, choices: &mut Choices<'_>) {
    match node {
        Value::Array(items) if !items.is_empty() => {
            items.remove(choices.below(items.len()));
        }
        Value::Object(fields) => {
            let index = choices.below(fields.len());
            let name = fields.keys().nth(index).cloned();
            name.and_then(|name| fields.remove(&name));
        }
        _ => {}
    }
}

fn add(node: &mut Value, word: &dyn Fn(&mut Choices<'_>) -> String, choices: &mut Choices<'_>) {
    match node {
        Value::Array(items) => items.push(simple(word, choices)),
        Value::Object(fields) => {
            fields.insert(word(choices), simple(word, choices));
        }
        _ => {}
    }
}

/// The same item once more, or the same value under two names.
fn repeat(node: &mut Value, choices: &mut Choices<'_>) {
    match node {
        Value::Array(items) => {
            let item = items.get(choices.below(items.len())).cloned();
            items.extend(item);
        }
        Value::Object(fields) if !fields.is_empty() => {
            let [from, to] = [choices.below(fields.len()), choices.below(fields.len())];
            let value = fields.values().nth(from).cloned();
            if let Some((to, value)) = fields.values_mut().nth(to).zip(value) {
                *to = value;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edited(input: &[u8]) -> Value {
        let mut value = json!({ "a": [1, 2], "b": "text" });
        edit_json(&mut value, &|_| "word".to_owned(), &mut Choices::new(input));
        value
    }

    #[test]
    fn a_field_is_removed() {
        assert_eq!(edited(&[3, 2, 1]), json!({ "a": [1, 2] }));
    }

    #[test]
    fn any_input_edits_something_without_a_panic() {
        for byte in 0..=255 {
            for at in 0..6 {
                let mut input = [1; 8];
                input[at] = byte;
                edited(&input);
            }
        }
    }
}
