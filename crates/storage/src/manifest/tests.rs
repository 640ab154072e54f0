//! What is a manifest, and all that is none.

use proptest::prelude::*;

use super::*;

fn file(name: &str, size_bytes: u64) -> ManifestFile {
    let sha256 = [0xab; 32];
    let name = name.to_owned();
    ManifestFile {
        name,
        size_bytes,
        sha256,
    }
}

fn line(fields: &str) -> String {
    format!("{} {fields}\n", "ab".repeat(32))
}

fn parse(lines: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(format!("patchproof generation 1\n{lines}").as_bytes())
}

#[test]
fn the_text_of_a_manifest_is_that_of_the_documents_example() {
    let manifest = Manifest::new(vec![file("libapp.so", 7), file("assets.bin", 0)]).unwrap();
    let lines = line("0 assets.bin") + &line("7 libapp.so");
    let text = format!("patchproof generation 1\n{lines}");
    assert_eq!(String::from_utf8(manifest.text()).unwrap(), text);
    assert_eq!(parse(&lines), Ok(manifest));
}

#[test]
fn a_file_is_found_by_its_name() {
    let manifest = Manifest::new(vec![file("b", 2), file("a", 1)]).unwrap();
    assert_eq!(manifest.file("a"), Some(&file("a", 1)));
    assert_eq!(manifest.file("c"), None);
}

#[test]
fn a_line_in_any_other_form_is_refused() {
    let capitals = format!("{} 7 a\n", "AB".repeat(32));
    let short = format!("{} 7 a\n", "ab".repeat(31));
    let odd = [
        "07 a",
        "+7 a",
        "-7 a",
        " 7 a",
        "7",
        "",
        "0x7 a",
        "18446744073709551616 a",
        "7\ta",
    ];
    for lines in odd
        .iter()
        .map(|fields| line(fields))
        .chain([capitals, short, "\n".to_owned()])
    {
        assert_eq!(
            parse(&lines),
            Err(ManifestError::Line { line: 2 }),
            "{lines:?}"
        );
    }
}

#[test]
fn a_name_that_leaves_the_folder_or_is_the_manifests_own_is_refused() {
    let long = "a".repeat(81);
    for name in [
        "", "..", "../a", "a/b", "/a", ".a", "A", "a b", "a ", "a\r", "manifest", &long,
    ] {
        let refused = parse(&line(&format!("7 {name}"))).unwrap_err();
        assert!(
            matches!(refused, ManifestError::Name { .. }),
            "{name:?}: {refused}"
        );
    }
}

#[test]
fn names_that_do_not_ascend_are_refused_in_a_text_and_put_in_order_else() {
    let name = "a".to_owned();
    let refused = Err(ManifestError::Order { name });
    assert_eq!(parse(&(line("7 b") + &line("7 a"))), refused);
    assert_eq!(parse(&(line("7 a") + &line("7 a"))), refused);
    assert_eq!(Manifest::new(vec![file("a", 1), file("a", 2)]), refused);
}

#[test]
fn a_manifest_of_no_files_or_too_many_is_refused() {
    assert_eq!(parse(""), Err(ManifestError::Count { found: 0 }));
    let named = |count: usize| -> Vec<_> {
        (0..count)
            .map(|index| file(&format!("{index:080}"), u64::MAX))
            .collect()
    };
    let fullest = Manifest::new(named(Manifest::FILES_MAX)).unwrap();
    assert_eq!(fullest.text().len(), Manifest::TEXT_BYTES_MAX);
    assert_eq!(Manifest::parse(&fullest.text()), Ok(fullest));
    let found = Manifest::FILES_MAX + 1;
    assert_eq!(
        Manifest::new(named(found)),
        Err(ManifestError::Count { found })
    );
    let short_lines: String = (0..found)
        .map(|index| line(&format!("0 {index:04}")))
        .collect();
    assert_eq!(parse(&short_lines), Err(ManifestError::Count { found }));
}

#[test]
fn a_text_longer_than_any_manifest_is_refused_unread() {
    let refused = Manifest::parse(&vec![b'\n'; Manifest::TEXT_BYTES_MAX + 1]).unwrap_err();
    assert!(matches!(refused, ManifestError::TooLong { .. }));
}

#[test]
fn a_manifest_cut_short_is_refused_or_has_fewer_files() {
    let text = Manifest::new(vec![file("a", 1), file("b", 2)])
        .unwrap()
        .text();
    for length in 0..text.len() {
        let files = Manifest::parse(&text[..length]).map_or(0, |manifest| manifest.files().len());
        assert!(files < 2, "{length} bytes");
    }
}

#[test]
fn another_head_is_refused() {
    for text in [
        "",
        "\n",
        "patchproof generation 2\n",
        "patchproof generation 1\r\n",
    ] {
        let text = format!("{text}{}", line("7 a"));
        assert_eq!(
            Manifest::parse(text.as_bytes()),
            Err(ManifestError::Head),
            "{text:?}"
        );
    }
}

proptest! {
    #[test]
    fn what_is_taken_is_written_back_to_the_byte(at in 0..200_usize, byte: u8, insert: bool) {
        let mut text = Manifest::new(vec![file("a", 10), file("b", 2)]).unwrap().text();
        let at = at.min(text.len());
        text.splice(at..text.len().min(at + usize::from(!insert)), [byte]);
        if let Ok(manifest) = Manifest::parse(&text) {
            prop_assert_eq!(manifest.text(), text);
        }
    }

    #[test]
    fn a_manifest_of_any_files_comes_back(names: std::collections::BTreeSet<u16>, size: u64) {
        let files = names.iter().map(|name| file(&format!("f-{name}.so"), size)).collect();
        if let Ok(manifest) = Manifest::new(files) {
            prop_assert_eq!(Manifest::parse(&manifest.text()), Ok(manifest));
        }
    }
}
