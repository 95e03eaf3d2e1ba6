//! Where a request comes from: the socket's peer, and what trusted proxies say of whom they speak for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode, Version};

use super::refused::Refused;
use crate::limits::citizen::{Citizen, LONGEST_MARK};
use crate::scope::viewer::{Credential, Viewer};

/// An address or a network in CIDR form. 网段
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same(own.to_bits().into(), other.to_bits().into(), 32 - self.prefix)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128 - self.prefix),
            _ => false,
        }
    }
}

impl Network {
    /// This machine.
    #[must_use]
    pub fn loopback() -> Vec<Self> {
        [(IpAddr::V4(Ipv4Addr::LOCALHOST), 8), (IpAddr::V6(Ipv6Addr::LOCALHOST), 128)]
            .map(|(address, prefix)| Self { address, prefix })
            .to_vec()
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), |prefix| prefix.parse().map_err(|_| ()))?;
        if prefix <= bits { Ok(Self { address, prefix }) } else { Err(()) }
    }
}

/// The address to count attempts under. A header is believed only as far as trusted proxies wrote it: read from the
/// right, the first address that is no trusted proxy is the client.
pub(super) fn address_of(parts: &Parts, trusted: &[Network]) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    // Without a socket, as in a test, nobody is trusted.
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip().to_canonical());
    let believed = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !believed(peer) {
        return peer;
    }
    let mut client = peer;
    for written in forwarded_from_the_right(parts) {
        let Ok(address) = written.parse::<IpAddr>() else {
            break;
        };
        client = address.to_canonical();
        if !believed(client) {
            break;
        }
    }
    client
}

/// The socket's peer, if it speaks for itself. A proxy on this machine passes on whoever asks it: it is known by any header
/// of a proxy, by HTTP/1.0, which some speak unless told otherwise, and, on this machine, by another name than its own.
pub(super) fn direct_peer(parts: &Parts) -> Option<IpAddr> {
    let mut names = parts.headers.keys();
    if parts.version < Version::HTTP_11 || names.any(|name| is_of_proxy(name.as_str())) {
        return None;
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let peer = peer.0.ip().to_canonical();
    (!peer.is_loopback() || names_this_machine(&parts.headers)).then_some(peer)
}

/// Headers by which proxies say for whom they speak, the common ones of no standard included.
fn is_of_proxy(name: &str) -> bool {
    const NAMES: [&str; 8] = [
        "forwarded",
        "via",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-host",
        "x-real-ip",
        "true-client-ip",
        "cf-connecting-ip",
    ];
    NAMES.contains(&name) || name.starts_with("x-forwarded")
}

/// Whether the one `Host` is this machine's loopback, by name or address.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let authority = host.to_str().ok();
    let authority = authority.and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| {
        let host = authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
    })
}

/// By which a portal tells its citizens apart.
const CITIZEN: HeaderName = HeaderName::from_static("minsheng-citizen");

/// A portal's mark of its citizen, as it was sent.
pub(super) fn mark_of_citizen(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let mut marks = headers.get_all(CITIZEN).iter();
    match (marks.next(), marks.next()) {
        (None, _) => Ok(None),
        (Some(mark), None) => {
            let mark = mark.to_str().map_err(|_| unfit_mark())?;
            Ok(Some(mark.to_owned()))
        }
        (Some(_), Some(_)) => Err(unfit_mark()),
    }
}

/// The citizen of a mark; only a portal has any.
pub(super) fn citizen(caller: Option<&Viewer>, mark: Option<String>) -> Result<Option<Citizen>, Refused> {
    let Some(mark) = mark else {
        return Ok(None);
    };
    let Some(Credential::Portal { client, .. }) = caller.map(Viewer::credential) else {
        return Err(Refused::http(
            StatusCode::BAD_REQUEST,
            "请求头 Minsheng-Citizen 仅限门户凭据使用",
            "The header Minsheng-Citizen is for portals' credentials alone",
        ));
    };
    let citizen = Citizen::of(client.0, &mark).ok_or_else(unfit_mark)?;
    Ok(Some(citizen))
}

fn unfit_mark() -> Refused {
    Refused::http(
        StatusCode::BAD_REQUEST,
        format!("请求头 Minsheng-Citizen 应为 1 至 {LONGEST_MARK} 个可见 ASCII 字符，且只出现一次"),
        format!(
            "The header Minsheng-Citizen must have 1 to {LONGEST_MARK} visible ASCII characters, and stand once"
        ),
    )
}

fn forwarded_from_the_right(parts: &Parts) -> impl Iterator<Item = &str> {
    let lines = parts.headers.get_all("x-forwarded-for").iter().rev();
    lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',').map(str::trim))
}

/// Whether two addresses agree but for the last `free` bits.
fn same(own: u128, other: u128, free: u32) -> bool {
    own.checked_shr(free).unwrap_or(0) == other.checked_shr(free).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::builder();
        for line in forwarded {
            request = request.header("x-forwarded-for", *line);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        address_of(&parts, &trusted).to_string()
    }

    #[test]
    fn a_header_counts_only_as_far_as_trusted_proxies_wrote_it() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.9.9.9"]), "198.51.100.7");
        assert_eq!(seen("::ffff:10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("::1", &["203.0.113.9, nonsense"]), "::1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn networks_are_read_and_matched_by_prefix() {
        let network: Network = "192.0.2.0/25".parse().unwrap();
        assert!(network.contains("192.0.2.127".parse().unwrap()));
        assert!(!network.contains("192.0.2.128".parse().unwrap()));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("203.0.113.9".parse().unwrap()));
        assert!("192.0.2.0/33".parse::<Network>().is_err());
    }
}
