//! `/explorer` (接口试用): GraphiQL when it was bundled, otherwise a page of our own; neither asks any other host for
//! anything, and a content security policy holds both to that.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::client;
use super::door::Door;

/// A file of a page.
struct File {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($folder:literal, $name:literal, $kind:expr) => {
        File {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../../explorer/", $folder, "/", $name)),
        }
    };
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
#[cfg(graphiql)]
const TEXT: &str = "text/plain; charset=utf-8";

const SIMPLE: File = asset!("page", "simple.html", HTML);

const OWN: [File; 4] = [
    asset!("page", "style.css", CSS),
    asset!("page", "words.js", SCRIPT),
    asset!("page", "session.js", SCRIPT),
    asset!("page", "simple.js", SCRIPT),
];

/// GraphiQL's page and its files.
#[cfg(graphiql)]
const GRAPHIQL: Option<(File, [File; 7])> = Some((
    asset!("page", "graphiql.html", HTML),
    [
        asset!("page", "graphiql.js", SCRIPT),
        asset!("dist", "react.js", SCRIPT),
        asset!("dist", "react-dom.js", SCRIPT),
        asset!("dist", "graphiql.min.js", SCRIPT),
        asset!("dist", "graphiql.min.css", CSS),
        // Their licences ask to go with them.
        asset!("dist", "LICENSE-react", TEXT),
        asset!("dist", "LICENSE-graphiql", TEXT),
    ],
));
#[cfg(not(graphiql))]
const GRAPHIQL: Option<(File, [File; 7])> = None;

/// Nothing from elsewhere, no script or style in the page, in nobody's frame. GraphiQL's fonts are part of its style
/// sheet; all that it misses is a style element by which its dialogs would keep the page from scrolling.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src data:; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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
        Some((page, _)) => html(&page),
        None => html(&SIMPLE),
    }
}

/// Our own page, also where GraphiQL is bundled: smaller, in two languages, and usable on a telephone.
async fn simple() -> Response {
    html(&SIMPLE)
}

async fn file(Path(name): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let bundled = GRAPHIQL.into_iter().flat_map(|(_, files)| files);
    match OWN.into_iter().chain(bundled).find(|file| file.name == name) {
        Some(file) => sent(&file),
        None => super::nowhere::nothing_here(headers, uri).await,
    }
}

/// The demonstration's accounts with their passwords: a demonstration alone has any to hand out, and hands them to a
/// browser on its own machine alone. A foreign name that resolves to this machine is not that, nor is a proxy on it.
async fn accounts(State(door): State<Arc<Door>>, parts: Parts) -> Response {
    let own = client::direct_peer(&parts).is_some_and(|peer| peer.is_loopback());
    match &door.settings.demo_accounts {
        Some(accounts) if own => {
            ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], accounts.reveal().to_owned())
                .into_response()
        }
        _ => super::nowhere::nothing_here(parts.headers, parts.uri).await,
    }
}

fn html(page: &File) -> Response {
    let headers = [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer")];
    (headers, sent(page)).into_response()
}

fn sent(file: &File) -> Response {
    // Asked for anew with every visit: a new version of the program must not meet an old script.
    let headers = [(CONTENT_TYPE, file.kind), (CACHE_CONTROL, "no-cache")];
    (StatusCode::OK, headers, file.bytes).into_response()
}
