//! One request: its caller, its instant, and one snapshot that all of its resolvers share.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::answer_size::AnswerSize;
use super::reads::Reads;
use super::refresh_cookie::RefreshCookie;
use crate::app::App;
use crate::app::sessions::{Open, Standing};
use crate::db::Tx;
use crate::error::ApiError;
use crate::ids::Kind;
use crate::limits::citizen::Citizen;
use crate::limits::request::MOST_BYTES;
use crate::refusal::Language;
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;
use crate::snapshot::{SharedSnapshot, Snapshot};

/// What a resolver knows of its request.
pub struct Request {
    /// The application.
    pub app: Arc<App>,
    /// Who asks; none without a credential.
    pub caller: Option<Viewer>,
    /// Language of messages.
    pub language: Language,
    /// Where the request came from, for the throttle.
    pub address: IpAddr,
    /// The instant of the request: one for all of it.
    pub now: DateTime<Utc>,
    /// The browser's refresh token, where the transport can carry one.
    pub cookie: Option<Arc<RefreshCookie>>,
    /// For whom a portal asks, if it says so.
    pub citizen: Option<Citizen>,
    /// What it looks at that leaves a line in the audit trail.
    pub reads: Reads,
    /// The bytes of its answer.
    pub size: Arc<AnswerSize>,
    /// What let the caller in, as it stands in the snapshot.
    pub standing: Option<Standing>,
    snapshot: Mutex<SharedSnapshot>,
}

impl Request {
    /// A request that has read nothing yet.
    #[must_use]
    pub fn new(app: Arc<App>, caller: Option<Viewer>, language: Language, address: IpAddr) -> Self {
        let now = app.clock.now();
        Self {
            reads: Reads::new(Arc::clone(&app), caller.clone(), address, now),
            app,
            caller,
            language,
            address,
            now,
            cookie: None,
            citizen: None,
            size: AnswerSize::of(MOST_BYTES),
            standing: None,
            snapshot: Mutex::default(),
        }
    }

    /// The same request with what the browser keeps.
    #[must_use]
    pub fn with_cookie(self, cookie: Option<Arc<RefreshCookie>>) -> Self {
        Self { cookie, ..self }
    }

    /// The same request for a portal's citizen.
    #[must_use]
    pub fn for_citizen(self, citizen: Option<Citizen>) -> Self {
        Self { citizen, ..self }
    }

    /// The same request with an answer of so many bytes at most.
    #[must_use]
    pub fn answered_within(self, bytes: usize) -> Self {
        Self { size: AnswerSize::of(bytes), ..self }
    }

    /// The same request over a snapshot that others of the same viewer share.
    #[must_use]
    pub fn over(self, snapshot: SharedSnapshot) -> Self {
        Self { snapshot: Mutex::new(snapshot), ..self }
    }

    /// The same request over the read in which its caller was looked up.
    #[must_use]
    pub fn begun(self, read: Option<Open>) -> Self {
        let Some(Open { tx, standing }) = read else {
            return self;
        };
        let snapshot = Arc::new(Snapshot::of(tx));
        let request = self.over(Arc::new(OnceCell::new_with(Some(snapshot))));
        Self { standing: Some(standing), ..request }
    }

    /// The caller, or UNAUTHENTICATED; FORBIDDEN while its password was given out and not changed.
    pub fn viewer(&self) -> Result<&Viewer, ApiError> {
        let viewer = self.oneself()?;
        if viewer.is_kept_out() {
            return Err(ApiError::password_first());
        }
        Ok(viewer)
    }

    /// The caller, also one who must change the password first: for what concerns nobody else.
    pub fn oneself(&self) -> Result<&Viewer, ApiError> {
        self.caller.as_ref().ok_or_else(ApiError::unauthenticated)
    }

    /// The caller if the rights table lets it, or FORBIDDEN whatever the row.
    pub fn viewer_for(&self, operation: Operation) -> Result<&Viewer, ApiError> {
        let viewer = self.viewer()?;
        if viewer.may(operation) { Ok(viewer) } else { Err(ApiError::forbidden()) }
    }

    /// The request's snapshot in the caller's scope, opened at first use.
    pub async fn read(&self) -> Result<Arc<Snapshot>, ApiError> {
        self.read_as(self.viewer()?).await
    }

    /// The same for what concerns nobody but the caller.
    pub async fn read_oneself(&self) -> Result<Arc<Snapshot>, ApiError> {
        self.read_as(self.oneself()?).await
    }

    async fn read_as(&self, viewer: &Viewer) -> Result<Arc<Snapshot>, ApiError> {
        let cell = Arc::clone(&self.snapshot.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(snapshot) = cell.get() {
            return Ok(Arc::clone(snapshot));
        }
        let open = || async {
            let snapshot = Snapshot::open(&self.app.db, viewer).await?;
            Ok::<_, ApiError>(Arc::new(snapshot))
        };
        // Boxed: every field of every row holds this future, and one of them opens the snapshot.
        Box::pin(cell.get_or_try_init(open)).await.cloned()
    }

    /// Opens a write for an operation that the caller has the right to.
    pub async fn begin_write(&self, operation: Operation) -> Result<Tx, ApiError> {
        let viewer = self.viewer_for(operation)?;
        Ok(self.app.db.begin_write(viewer).await?)
    }

    /// Forgets the snapshot, so that a payload reads what was committed just before.
    pub fn renew(&self) {
        *self.snapshot.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }

    /// The global id of a key.
    #[must_use]
    pub fn id(&self, kind: Kind, key: impl Into<Uuid>) -> ID {
        self.app.ids.encode(kind, key)
    }

    /// The key behind a global id of one kind.
    #[must_use]
    pub fn key<T: From<Uuid>>(&self, kind: Kind, id: &ID) -> Option<T> {
        self.app.ids.key(kind, id)
    }

    /// The keys behind a list of ids; ids of another kind match nothing and are dropped.
    #[must_use]
    pub fn keys<T: From<Uuid>>(&self, kind: Kind, ids: &[ID]) -> Vec<T> {
        ids.iter().filter_map(|id| self.key(kind, id)).collect()
    }

    /// A fresh key for a new row: UUIDv7 of the request's instant.
    #[must_use]
    pub fn new_key(&self) -> Uuid {
        self.app.new_key(self.now)
    }
}

/// The request behind a resolver's context.
pub trait RequestOf {
    /// The request; it is put into every execution by the HTTP layer.
    fn request(&self) -> Result<&Request, ApiError>;
}

impl RequestOf for Context<'_> {
    fn request(&self) -> Result<&Request, ApiError> {
        self.data::<Request>().map_err(|_| ApiError::internal("no request in the GraphQL context"))
    }
}
