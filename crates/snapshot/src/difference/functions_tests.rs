//! Which functions came, went and changed, case by case.

use patchproof_report::FunctionDifference;

use super::functions::compare;
use super::functions_read::Function;

/// Functions one behind the other, of these names and sizes.
fn functions<'a>(listed: &[(&'a str, usize)]) -> Vec<Function<'a>> {
    let mut address = 0x1000;
    let function = |(name, size): &(&'a str, usize)| {
        let (name, code) = (name.as_bytes(), CODE.get(..*size).unwrap());
        let function = Function {
            name,
            address,
            code,
        };
        address += function.size_bytes();
        function
    };
    listed.iter().map(function).collect()
}

fn names<'a>(functions: &[Function<'a>]) -> Vec<&'a str> {
    functions
        .iter()
        .map(|it| str::from_utf8(it.name).unwrap())
        .collect()
}

static CODE: [u8; 64] = [0x90; 64];

#[test]
fn functions_of_one_name_are_paired_by_their_size_first() {
    let expected = functions(&[("a", 5), ("a", 9), ("b", 1)]);
    let found = functions(&[("a", 9), ("b", 1), ("a", 6), ("a", 5)]);
    let compared = compare(&expected, &found);
    assert!(compared.gone.is_empty() && compared.resized.is_empty());
    assert_eq!(
        compared
            .new
            .iter()
            .map(Function::size_bytes)
            .collect::<Vec<_>>(),
        [6]
    );
}

#[test]
fn a_function_that_went_and_one_of_its_size_that_came_are_swapped() {
    let expected = functions(&[("a", 5), ("b", 9), ("c", 7)]);
    let found = functions(&[("x", 5), ("y", 8), ("c", 7)]);
    let compared = compare(&expected, &found);
    assert_eq!(
        (names(&compared.gone), names(&compared.new)),
        (vec!["a", "b"], vec!["x", "y"])
    );
    assert_eq!(compared.swapped(), 1);
}

#[test]
fn another_size_is_told_with_both() {
    let compared = compare(&functions(&[("a", 5)]), &functions(&[("a", 6)]));
    let listed = compared.listed(9);
    assert_eq!(listed, [FunctionDifference::new("a", Some(5), Some(6))]);
}

#[test]
fn contents_count_only_where_nothing_moved() {
    let expected = functions(&[("a", 5), ("b", 6)]);
    let mut found = expected.clone();
    found[1].code = &[0xcc; 6];
    assert_eq!(names(&compare(&expected, &found).rewritten), ["b"]);
    for function in &mut found {
        function.address += 16;
    }
    assert!(compare(&expected, &found).rewritten.is_empty());
}

#[test]
fn a_function_elsewhere_among_the_others_has_moved() {
    let expected = functions(&[("a", 5), ("b", 5), ("c", 5), ("d", 5)]);
    let found = functions(&[("a", 5), ("c", 5), ("d", 5), ("b", 5)]);
    let compared = compare(&expected, &found);
    assert_eq!(
        (compared.common, compared.moved, compared.total()),
        (4, 2, 0)
    );
}

#[test]
fn a_library_without_names_gives_no_functions() {
    let compared = compare(&functions(&[("a", 5)]), &[]);
    assert!(!compared.named && compared.gone.is_empty());
}
