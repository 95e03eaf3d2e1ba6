//! What is indexed, and writing it.

use chrono::{DateTime, Utc};
use entity::id::{DepartmentId, SubmissionId};
use sea_orm::{DbBackend, Value};

use super::{grams, scope};
use crate::db::fault::Fault;
use crate::db::tx::Tx;
use crate::text::folded;

/// What is indexed of a suggestion. Give it text in which numbers and the person's name are masked already, so that nobody
/// can look for what is not shown.
#[derive(Clone, Debug)]
pub struct Document {
    /// The suggestion.
    pub submission: SubmissionId,
    /// Departments with a share in it; of one that is indexed already none, where they stay as they are.
    pub departments: Vec<DepartmentId>,
    /// When it was received: the order in which hits are shown.
    pub received_at: DateTime<Utc>,
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
}

impl Tx {
    /// Indexes suggestions for the first time.
    pub async fn index_texts(&self, documents: &[Document]) -> Result<(), Fault> {
        self.admit_texts(documents).await?;
        if self.backend() == DbBackend::Postgres {
            if let [document] = documents {
                let (sql, values) = self.indexing(std::slice::from_ref(document));
                return self.kernel_later(&sql, values).await;
            }
            for chunk in documents.chunks(200) {
                let (sql, values) = self.indexing(chunk);
                self.execute_kernel(&sql, values).await?;
            }
            return Ok(());
        }
        for document in documents {
            self.index_sqlite(document).await?;
        }
        Ok(())
    }

    /// Indexes a suggestion's text anew, for the departments that are named or, where none is, for those that see it already.
    pub async fn reindex_text(&self, document: &Document) -> Result<(), Fault> {
        self.admit_texts(std::slice::from_ref(document)).await?;
        let (title, content) = (folded(&document.title), folded(&document.content));
        let grams = grams::of_texts(&title, &content);
        let county: Value = self.viewer().county().clone().into();
        let id: Value = document.submission.into();
        if self.backend() == DbBackend::Postgres {
            let sql = "UPDATE submission_text SET title = $1, content = $2, grams = $3::bigint[], received_at = $4, \
                 departments = coalesce($7::uuid[], departments) WHERE county = $5 AND submission = $6";
            let (at, seen_by) = (document.received_at.into(), &document.departments);
            let seen_by = (!seen_by.is_empty()).then(|| array(seen_by)).into();
            let values =
                vec![title.into(), content.into(), grams::array(&grams).into(), at, county, id, seen_by];
            return self.kernel_later(sql, values).await;
        }
        let row = "(SELECT id FROM submission_text WHERE county = ? AND submission = ?)";
        let gram = format!("UPDATE submission_gram SET scope = ?, grams = ? WHERE rowid = {row}");
        let scope = self.scope_tokens(&document.submission).await?;
        let values = vec![scope.into(), grams::tokens(&grams, " ").into(), county.clone(), id.clone()];
        self.execute_kernel(&gram, values).await?;
        let text = "UPDATE submission_text SET title = ?, content = ? WHERE county = ? AND submission = ?";
        self.execute_kernel(text, vec![title.into(), content.into(), county, id]).await.map(|_| ())
    }

    /// The scope words of a suggestion, from all of its shares: FTS5 keeps no text to read them back from.
    async fn scope_tokens(&self, submission: &SubmissionId) -> Result<String, Fault> {
        let sql = "SELECT lower(hex(department)) FROM share WHERE county = ? AND submission = ?";
        let values: Vec<Value> = vec![self.viewer().county().clone().into(), (*submission).into()];
        let mut tokens = vec![scope::of_county(self.viewer())];
        for row in self.query_kernel(sql, values).await? {
            tokens.push(format!("d{}", row.try_get_by_index::<String>(0)?));
        }
        Ok(tokens.join(" "))
    }

    /// What indexes suggestions on PostgreSQL.
    fn indexing(&self, documents: &[Document]) -> (String, Vec<Value>) {
        let mut rows = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for document in documents {
            let n = values.len();
            rows.push(format!(
                "(${}, ${}, ${}::uuid[], ${}, ${}, ${}, ${}::bigint[])",
                n + 1,
                n + 2,
                n + 3,
                n + 4,
                n + 5,
                n + 6,
                n + 7
            ));
            let (title, content) = (folded(&document.title), folded(&document.content));
            let grams = grams::array(&grams::of_texts(&title, &content));
            values.extend([
                self.viewer().county().clone().into(),
                document.submission.into(),
                array(&document.departments).into(),
                document.received_at.into(),
                title.into(),
                content.into(),
                grams.into(),
            ]);
        }
        let sql = format!(
            "INSERT INTO submission_text (county, submission, departments, received_at, title, content, grams) VALUES {}",
            rows.join(", ")
        );
        (sql, values)
    }

    async fn index_sqlite(&self, document: &Document) -> Result<(), Fault> {
        let (title, content) = (folded(&document.title), folded(&document.content));
        let mut scope = vec![scope::of_county(self.viewer())];
        scope.extend(document.departments.iter().map(|id| scope::of_department(*id)));
        let gram_values: Vec<Value> =
            vec![scope.join(" ").into(), grams::tokens(&grams::of_texts(&title, &content), " ").into()];
        let county = self.viewer().county().clone();
        let text_values: Vec<Value> =
            vec![county.into(), document.submission.into(), title.into(), content.into()];
        let text = "INSERT INTO submission_text (county, submission, title, content) VALUES (?, ?, ?, ?)";
        self.execute_kernel(text, text_values).await?;
        let gram = "INSERT INTO submission_gram (rowid, scope, grams) VALUES (last_insert_rowid(), ?, ?)";
        self.execute_kernel(gram, gram_values).await.map(|_| ())
    }
}

/// Departments as PostgreSQL reads an array.
fn array(departments: &[DepartmentId]) -> String {
    let departments: Vec<String> = departments.iter().map(|id| id.0.to_string()).collect();
    format!("{{{}}}", departments.join(","))
}
