//! How often one address may ask.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::HeaderMap;

use crate::settings::Rates;

/// Which of the two limits a path is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Device,
    Developer,
    /// Who looks after the server.
    Operations,
}

impl Side {
    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with("/api/v1/patches/") || path.starts_with("/patchproof/") {
            Self::Device
        } else if matches!(path, "/healthz" | "/metrics") {
            Self::Operations
        } else {
            Self::Developer
        }
    }
}

/// What each address has left.
pub(crate) struct RateLimits {
    device: Option<DefaultKeyedRateLimiter<IpAddr>>,
    developer: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

impl RateLimits {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            device: limiter(rates.device),
            developer: limiter(rates.developer),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one request of what the address has left.
    ///
    /// # Errors
    ///
    /// Nothing is left, and in how many seconds there will be.
    pub(crate) fn take(&self, side: Side, address: IpAddr) -> Result<(), u64> {
        let limiter = match side {
            Side::Device => &self.device,
            Side::Developer => &self.developer,
            Side::Operations => return Ok(()),
        };
        let Some(limiter) = limiter else {
            return Ok(());
        };
        limiter.check_key(&one_client(address)).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(self.clock.now());
            // Rounded up: who comes a moment early has come for nothing.
            wait.as_secs().saturating_add(1)
        })
    }

    /// Forgets addresses that have all of their requests again: memory stays bounded.
    pub(crate) fn forget_the_quiet(&self) {
        for limiter in [&self.device, &self.developer].into_iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// The address of whoever asks: behind a trusted proxy what that wrote last, which no client can
/// forge.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trust_proxy: bool) -> IpAddr {
    if !trust_proxy {
        return peer;
    }
    let last = headers.get_all("x-forwarded-for").into_iter().next_back();
    let hop = last.and_then(|value| value.to_str().ok()?.rsplit(',').next());
    hop.and_then(|hop| address(hop.trim())).unwrap_or(peer)
}

/// As proxies write it: bare, or with a port behind it.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse().ok();
    let with_port = || {
        hop.parse::<std::net::SocketAddr>()
            .ok()
            .map(|found| found.ip())
    };
    bare.or_else(with_port)
}

/// One client of IPv6 has a network of 64 bits of its own, and as many addresses as it likes.
fn one_client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

fn limiter(in_a_second: u32) -> Option<DefaultKeyedRateLimiter<IpAddr>> {
    let rate = NonZeroU32::new(in_a_second)?;
    // Many phones share one address, and wake together.
    let burst = rate.saturating_mul(BURST_SECONDS);
    Some(RateLimiter::keyed(
        Quota::per_second(rate).allow_burst(burst),
    ))
}

const BURST_SECONDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn limits() -> RateLimits {
        RateLimits::new(Rates {
            device: 1,
            developer: 2,
        })
    }

    fn taken(limits: &RateLimits, side: Side, address: &str) -> usize {
        (0..100)
            .take_while(|_| limits.take(side, ip(address)).is_ok())
            .count()
    }

    #[test]
    fn an_address_has_its_burst_and_is_then_told_when_to_come_again() {
        let limits = limits();
        assert_eq!(taken(&limits, Side::Device, "192.0.2.1"), 5);
        let wait = limits.take(Side::Device, ip("192.0.2.1")).unwrap_err();
        assert!((1..=2).contains(&wait), "{wait}");
    }

    #[test]
    fn addresses_and_sides_have_limits_of_their_own() {
        let limits = limits();
        assert_eq!(taken(&limits, Side::Device, "192.0.2.1"), 5);
        assert_eq!(taken(&limits, Side::Device, "192.0.2.2"), 5);
        assert_eq!(taken(&limits, Side::Developer, "192.0.2.1"), 10);
        assert_eq!(taken(&limits, Side::Operations, "192.0.2.1"), 100);
    }

    #[test]
    fn one_network_of_ipv6_is_one_client() {
        let limits = limits();
        assert_eq!(taken(&limits, Side::Device, "2001:db8::1"), 5);
        assert_eq!(taken(&limits, Side::Device, "2001:db8::2"), 0);
        assert_eq!(taken(&limits, Side::Device, "2001:db8:0:1::1"), 5);
        assert_eq!(taken(&limits, Side::Device, "192.0.2.9"), 5);
        assert_eq!(taken(&limits, Side::Device, "::ffff:192.0.2.9"), 0);
    }

    #[test]
    fn no_rate_is_no_limit() {
        let limits = RateLimits::new(Rates {
            device: 0,
            developer: 0,
        });
        assert_eq!(taken(&limits, Side::Device, "192.0.2.1"), 100);
    }

    #[test]
    fn a_proxys_word_counts_only_where_it_is_trusted_and_its_last_one_then() {
        let mut headers = HeaderMap::new();
        headers.append(
            "x-forwarded-for",
            "198.51.100.1, 198.51.100.2".parse().unwrap(),
        );
        headers.append(
            "x-forwarded-for",
            "198.51.100.3, 198.51.100.4".parse().unwrap(),
        );
        let peer = ip("192.0.2.1");
        assert_eq!(client(peer, &headers, false), peer);
        assert_eq!(client(peer, &headers, true), ip("198.51.100.4"));
        assert_eq!(client(peer, &HeaderMap::new(), true), peer);
    }

    #[test]
    fn a_port_behind_an_address_is_passed_over_and_rubbish_is_the_proxys_own() {
        let found = |hop: &str| {
            let mut headers = HeaderMap::new();
            headers.append("x-forwarded-for", hop.parse().unwrap());
            client(ip("192.0.2.1"), &headers, true)
        };
        assert_eq!(found("198.51.100.1:4711"), ip("198.51.100.1"));
        assert_eq!(found("[2001:db8::1]:4711"), ip("2001:db8::1"));
        assert_eq!(found("unknown"), ip("192.0.2.1"));
    }
}
