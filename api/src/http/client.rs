//! Where a request comes from: the socket's peer, and what trusted proxies say of whom they speak for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;

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
            (IpAddr::V4(own), IpAddr::V4(other)) => same(
                own.to_bits().into(),
                other.to_bits().into(),
                32 - self.prefix,
            ),
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                same(own.to_bits(), other.to_bits(), 128 - self.prefix)
            }
            _ => false,
        }
    }
}

impl Network {
    /// This machine.
    #[must_use]
    pub fn loopback() -> Vec<Self> {
        [
            (IpAddr::V4(Ipv4Addr::LOCALHOST), 8),
            (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
        ]
        .map(|(address, prefix)| Self { address, prefix })
        .to_vec()
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = text
            .split_once('/')
            .map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), |prefix| prefix.parse().map_err(|_| ()))?;
        if prefix <= bits {
            Ok(Self { address, prefix })
        } else {
            Err(())
        }
    }
}

/// The address to count attempts under. A header is believed only as far as trusted proxies wrote it: read from the
/// right, the first address that is no trusted proxy is the client.
pub(super) fn address_of(parts: &Parts, trusted: &[Network]) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    // Without a socket, as in a test, nobody is trusted.
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| {
        peer.0.ip().to_canonical()
    });
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

/// The socket's peer, if it speaks for itself: a proxy on this machine passes on whoever asks it.
pub(super) fn direct_peer(parts: &Parts) -> Option<IpAddr> {
    let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip"];
    if passed_on
        .iter()
        .any(|name| parts.headers.contains_key(*name))
    {
        return None;
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(peer.0.ip().to_canonical())
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
        parts
            .extensions
            .insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        address_of(&parts, &trusted).to_string()
    }

    #[test]
    fn a_header_counts_only_as_far_as_trusted_proxies_wrote_it() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            seen("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.9.9.9"]),
            "198.51.100.7"
        );
        assert_eq!(
            seen("::ffff:10.0.0.1", &["203.0.113.9", "198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(seen("::1", &["203.0.113.9, nonsense"]), "::1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn networks_are_read_and_matched_by_prefix() {
        let network: Network = "192.0.2.0/25".parse().unwrap();
        assert!(network.contains("192.0.2.127".parse().unwrap()));
        assert!(!network.contains("192.0.2.128".parse().unwrap()));
        assert!(
            "0.0.0.0/0"
                .parse::<Network>()
                .unwrap()
                .contains("203.0.113.9".parse().unwrap())
        );
        assert!("192.0.2.0/33".parse::<Network>().is_err());
    }
}
