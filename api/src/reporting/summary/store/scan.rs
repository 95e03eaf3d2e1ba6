//! The scanned page with seal and signature.

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::{SummaryScanId, SummaryTableId};
use entity::summary_scan::{ActiveModel, Column, Entity, Model};
use entity::summary_table;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::steps::change;
use super::steps::note;
use super::tables::find_open;
use crate::app::App;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::reporting::summary::rules::Action;
use crate::secrets::seal::digest::sha256_hex;

/// Largest file, in bytes: as text it fits into one request.
pub const MOST_SCAN: usize = 180 * 1024;

/// What a file is by its first bytes; nothing for other than a PDF, PNG or JPEG.
#[must_use]
pub fn media_type(file: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 3] =
        [(b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg")];
    known.into_iter().find(|(magic, _)| file.starts_with(magic)).map(|(_, name)| name)
}

/// Attaches a picture of the sealed page; a better one replaces it in view, and both stay.
pub async fn attach(
    tx: &Tx,
    app: &App,
    id: SummaryTableId,
    expected: i32,
    file: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let (table, _) = find_open(tx, id, expected, Action::Attach).await?;
    let media = media_type(&file).filter(|_| file.len() <= MOST_SCAN);
    let media = media.ok_or_else(unfit)?;
    let version = (summary_table::Column::Version, (table.version + 1).into());
    change(tx, &table, vec![version]).await?;
    let sha256 = sha256_hex(&file);
    tx.insert(ActiveModel {
        county: Set(table.county.clone()),
        id: Set(SummaryScanId(app.new_key(now))),
        department: Set(table.department),
        summary: Set(table.id),
        media_type: Set(media.to_owned()),
        content: Set(file),
        sha256: Set(sha256.clone()),
        attached_by: Set(tx.viewer().post().ok_or_else(ApiError::forbidden)?),
        attached_at: Set(now),
    })
    .await?;
    let detail = json!({ "sha256": sha256, "mediaType": media });
    note(tx, app, AuditAction::SummaryTableScanAttach, &table, detail, now).await?;
    Ok(table.id)
}

fn unfit() -> Refusal {
    Refusal::invalid(
        "content",
        "应为 PDF、PNG 或 JPEG 文件的 base64，最大 180 KiB",
        "Base64 of a PDF, PNG or JPEG of at most 180 KiB",
    )
}

/// The picture that was attached last.
pub async fn latest_scan(tx: &Tx, table: SummaryTableId) -> Result<Option<Model>, Fault> {
    tx.from::<Entity>()
        .filter(Predicate::is(Column::Summary, table))
        .order(Column::Id, Direction::Descending)
        .one()
        .await
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(media_type(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\nIHDR"), Some("image/png"));
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media_type(b"<svg onload=alert(1)>"), None);
        assert_eq!(media_type(b""), None);
    }
}
