//! How large an answer gets, counted in bytes while it is made: what gets too large is given up before it is all in
//! memory. The texts of rows that were read for it count as well, whether they are shown or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{Response, Value};
use sea_orm::{Iterable as _, ModelTrait};

use crate::error::{ApiError, ErrorCode};

/// What costs at most this price is measured once its answer is made: a unit of price is some 3 kB of it at most.
pub const UNMEASURED: usize = 3_000;

/// What a member costs beside name and value: quotes, colon, comma.
pub(crate) const MEMBER: usize = 4;

/// An error with its path and message, on the average.
pub(crate) const ERROR: usize = 256;

/// The bytes of one answer so far.
#[derive(Debug)]
pub struct AnswerSize {
    most: usize,
    taken: AtomicUsize,
}

impl AnswerSize {
    /// Nothing so far, of so many bytes.
    #[must_use]
    pub fn of(most: usize) -> Arc<Self> {
        Arc::new(Self { most, taken: AtomicUsize::new(0) })
    }

    /// So many bytes more, or QUERY_TOO_COMPLEX.
    pub fn take(&self, bytes: usize) -> Result<(), ApiError> {
        self.taken.fetch_add(bytes, Ordering::Relaxed);
        self.check()
    }

    /// The texts of rows that were read.
    pub fn take_rows<M: ModelTrait>(&self, rows: &[M]) -> Result<(), ApiError> {
        rows.iter().try_for_each(|row| self.take(row_bytes(row)))
    }

    /// An answer that was not measured while it was made; [`Self::check`] says whether it was too large.
    pub fn take_answer(&self, answer: &Response) {
        let own = bytes(&answer.data) + ERROR * answer.errors.len();
        self.taken.fetch_add(own, Ordering::Relaxed);
    }

    /// QUERY_TOO_COMPLEX once there are too many.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.taken.load(Ordering::Relaxed) <= self.most {
            return Ok(());
        }
        let most = self.most;
        Err(ApiError::new(
            ErrorCode::QueryTooComplex,
            format!("结果超过 {most} 字节，请减少每页条数或长文本字段；已提交的操作仍然有效"),
            format!(
                "The answer exceeds {most} bytes: ask for fewer rows or long texts; what a mutation wrote stays"
            ),
        ))
    }

    /// Begins anew.
    pub(crate) fn begin(&self) {
        self.taken.store(0, Ordering::Relaxed);
    }
}

/// Bytes of a row's texts.
fn row_bytes<M: ModelTrait>(row: &M) -> usize {
    use sea_orm::Value as Stored;
    let columns = <M::Entity as sea_orm::EntityTrait>::Column::iter();
    let bytes = columns.map(|column| match row.get(column) {
        Stored::String(Some(text)) => text.len(),
        Stored::Bytes(Some(bytes)) => bytes.len(),
        Stored::Json(Some(json)) => json.to_string().len(),
        _ => 0,
    });
    bytes.sum()
}

/// Bytes as JSON.
pub(crate) fn bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => 3 + text.len() + text.bytes().map(escaped).sum::<usize>(),
        Value::Enum(name) => 3 + name.len(),
        Value::List(items) => 2 + items.iter().map(bytes).sum::<usize>(),
        Value::Object(members) => {
            let member = |(name, value): (&async_graphql::Name, &Value)| name.len() + MEMBER + bytes(value);
            2 + members.iter().map(member).sum::<usize>()
        }
        Value::Null | Value::Boolean(_) => 6,
        Value::Number(_) => 12,
        Value::Binary(bytes) => 4 * bytes.len(),
    }
}

/// Bytes that JSON adds to one.
const fn escaped(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 1,
        0..0x20 => 5,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_longer_than_it_is_counted() {
        let json = serde_json::json!({
            "text": "引号\" 反斜线\\ \n\u{1}", "list": [1, -2, 3.5, null, true, false, "a", []], "object": { "b": {} },
        });
        let length = json.to_string().len();
        let counted = bytes(&Value::from_json(json).unwrap());
        assert!((length..2 * length).contains(&counted), "{counted} for {length}");
    }

    #[test]
    fn what_exceeds_is_refused_from_then_on() {
        let size = AnswerSize::of(10);
        assert!(size.take(10).is_ok() && size.check().is_ok());
        let refused = size.take(1).err().map(|error| error.code());
        assert_eq!(refused, Some(ErrorCode::QueryTooComplex));
        assert!(size.take(0).is_err());
        size.begin();
        assert!(size.take(10).is_ok());
    }
}
