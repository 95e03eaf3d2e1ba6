//! An address to listen at (监听地址), as it is written: `0.0.0.0:8080`, `[::1]:8080`, or a port alone, `8080` or `:8080`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::refusal::{Message, message};

/// Reads an address; a port alone is one of this machine, which nobody else reaches.
pub fn listening(text: &str) -> Result<SocketAddr, Message> {
    let text = text.trim();
    let port = text.strip_prefix(':').unwrap_or(text);
    if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) {
        let port = port.parse().map_err(|_| {
            message!("{text} 不是端口：应为 0 至 65535", "{text} is no port: 0 to 65535 is needed")
        })?;
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    text.parse().map_err(|_| refused(text))
}

fn refused(text: &str) -> Message {
    let wanted = message!(
        "应为地址和端口，例如 0.0.0.0:8080 或 [::1]:8080；也可只写端口，例如 8080",
        "an address and a port is needed, such as 0.0.0.0:8080 or [::1]:8080, or a port alone, such as 8080"
    );
    let found = if text.parse::<IpAddr>().is_ok() {
        message!("{text} 没有端口；", "{text} has no port; ")
    } else if text.starts_with("localhost") {
        message!("{text} 是主机名，请写 127.0.0.1；", "{text} is a name, write 127.0.0.1; ")
    } else {
        message!("{text:?} 不是监听地址；", "{text:?} is no address to listen at; ")
    };
    found.and(&wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_one_of_this_machine() {
        for text in ["18120", ":18120", " 18120 ", "127.0.0.1:18120"] {
            assert_eq!(listening(text).unwrap().to_string(), "127.0.0.1:18120", "{text}");
        }
        assert_eq!(listening("[::1]:0").unwrap().to_string(), "[::1]:0");
    }

    #[test]
    fn what_is_no_address_is_named_with_what_is_wrong() {
        for (text, named) in [
            ("70000", "70000 is no port"),
            ("0.0.0.0", "0.0.0.0 has no port"),
            ("localhost:8080", "write 127.0.0.1"),
            ("", "is no address"),
            (":", "is no address"),
            ("1.2.3.4:x", "is no address"),
        ] {
            let refused = listening(text).unwrap_err();
            assert!(refused.en.contains(named), "{text}: {refused}");
        }
    }
}
