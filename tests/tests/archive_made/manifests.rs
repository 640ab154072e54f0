//! Manifests with one thing wrong: read as a device reads them, or named as unreadable.

use patchproof_archive::{AppIdentity, Release};
use patchproof_testkit::made::{
    Attribute, Element, MadeApp, MadeAxml, MadeEntry, MadeProtoXml, MadeZip, Value,
};

use crate::common::small;

type Lie = fn(&mut MadeAxml);

fn of_apk(manifest: &[u8]) -> AppIdentity {
    let mut zip = small();
    *zip.entry(IN_APK).unwrap() = MadeEntry::deflated(IN_APK, manifest);
    read(&zip)
}

fn of_bundle(manifest: &[u8]) -> AppIdentity {
    let entries = [("BundleConfig.pb", &b""[..]), (IN_BUNDLE, manifest)];
    let entries = entries.map(|(name, content)| MadeEntry::deflated(name, content));
    read(&MadeZip::new(entries.into()))
}

fn read(zip: &MadeZip) -> AppIdentity {
    let release = Release::from_bytes("it", zip.build()).unwrap();
    release.app().clone()
}

fn right() -> MadeAxml {
    MadeAxml::new(MadeApp::new().manifest_element())
}

#[track_caller]
fn assert_unreadable(found: &AppIdentity) {
    assert_eq!(found.unreadable.len(), 1, "{found:?}");
    let nothing = (None, None, None);
    let told = (&found.app_id, found.version_code, found.debuggable);
    assert_eq!((told.0.as_ref(), told.1, told.2), nothing);
}

#[test]
fn a_file_that_says_something_false_of_itself_is_unreadable() {
    let lies: [(&str, Lie); 10] = [
        ("kind", |made| made.kind = Some(2)),
        ("size", |made| made.size_bytes = Some(u32::MAX)),
        ("strings", |made| made.string_count = Some(u32::MAX)),
        ("no strings", |made| made.string_count = Some(0)),
        ("start", |made| made.strings_start = Some(u32::MAX)),
        ("offset", |made| made.string_offset = Some(u32::MAX)),
        ("attributes", |made| made.attribute_count = Some(u16::MAX)),
        ("attribute", |made| made.attribute_bytes = Some(0)),
        ("name", |made| made.element_name = Some(u32::MAX)),
        ("unclosed", |made| made.unclosed = true),
    ];
    for (what, lie) in lies {
        let mut made = right();
        lie(&mut made);
        let found = of_apk(&made.build());
        assert_eq!(found.unreadable.len(), 1, "{what}: {found:?}");
        assert_eq!(found.app_id, None, "{what}");
    }
}

#[test]
fn an_element_of_no_size_ends_the_reading() {
    for size_bytes in [0, 8, 15] {
        let mut made = right();
        made.element_bytes = Some(size_bytes);
        assert_unreadable(&of_apk(&made.build()));
    }
}

#[test]
fn a_manifest_that_is_cut_short_is_unreadable_at_every_length() {
    let whole = right().build();
    for kept in 0..whole.len() {
        assert_unreadable(&of_apk(&whole[..kept]));
    }
}

#[test]
fn a_bundles_manifest_that_is_cut_short_never_reads_as_another() {
    let whole = MadeApp::new().proto_xml();
    let right = of_bundle(&whole);
    for kept in 0..whole.len() {
        let found = of_bundle(&whole[..kept]);
        let same = found == right;
        assert!(same || found.unreadable.len() == 1, "{kept}: {found:?}");
    }
}

#[test]
fn strings_that_nothing_uses_change_nothing() {
    let mut made = right();
    made.extra_strings = vec!["versionCode".to_owned(), "org.example.other".to_owned()];
    assert_eq!(of_apk(&made.build()), of_apk(&right().build()));
}

/// What shrinkers do: names are gone, the ids are what Android goes by.
#[test]
fn attributes_without_names_are_read_by_their_ids() {
    let mut made = right();
    nameless(&mut made.root);
    assert_eq!(of_apk(&made.build()), of_apk(&right().build()));
}

