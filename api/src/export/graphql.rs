//! What every mutation that exports answers: an address that holds for two minutes.

use async_graphql::SimpleObject;
use entity::enums::AuditAction;
use serde_json::json;

use super::format::Format;
use super::subject::{Exported, Subject};
use super::ticket::Ticket;
use crate::access::pass::Pass;
use crate::app::App;
use crate::db::{Fault, Trail};
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::graphql::scalars::DateTime;
use crate::scope::viewer::Viewer;

pub use super::printable::printable;

/// A file that may be fetched. 导出文件
#[derive(Clone, Debug, SimpleObject)]
pub struct Export {
    /// Path on this server: GET it without any header. It holds for this session alone and names its file by itself.
    /// 下载地址
    pub url: String,
    /// Until when the fetch may be begun. 有效期至
    pub expires_at: DateTime,
    /// Name that the file will have. 文件名
    pub file_name: String,
}

/// Where files are fetched.
pub const PATH: &str = "/exports/";

/// Lets what is wanted out to whoever may have it: writes that down, and gives the address.
pub async fn issue<E: Exported>(request: &Request, wanted: &E, format: Format) -> Result<Export, ApiError> {
    let viewer = request.viewer_for(E::OPERATION)?;
    let subject = Subject::of(wanted)?;
    let pass = Pass::of(viewer).ok_or_else(ApiError::forbidden)?;
    let ticket = Ticket { pass, subject, format, language: request.language, asked_at: request.now };
    let text = ticket.seal(&request.app)?;
    note(&request.app, viewer, &ticket, AuditAction::Export).await?;
    Ok(Export {
        url: format!("{PATH}{text}"),
        expires_at: DateTime(ticket.expires_at()),
        file_name: ticket.file_name(),
    })
}

/// Writes into the trail what is asked for or fetched: subject, filter and format, never text.
pub async fn note(app: &App, viewer: &Viewer, ticket: &Ticket, action: AuditAction) -> Result<(), Fault> {
    let now = app.clock.now();
    let tx = app.db.begin_write(viewer).await?;
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action,
        subject: format!("export:{}", ticket.subject.kind()),
        detail: json!({ "filter": ticket.subject.trail(), "format": ticket.format.name() }),
    })
    .await?;
    tx.commit().await
}

/// A payload: the file, null when refused, and why it was refused.
macro_rules! export_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            /// Where to fetch the file; null when refused. 导出文件
            export: Option<$crate::export::graphql::Export>,
            /// Why it was refused; empty on success. 业务错误
            user_errors: Vec<$crate::refusal::UserError>,
        }

        impl $name {
            fn of(
                request: &$crate::graphql::context::Request,
                outcome: Result<$crate::export::graphql::Export, $crate::error::Stop>,
            ) -> Result<Self, $crate::error::ApiError> {
                let (export, user_errors) =
                    $crate::error::settle(outcome, request.language)?;
                Ok(Self { export, user_errors })
            }
        }
    };
}
pub(crate) use export_payload;
