//! Foreign text in HTML: what cannot be seen is spelled out, what is long is cut, the rest escaped.

use maud::{Markup, html};

use crate::render::plain::shown;

/// A sentence, in which what stands between backticks is code, as in all texts of the catalogue.
pub(super) fn sentence(text: &str) -> Markup {
    let text = shown(text, TEXT_CHARS);
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    html! {
        @if paired {
            @for (index, part) in parts.iter().enumerate() {
                @if index % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else {
            (text)
        }
    }
}

/// A value as it is, apart from the text around it, whatever direction it is written in.
pub(super) fn value(text: &str) -> Markup {
    html! { code { (shown(text, VALUE_CHARS)) } }
}

const TEXT_CHARS: usize = 2000;

const VALUE_CHARS: usize = 500;
