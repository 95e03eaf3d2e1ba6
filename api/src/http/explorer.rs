//! `/explorer` (接口试用): GraphiQL when it was bundled, otherwise a page of our own; neither asks any other host for
//! anything, and a content security policy holds both to that.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY,
};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::door::Door;

/// A file of a page.
struct File {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($folder:literal, $name:literal, $kind:literal) => {
        File {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../../explorer/", $folder, "/", $name)),
        }
    };
}

const HTML: &str = "text/html; charset=utf-8";
const SIMPLE: File = asset!("page", "simple.html", "text/html; charset=utf-8");

const OWN: [File; 4] = [
    asset!("page", "style.css", "text/css; charset=utf-8"),
    asset!("page", "words.js", "text/javascript; charset=utf-8"),
    asset!("page", "session.js", "text/javascript; charset=utf-8"),
    asset!("page", "simple.js", "text/javascript; charset=utf-8"),
];

/// GraphiQL's page and its files.
#[cfg(graphiql)]
const GRAPHIQL: Option<(File, [File; 7])> = Some((
    asset!("page", "graphiql.html", "text/html; charset=utf-8"),
    [
        asset!("page", "graphiql.js", "text/javascript; charset=utf-8"),
        asset!("dist", "react.js", "text/javascript; charset=utf-8"),
        asset!("dist", "react-dom.js", "text/javascript; charset=utf-8"),
        asset!("dist", "graphiql.min.js", "text/javascript; charset=utf-8"),
        asset!("dist", "graphiql.min.css", "text/css; charset=utf-8"),
        // Their licences ask to go with them.
        asset!("dist", "LICENSE-react", "text/plain; charset=utf-8"),
        asset!("dist", "LICENSE-graphiql", "text/plain; charset=utf-8"),
    ],
));
#[cfg(not(graphiql))]
const GRAPHIQL: Option<(File, [File; 7])> = None;

/// Nothing from elsewhere, no script in the page, in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// GraphiQL's widgets place themselves by style elements of their own, and its fonts are part of its style sheet.
const GRAPHIQL_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    font-src data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The paths below `/explorer`.
pub(super) fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/explorer", get(explorer))
        .route("/explorer/simple", get(simple))
        .route("/explorer/accounts.json", get(accounts))
        .route("/explorer/{file}", get(file))
}

async fn explorer() -> Response {
    match GRAPHIQL {
        Some((page, _)) => html(&page, GRAPHIQL_POLICY),
        None => html(&SIMPLE, POLICY),
    }
}

/// Our own page, also where GraphiQL is bundled: smaller, in two languages, and usable on a telephone.
async fn simple() -> Response {
    html(&SIMPLE, POLICY)
}

async fn file(Path(name): Path<String>, uri: Uri) -> Response {
    let bundled = GRAPHIQL.into_iter().flat_map(|(_, files)| files);
    match OWN
        .into_iter()
        .chain(bundled)
        .find(|file| file.name == name)
    {
        Some(file) => sent(&file),
        None => super::router::nothing_here(uri).await,
    }
}

/// The demonstration's accounts with their passwords: a demonstration alone has any to hand out, and hands them to a
/// browser on its own machine alone. A foreign name that resolves to this machine is not that.
async fn accounts(State(door): State<Arc<Door>>, headers: HeaderMap, uri: Uri) -> Response {
    match &door.settings.demo_accounts {
        Some(accounts) if names_this_machine(&headers) => (
            [
                (CONTENT_TYPE, "application/json"),
                (CACHE_CONTROL, "no-store"),
            ],
            accounts.reveal().to_owned(),
        )
            .into_response(),
        _ => super::router::nothing_here(uri).await,
    }
}

fn names_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<axum::http::uri::Authority>().ok());
    authority.is_some_and(|authority| {
        let host = authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
    })
}

fn html(page: &File, policy: &'static str) -> Response {
    debug_assert_eq!(page.kind, HTML);
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers, sent(page)).into_response()
}

fn sent(file: &File) -> Response {
    // Asked for anew with every visit: a new version of the program must not meet an old script.
    let headers = [(CONTENT_TYPE, file.kind), (CACHE_CONTROL, "no-cache")];
    (StatusCode::OK, headers, file.bytes).into_response()
}
