//! Whose pages may open a socket, and whose cookie counts: a browser sends the page's origin and asks nobody first.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// What a browser says of page and service, over https and from its own machine.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

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

/// Whether the browser of the page that asks keeps a `Secure` cookie of ours: over https, or where both page and service
/// are on its own machine. A page in development may stand before a service elsewhere; its browser then says that it is one
/// site.
pub(super) fn keeps_secure_cookies(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(&ORIGIN).and_then(|origin| origin.split_once("://")) {
        Some((scheme, page)) if scheme.eq_ignore_ascii_case("http") => {
            let one_site = ["same-origin", "same-site"];
            let says_one_site = text(&FETCH_SITE).is_some_and(|site| one_site.contains(&site));
            is_own_machine(page) && (says_one_site || text(&HOST).is_some_and(is_own_machine))
        }
        _ => true,
    }
}

/// Whether a host, with a port or without, is the loopback of whoever names it.
fn is_own_machine(host: &str) -> bool {
    host.parse::<Authority>().is_ok_and(|authority| {
        let host = authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        host.eq_ignore_ascii_case("localhost")
            || host.to_ascii_lowercase().ends_with(".localhost")
            || address.is_ok_and(|address: IpAddr| address.is_loopback())
    })
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

    #[test]
    fn a_secure_cookie_is_kept_over_https_and_on_one_s_own_machine() {
        for (origin, host, site, wanted) in [
            ("https://here.example", "here.example", None, true),
            ("http://192.168.0.9:8080", "192.168.0.9:8080", None, false),
            ("http://here.example", "here.example", None, false),
            ("http://localhost.here.example", "localhost.here.example", None, false),
            ("http://localhost:8080", "localhost:8080", None, true),
            ("http://[::1]:8080", "[::1]:8080", None, true),
            ("http://127.0.0.1:3000", "127.0.0.1:8080", None, true),
            ("http://localhost:3000", "192.168.0.9:8080", None, false),
            ("http://localhost:3000", "192.168.0.9:8080", Some("cross-site"), false),
            ("http://localhost:3000", "here.example", Some("same-origin"), true),
            ("http://192.168.0.9", "192.168.0.9", Some("same-origin"), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, origin.parse().unwrap());
            headers.insert(HOST, host.parse().unwrap());
            if let Some(site) = site {
                headers.insert(FETCH_SITE, site.parse().unwrap());
            }
            assert_eq!(keeps_secure_cookies(&headers), wanted, "{origin} {host} {site:?}");
        }
    }
}
