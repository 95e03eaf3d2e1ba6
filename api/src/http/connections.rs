//! Who may hold a connection: so many in all, so many from one address, so that nobody's idle sockets keep others out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::gauge::Gauge;

use super::HttpSettings;
use crate::limits::rates::network;

/// Counts the open connections.
pub(super) struct Connections {
    most: usize,
    most_of_one: usize,
    /// Proxies speak for many: only the whole bounds them.
    trusted: Vec<super::Network>,
    open: Mutex<HashMap<IpAddr, usize>>,
    shown: Gauge,
}

/// A connection's place; gives it back when dropped.
pub(super) struct Place {
    connections: Arc<Connections>,
    peer: IpAddr,
}

impl Connections {
    pub(super) fn new(settings: &HttpSettings, shown: Gauge) -> Arc<Self> {
        Arc::new(Self {
            most: settings.connections,
            most_of_one: settings.connections_per_address,
            trusted: settings.trusted_proxies.clone(),
            open: Mutex::default(),
            shown,
        })
    }

    /// A place for a connection of this peer, if there is one left.
    pub(super) fn place(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let trusted = self.trusted.iter().any(|network| network.contains(peer));
        let peer = network(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let own = open.get(&peer).copied().unwrap_or(0);
        if all >= self.most || (own >= self.most_of_one && !trusted) {
            return None;
        }
        open.insert(peer, own + 1);
        self.shown.inc();
        Some(Place { connections: Arc::clone(self), peer })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.peer) {
            *own -= 1;
            self.connections.shown.dec();
            if *own == 0 {
                open.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn one_address_fills_its_own_places_and_a_proxy_all() {
        let connections = Connections::new(
            &HttpSettings {
                connections: 5,
                connections_per_address: 2,
                trusted_proxies: vec!["192.0.2.9".parse().unwrap()],
                ..HttpSettings::default()
            },
            Gauge::default(),
        );
        let mut held: Vec<Option<Place>> = (0..3).map(|_| connections.place(peer(1))).collect();
        assert_eq!(held.iter().flatten().count(), 2);
        held.extend((0..4).map(|_| connections.place(peer(9))));
        assert_eq!(held.iter().flatten().count(), 5, "the whole bounds a proxy too");
        assert!(connections.place(peer(2)).is_none());
        held.clear();
        assert!(connections.open.lock().unwrap().is_empty());
        assert!(connections.place(peer(1)).is_some());
    }
}
