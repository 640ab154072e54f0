//! A page as a browser reads it: html5ever's tree, and the questions that tests ask of it.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A parsed page.
pub(crate) struct Page {
    dom: RcDom,
}

/// An element and its attributes.
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(known, _)| known == name)?;
        Some(value)
    }
}

impl Page {
    pub(crate) fn parse(html: &str) -> Self {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        Self { dom }
    }

    /// What a browser would have to guess at.
    pub(crate) fn errors(&self) -> Vec<String> {
        let errors = self.dom.errors.borrow();
        errors.iter().map(ToString::to_string).collect()
    }

    /// Every element in the order of the page.
    pub(crate) fn elements(&self) -> Vec<Element> {
        let mut elements = vec![];
        walk(&self.dom.document, &mut |node| {
            if let NodeData::Element { name, attrs, .. } = &node.data {
                let attrs = attrs.borrow();
                let pair =
                    |it: &html5ever::Attribute| (it.name.local.to_string(), it.value.to_string());
                elements.push(Element {
                    name: name.local.to_string(),
                    attributes: attrs.iter().map(pair).collect(),
                    text: text_of(node),
                });
            }
        });
        elements
    }

    /// The elements with this name.
    pub(crate) fn named(&self, name: &str) -> Vec<Element> {
        let mut elements = self.elements();
        elements.retain(|element| element.name == name);
        elements
    }

    /// How many comments it has.
    pub(crate) fn comments(&self) -> usize {
        let mut comments = 0;
        walk(&self.dom.document, &mut |node| {
            comments += usize::from(matches!(node.data, NodeData::Comment { .. }));
        });
        comments
    }
}

fn walk(node: &Handle, visit: &mut impl FnMut(&Handle)) {
    visit(node);
    for child in node.children.borrow().iter() {
        walk(child, visit);
    }
}

fn text_of(node: &Handle) -> String {
    let mut text = String::new();
    walk(node, &mut |node| {
        if let NodeData::Text { contents } = &node.data {
            text.push_str(&contents.borrow());
        }
    });
    text
}