fn nameless(element: &mut Element) {
    for attribute in &mut element.attributes {
        if attribute.resource_id.is_some() {
            attribute.name.clear();
        }
    }
    element.children.iter_mut().for_each(nameless);
}

#[test]
fn an_attribute_that_only_bears_the_name_is_not_the_one() {
    let mut made = right();
    let code = &mut made.root.attributes[0];
    assert_eq!(code.name, "versionCode");
    code.resource_id = Some(0x0101_0001);
    assert_eq!(of_apk(&made.build()).version_code, None);
}

#[test]
fn an_attribute_that_is_there_twice_is_unreadable() {
    let mut made = right();
    let code = Attribute::android("versionCode", Value::Integer(1));
    made.root.attributes.push(code);
    assert_unreadable(&of_apk(&made.build()));
    assert_unreadable(&of_bundle(&MadeProtoXml::new(made.root).build()));
}

/// Android takes the first and passes over the second.
#[test]
fn a_second_application_does_not_change_the_first() {
    for first in [true, false] {
        let mut app = MadeApp::new();
        app.debuggable = Some(first);
        let second = Attribute::android("debuggable", Value::Boolean(!first));
        let second = Element::new("application").with(second);
        let root = app.manifest_element().containing(second);
        let found = [
            of_apk(&MadeAxml::new(root.clone()).build()),
            of_bundle(&MadeProtoXml::new(root).build()),
        ];
        for found in found {
            let never_the_second = found.debuggable != Some(!first);
            assert!(never_the_second, "first {first}: {found:?}");
        }
    }
}

#[test]
fn an_application_that_is_not_directly_in_the_root_says_nothing() {
    let mut app = MadeApp::new();
    app.debuggable = Some(false);
    let debuggable = Attribute::android("debuggable", Value::Boolean(true));
    let deeper = Element::new("meta-data").containing(Element::new("application").with(debuggable));
    let root = app.manifest_element().containing(deeper);
    assert_eq!(of_apk(&MadeAxml::new(root).build()).debuggable, Some(false));
}

#[test]
fn a_root_that_is_no_manifest_is_unreadable() {
    let mut made = right();
    made.root.name = "resources".to_owned();
    assert_unreadable(&of_apk(&made.build()));
    assert_unreadable(&of_bundle(&MadeProtoXml::new(made.root).build()));
}

#[test]
fn a_version_that_stands_in_the_resources_is_not_guessed() {
    let mut made = right();
    made.root.attributes[1].value = Value::Reference(0x7f01_0000);
    let found = of_apk(&made.build());
    assert_eq!(found.version_name, None);
    assert_eq!(found.version_code, Some(45));
    let found = of_bundle(&MadeProtoXml::new(made.root).build());
    assert_eq!((found.version_name, found.version_code), (None, Some(45)));
}

#[test]
fn debuggable_by_a_resource_is_not_guessed() {
    let mut app = MadeApp::new();
    app.debuggable = Some(true);
    let mut root = app.manifest_element();
    let application = root.children.last_mut().unwrap();
    let mut attributes = application.attributes.iter_mut();
    let debuggable = attributes.find(|attribute| attribute.name == "debuggable");
    debuggable.unwrap().value = Value::Reference(0x7f01_0000);
    let found = of_apk(&MadeAxml::new(root).build());
    assert_eq!((found.debuggable, found.unreadable.len()), (None, 0));
}

#[test]
fn a_manifest_of_many_levels_is_read() {
    let mut deep = Element::new("meta-data");
    for _ in 0..5000 {
        deep = Element::new("meta-data").containing(deep);
    }
    let root = MadeApp::new().manifest_element().containing(deep);
    let found = of_apk(&MadeAxml::new(root).build());
    assert_eq!(found.version_code, Some(45), "{:?}", found.unreadable);
}

const IN_APK: &str = "AndroidManifest.xml";
const IN_BUNDLE: &str = "base/manifest/AndroidManifest.xml";
