//! One subscription of one caller: each of its events is a request of its own, with its own instant, the caller looked
//! at anew, and a snapshot that ends with the event.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{Data, Response};
use tokio::sync::Notify;

use crate::access::authenticate::Admission;
use crate::app::App;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::refusal::Language;
use crate::scope::viewer::Viewer;

/// Who subscribes, and the event that is being shown.
pub struct Subscriber {
    pub(super) app: Arc<App>,
    admission: Option<Admission>,
    language: Language,
    address: IpAddr,
    /// The request of the event that is about to be executed. A stream shows one event at a time.
    turn: Mutex<Option<Request>>,
    over: Notify,
}

impl Subscriber {
    /// A subscription of somebody who was let in, or of nobody known.
    #[must_use]
    pub fn new(
        app: Arc<App>,
        admission: Option<Admission>,
        language: Language,
        address: IpAddr,
    ) -> Arc<Self> {
        Arc::new(Self { app, admission, language, address, turn: Mutex::new(None), over: Notify::new() })
    }

    /// The caller, or UNAUTHENTICATED.
    pub fn viewer(&self) -> Result<&Viewer, ApiError> {
        Ok(&self.admission()?.viewer)
    }

    /// Returns once the caller may not go on: its transport closes then, and no event is shown any more.
    pub async fn over(&self) {
        self.over.notified().await;
    }

    /// The request of the event of this number, its snapshot open. For a caller who may not go on it never returns.
    pub(super) async fn event(&self, number: u64) -> Result<Request, ApiError> {
        let admission = self.admission()?;
        if !admission.still(&self.app).await? {
            self.over.notify_one();
            std::future::pending::<()>().await;
        }
        let viewer = &admission.viewer;
        let snapshot = self.app.events.views.of(viewer, number).await?;
        let app = Arc::clone(&self.app);
        let request = Request::new(app, Some(viewer.clone()), self.language, self.address);
        Ok(request.over(snapshot))
    }

    /// Hands the request over to the execution that follows.
    pub(super) fn show(&self, request: Request) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
    }

    fn admission(&self) -> Result<&Admission, ApiError> {
        self.admission.as_ref().ok_or_else(ApiError::unauthenticated)
    }

    fn take_turn(&self) -> Option<Request> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Gives each event's execution the request of that event, in the place of the one that subscribed.
pub struct PerEvent;

impl ExtensionFactory for PerEvent {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for PerEvent {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let subscriber = ctx.data_opt::<Arc<Subscriber>>();
        let Some(request) = subscriber.and_then(|subscriber| subscriber.take_turn()) else {
            return next.run(ctx, operation_name).await;
        };
        let mut data = Data::default();
        data.insert(request);
        next.run_with_data(ctx, operation_name, data).await
    }
}
