//! The caller's language by `Accept-Language`: Chinese unless English is preferred.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use super::answer::weighed;
use crate::refusal::Language;

/// The language to answer in.
pub(super) fn preferred(headers: &HeaderMap) -> Language {
    let wanted = weighed(headers, &ACCEPT_LANGUAGE);
    let known = wanted.iter().find_map(|(range, _)| {
        let primary = range.split('-').next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" | "*" => Some(Language::Chinese),
            "en" => Some(Language::English),
            _ => None,
        }
    });
    known.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_spoken_only_to_those_who_prefer_it() {
        for (header, language) in [
            ("", Language::Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
            ("de, en;q=0.5", Language::English),
            ("en;q=0, zh;q=0.1", Language::Chinese),
            ("fr", Language::Chinese),
            ("en;q=0.5, *", Language::Chinese),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, header.parse().unwrap());
            assert_eq!(preferred(&headers), language, "{header}");
        }
    }
}
