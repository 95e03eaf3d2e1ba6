//! The shape of a GraphQL request: one object with a query, variables and an operation name. No batches.

use async_graphql::Variables;
use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value};

use super::HttpSettings;
use super::refused::Refused;
use super::scan;
use crate::error::ErrorCode;

/// The one character that no database of ours stores.
const NUL: char = '\0';

/// Most values in the variables of a request, lists and objects included: each is looked at several times.
const MOST_VALUES: usize = 2_000;

/// A GraphQL request that has the right shape; its document is not yet looked at.
#[derive(Debug)]
pub(super) struct Payload {
    /// The document; still empty when only its hash was sent.
    pub(super) query: String,
    /// The SHA-256 of a trusted document, in hexadecimal.
    hash: Option<String>,
    /// Whether the answer tells what it cost.
    pub(super) tells_cost: bool,
    /// Its variables.
    pub(super) variables: Variables,
    /// Which operation of the document.
    pub(super) operation_name: Option<String>,
}

impl Payload {
    /// From the body of a POST.
    pub(super) fn from_json(body: &[u8]) -> Result<Self, Refused> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Self::of(members),
            Ok(Value::Array(_)) => {
                Err(bad("不支持批量请求，请逐个发送", "Batches are not served; send one request at a time"))
            }
            Ok(_) => Err(bad("请求体须为 JSON 对象", "The body must be a JSON object")),
            Err(_) => Err(bad("请求体不是有效的 JSON", "The body is not valid JSON")),
        }
    }

    /// From the query part of a GET's address, where `variables` and `extensions` are JSON.
    pub(super) fn from_address(uri: &Uri) -> Result<Self, Refused> {
        let unreadable = || bad("网址参数无法读取", "The address's parameters can't be read");
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| unreadable())?;
        let mut members = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "variables" | "extensions" => serde_json::from_str(&text).map_err(|_| {
                    bad(format!("{name} 不是有效的 JSON"), format!("{name} is not valid JSON"))
                })?,
                _ => Value::String(text),
            };
            if members.insert(name, value).is_some() {
                return Err(unreadable());
            }
        }
        Self::of(members)
    }

    /// Finds the document of a hash, and looks over one that came as text.
    pub(super) fn resolve(&mut self, settings: &HttpSettings) -> Result<(), Refused> {
        match self.hash.take() {
            Some(hash) => self.query = settings.documents.by_hash(&hash)?,
            None => scan::check(&self.query, &settings.limits)?,
        }
        Ok(())
    }

    /// From its members.
    pub(super) fn of(mut members: Map<String, Value>) -> Result<Self, Refused> {
        let extensions = object("extensions", members.remove("extensions"))?;
        let hash = hash(members.remove("documentId"), &extensions)?;
        let (query, hash) = match (members.remove("query"), hash) {
            // A hash beside the text is the client's offer to send only that; the text itself is enough.
            (Some(Value::String(text)), _) => (text, None),
            (None | Some(Value::Null), Some(hash)) => (String::new(), Some(hash)),
            _ => {
                return Err(bad("缺少文本参数 query", "query is missing or is not a text"));
            }
        };
        if query.contains(NUL) || query.contains("\\u0000") {
            return Err(nul());
        }
        let operation_name = match members.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => {
                return Err(bad("operationName 须为文本", "operationName must be a text"));
            }
        };
        let variables = object("variables", members.remove("variables"))?;
        count_values(&variables)?;
        let variables = Variables::from_json(variables);
        Ok(Self {
            query,
            hash,
            tells_cost: extensions.get("cost") == Some(&Value::Bool(true)),
            variables,
            operation_name,
        })
    }
}

/// The hash of a trusted document: `documentId` of GraphQL over HTTP, or the `persistedQuery` that Apollo's and other
/// clients send.
fn hash(id: Option<Value>, extensions: &Value) -> Result<Option<String>, Refused> {
    let named = match id {
        None | Some(Value::Null) => extensions
            .get("persistedQuery")
            .map(|persisted| persisted.get("sha256Hash").cloned().unwrap_or_default()),
        id => id,
    };
    let Some(named) = named else {
        return Ok(None);
    };
    let text = named.as_str().map(|text| text.strip_prefix("sha256:").unwrap_or(text));
    match text {
        Some(hash) if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Ok(Some(hash.to_ascii_lowercase()))
        }
        _ => Err(bad(
            "documentId 或 sha256Hash 须为 64 位十六进制的 SHA-256",
            "documentId or sha256Hash must be a SHA-256 of 64 hexadecimal digits",
        )),
    }
}

fn object(name: &str, value: Option<Value>) -> Result<Value, Refused> {
    match value {
        None | Some(Value::Null) => Ok(Value::Object(Map::new())),
        Some(Value::Object(members)) => Ok(Value::Object(members)),
        Some(_) => Err(bad(format!("{name} 须为 JSON 对象"), format!("{name} must be a JSON object"))),
    }
}

/// How deep they may lie is bounded by the reader of JSON itself.
fn count_values(variables: &Value) -> Result<(), Refused> {
    let mut left = MOST_VALUES;
    if spend(variables, &mut left)? {
        return Ok(());
    }
    Err(Refused::document(
        ErrorCode::QueryTooComplex,
        format!("variables 最多 {MOST_VALUES} 个值"),
        format!("variables may hold at most {MOST_VALUES} values"),
    ))
}

/// Whether a value and all that it holds are paid for by what is left.
fn spend(value: &Value, left: &mut usize) -> Result<bool, Refused> {
    let Some(rest) = left.checked_sub(1) else {
        return Ok(false);
    };
    *left = rest;
    let inner: Vec<&Value> = match value {
        Value::Array(values) => values.iter().collect(),
        Value::Object(members) => members.values().collect(),
        Value::String(text) if text.contains(NUL) => return Err(nul()),
        _ => Vec::new(),
    };
    for value in inner {
        if !spend(value, left)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn nul() -> Refused {
    bad("文本不得含空字符（U+0000）", "A text may not hold the character U+0000")
}

fn bad(zh: impl Into<String>, en: impl Into<String>) -> Refused {
    Refused::http(StatusCode::BAD_REQUEST, zh, en)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(variables: &Value) -> Result<Payload, Refused> {
        let body = json!({ "query": "{ serverTime }", "variables": variables });
        Payload::from_json(body.to_string().as_bytes())
    }

    #[test]
    fn variables_of_too_many_values_are_refused_however_they_are_laid_out() {
        let flat = |count: usize| json!({ "ids": vec!["a"; count] });
        assert!(of(&flat(MOST_VALUES - 2)).is_ok());
        assert!(of(&flat(MOST_VALUES - 1)).is_err());
        let and = |count: usize| json!({ "filter": { "and": vec![json!({ "isLate": true }); count] } });
        assert!(of(&and(900)).is_ok());
        let refused = of(&and(10_000)).unwrap_err();
        assert_eq!(refused.error.code(), ErrorCode::QueryTooComplex);
    }

    #[test]
    fn variables_nested_out_of_the_readers_reach_are_not_json() {
        let nested = |depth: usize| {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            let body =
                format!("{{\"query\": \"{{ serverTime }}\", \"variables\": {{ \"a\": {open}{close} }} }}");
            Payload::from_json(body.as_bytes())
        };
        assert!(nested(100).is_ok());
        let refused = nested(10_000).unwrap_err();
        assert_eq!(refused.error.code(), ErrorCode::BadUserInput);
    }
}
