//! A signed table as a file that proves itself: `minsheng verify FILE` needs no database. No SQL, no clock, no async.
//!
//! The file is canonical JSON, so that no byte of it is free. Hashes of the head and of each line say where it was
//! changed; the server's signature says that nobody else wrote it, to whoever has its public keys.

use serde::Deserialize as _;
use serde_json::{Map, Value as Json, json};

use crate::refusal::{Message, message};
use crate::secrets::seal::digest::sha256_hex;
use crate::secrets::token::{Checked, KnowsKeys, Signature};

/// Name of the format; the first line of what is signed.
pub const FORMAT: &str = "minsheng-summary-table/1";

/// A signed text with what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Canonical JSON.
    pub canonical: String,
    /// SHA-256 of it, hex.
    pub sha256: String,
    /// By whom.
    pub signature: Signature,
}

/// Something that is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No JSON, or not of this format.
    Unreadable,
    /// The same content in other bytes.
    Rewritten,
    /// The head of the table: who, which, columns, names and times of the signature.
    Head,
    /// A line, by its number.
    Line(usize),
    /// There are more or fewer lines.
    LineCount {
        /// As signed.
        signed: usize,
        /// As found.
        found: usize,
    },
    /// The text is not the one that the hash belongs to.
    Hash,
    /// Hashes, key or signature of the file itself.
    Envelope,
    /// The signature is not the server's over this text.
    Signature,
    /// None of the given keys has the name that the file gives.
    UnknownKey(String),
}

impl Finding {
    /// As it is told.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unreadable => message!("文件不是可识别的汇总表", "not a file of this format"),
            Self::Rewritten => message!("文件字节与规范形式不符", "bytes differ from the canonical form"),
            Self::Head => {
                message!("表头（单位、列、审核或审签信息）被改动", "the head of the table was changed")
            }
            Self::Line(number) => message!("第 {number} 行被改动", "line {number} was changed"),
            Self::LineCount { signed, found } => message!(
                "审签时 {signed} 行，现有 {found} 行",
                "{signed} lines were signed, {found} are there"
            ),
            Self::Hash => message!("内容与 SHA-256 摘要不符", "the content does not match its SHA-256"),
            Self::Envelope => {
                message!("摘要、密钥编号或签名被改动", "hashes, key or signature of the file were changed")
            }
            Self::Signature => message!(
                "签名不是本系统对此内容的签名",
                "the signature is not the server's over this content"
            ),
            Self::UnknownKey(kid) => message!("所给公钥中没有 {kid}", "no key {kid} among those given"),
        }
    }
}

impl Sealed {
    /// Signs a canonical text.
    pub fn sign(canonical: String, sign: impl FnOnce(&[u8]) -> Option<Signature>) -> Option<Self> {
        let signature = sign(&message(&canonical))?;
        Some(Self { sha256: sha256_hex(canonical.as_bytes()), canonical, signature })
    }

    /// The file's text; none where the canonical text is no JSON.
    #[must_use]
    pub fn file(&self) -> Option<String> {
        let document: Json = serde_json::from_str(&self.canonical).ok()?;
        let mut file = json!({
            "format": FORMAT,
            "head": head_hash(&document),
            "lines": line_hashes(&document),
            "sha256": self.sha256,
            "kid": self.signature.kid,
            "signature": self.signature.value,
            "document": document,
        });
        let seal = sha256_hex(in_order(&file).to_string().as_bytes());
        file.as_object_mut()?.insert("seal".to_owned(), seal.into());
        Some(format!("{}\n", in_order(&file)))
    }

    /// What is wrong between text, hash and signature.
    #[must_use]
    pub fn findings(&self, keys: Option<&dyn KnowsKeys>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if sha256_hex(self.canonical.as_bytes()) != self.sha256 {
            findings.push(Finding::Hash);
        }
        let checked = keys.map(|keys| keys.check(&message(&self.canonical), &self.signature));
        match checked {
            Some(Checked::Forged) => findings.push(Finding::Signature),
            Some(Checked::UnknownKey) => {
                findings.push(Finding::UnknownKey(self.signature.kid.clone()));
            }
            Some(Checked::Genuine) | None => {}
        }
        findings
    }
}

fn message(canonical: &str) -> Vec<u8> {
    format!("{FORMAT}\n{canonical}").into_bytes()
}

/// The same value with the keys of every object in order: PostgreSQL keeps them in one of its own.
#[must_use]
pub fn in_order(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            let sorted = keys.into_iter().filter_map(|key| Some((key.clone(), in_order(fields.get(key)?))));
            Json::Object(sorted.collect::<Map<_, _>>())
        }
        Json::Array(items) => items.iter().map(in_order).collect(),
        plain => plain.clone(),
    }
}

fn head_hash(document: &Json) -> String {
    let mut head = document.clone();
    if let Some(fields) = head.as_object_mut() {
        fields.remove("lines");
    }
    sha256_hex(in_order(&head).to_string().as_bytes())
}

fn line_hashes(document: &Json) -> Vec<String> {
    let lines = document.get("lines").and_then(Json::as_array);
    let hash = |line: &Json| sha256_hex(in_order(line).to_string().as_bytes());
    lines.into_iter().flatten().map(hash).collect()
}

/// Everything that is not as it was signed in a file's bytes; empty when nothing was changed. Without keys the signature
/// is left unchecked, and only who has none of them can have made the whole anew.
#[must_use]
pub fn examine(file: &[u8], keys: Option<&dyn KnowsKeys>) -> Vec<Finding> {
    examined(file, keys).unwrap_or_else(|| vec![Finding::Unreadable])
}

fn examined(file: &[u8], keys: Option<&dyn KnowsKeys>) -> Option<Vec<Finding>> {
    let text = std::str::from_utf8(file).ok()?;
    let whole: Json = serde_json::from_str(text).ok()?;
    let field = |name: &str| whole.get(name)?.as_str().map(str::to_owned);
    let document = whole.get("document")?;
    let hashes = Vec::<String>::deserialize(whole.get("lines")?).ok()?;
    let sealed = Sealed {
        canonical: in_order(document).to_string(),
        sha256: field("sha256")?,
        signature: Signature { kid: field("kid")?, value: field("signature")? },
    };
    let mut findings = parts(document, &field("head")?, &hashes);
    findings.extend(sealed.findings(keys));
    let mut open = whole.clone();
    let seal = open.as_object_mut()?.remove("seal")?;
    let broken = seal != sha256_hex(in_order(&open).to_string().as_bytes());
    if field("format")? != FORMAT || (broken && findings.is_empty()) {
        findings.push(Finding::Envelope);
    }
    if format!("{}\n", in_order(&whole)) != text {
        findings.push(Finding::Rewritten);
    }
    Some(findings)
}

/// Where a document differs from what its parts were hashed as.
fn parts(document: &Json, head: &str, hashes: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if head_hash(document) != head {
        findings.push(Finding::Head);
    }
    let found = line_hashes(document);
    if found.len() != hashes.len() {
        findings.push(Finding::LineCount { signed: hashes.len(), found: found.len() });
    }
    let changed = found.iter().zip(hashes).enumerate();
    let changed = changed.filter(|(_, (found, signed))| found != signed);
    findings.extend(changed.map(|(place, _)| Finding::Line(place + 1)));
    findings
}

#[cfg(test)]
mod tests;
