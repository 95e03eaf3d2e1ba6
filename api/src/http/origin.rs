//! Whose pages may open a socket, and whose cookie counts: a browser sends the page's origin and asks nobody first.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};

/// Whether the request comes from no browser, from a page of this host, or from one that is listed.
pub(super) fn allowed(headers: &HeaderMap, listed: &[String]) -> bool {
    !headers.contains_key(ORIGIN) || ours(headers, listed)
}

/// Whether the request says that it comes from a page of this host, or from one that is listed.
pub(super) fn ours(headers: &HeaderMap, listed: &[String]) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let (Some(Ok(origin)), None) = (origins.next().map(HeaderValue::to_str), origins.next()) else {
        return false;
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let own = origin
        .split_once("://")
        .zip(host)
        .is_some_and(|((_, of_page), host)| of_page.eq_ignore_ascii_case(host));
    own || listed.iter().any(|listed| listed.eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_another_host_may_not_unless_it_is_listed() {
        let listed = ["https://portal.example".to_owned()];
        for (origins, wanted) in [
            (vec![], true),
            (vec!["https://here.example:8080"], true),
            (vec!["http://HERE.example:8080"], true),
            (vec!["https://portal.example"], true),
            (vec!["https://portal.example.evil.example"], false),
            (vec!["https://here.example"], false),
            (vec!["null"], false),
            (vec!["https://here.example:8080", "https://evil.example"], false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "here.example:8080".parse().unwrap());
            for origin in &origins {
                headers.append(ORIGIN, origin.parse().unwrap());
            }
            assert_eq!(allowed(&headers, &listed), wanted, "{origins:?}");
            let said = wanted && !origins.is_empty();
            assert_eq!(ours(&headers, &listed), said, "{origins:?}");
        }
    }
}
