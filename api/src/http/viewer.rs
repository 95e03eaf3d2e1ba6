//! The caller behind a bearer token.

use crate::access::authenticate::viewer_of_bearer;
use crate::access::viewer::Viewer;
use crate::app::App;
use crate::graphql::error::ApiError;

/// Who a bearer token speaks for now, or UNAUTHENTICATED.
pub(super) async fn of_bearer(app: &App, bearer: &str) -> Result<Viewer, ApiError> {
    viewer_of_bearer(app, bearer, app.clock.now()).await
}
