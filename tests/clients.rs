//! What portals, tools and browsers meet: the npm clients of `tests/clients` against the real program.

use std::process::Command;

use crate::support::binary::Server;

/// One server for all of them, since most of what they take is its start and that of their own programs.
#[test]
fn the_clients_of_the_npm_world_are_served_as_they_expect() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo(folder.path());
    let run = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/clients/run");
    let output = Command::new(run)
        .arg("all")
        .env("MINSHENG_TEST_ADDRESS", &server.address)
        .env("MINSHENG_TEST_ACCOUNTS", folder.path().join("accounts.json"))
        .env("MINSHENG_TEST_PID", server.id().to_string())
        // Without optimisation each request under way is several times as large, and the other tests want the same cores:
        // what it takes on a quiet machine is measured with the program as it is released.
        .env("MINSHENG_TEST_FLOOD_MEMORY", "128")
        .env("MINSHENG_TEST_SLOWEST", "15000")
        .env("MINSHENG_TEST_SOON", "5000")
        .env("MINSHENG_TEST_AT_ONCE", "1000")
        .env("MINSHENG_TEST_PORTALS", folder.path().join("portals.json"))
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", printed.concat());
}

/// A server of its own: everybody else's tokens would end under their hands.
#[test]
fn urql_s_and_apollo_s_exchange_survive_a_token_of_one_second() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::demo_with(folder.path(), &[("MINSHENG_ACCESS_TOKEN_SECONDS", "1")]);
    let run = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/clients/run");
    let output = Command::new(run)
        .arg("exchange")
        .env("MINSHENG_TEST_ADDRESS", &server.address)
        .env("MINSHENG_TEST_ACCOUNTS", folder.path().join("accounts.json"))
        .env("MINSHENG_TEST_PORTALS", folder.path().join("portals.json"))
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", printed.concat());
}
