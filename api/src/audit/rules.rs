//! The chain: what a line of the trail is as bytes, and how each hash holds the one before.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use entity::id::AuditEntryId;
use entity::{audit_entry, audit_seal};
use serde_json::Value as Json;

use crate::secrets::seal::digest::sha256_hex;

/// A place in the chain, and what everything up to it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many lines are sealed up to here.
    pub seq: i64,
    /// SHA-256 over the former hash and the line, in hexadecimal letters.
    pub hash: String,
}

/// Where a chain does not hold, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Place in the chain, from 1.
    pub seq: i64,
    /// What is wrong there.
    pub reason: BreakReason,
}

/// What is wrong at a place of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakReason {
    /// The seal of this place is gone.
    SealMissing,
    /// The line that was sealed here is gone.
    LineMissing(AuditEntryId),
    /// Line or seal is not the one that was sealed here: changed, or in another's place.
    Altered(AuditEntryId),
    /// Lines and hashes fit each other, and are not those that were signed here.
    Recomputed,
    /// The signature of the head here is none of ours.
    HeadForged,
    /// The head here names a key that is not configured.
    HeadOfUnknownKey(String),
    /// From here on the chain has no signed head.
    Unsigned,
    /// The chain ended later than here once: a signed or a kept head says so.
    Shortened,
    /// The chain here is not the one of the head that was kept elsewhere.
    NotAsKept,
}

impl Head {
    /// The head of a chain without lines.
    #[must_use]
    pub fn start() -> Self {
        Self { seq: 0, hash: "0".repeat(64) }
    }

    /// The head with one line more.
    #[must_use]
    pub fn with(&self, line: &audit_entry::Model) -> Self {
        let held = format!("{}{}", self.hash, canonical(line));
        Self { seq: self.seq + 1, hash: sha256_hex(held.as_bytes()) }
    }

    /// The head behind a seal, if the seal and its line are what was sealed there.
    pub fn follow(&self, seal: &audit_seal::Model, line: Option<&audit_entry::Model>) -> Result<Self, Break> {
        let broken = |reason| Break { seq: self.seq + 1, reason };
        if seal.seq != self.seq + 1 {
            return Err(broken(BreakReason::SealMissing));
        }
        let line = line.ok_or_else(|| broken(BreakReason::LineMissing(seal.entry)))?;
        let next = self.with(line);
        if next.hash == seal.hash && line.id == seal.entry {
            Ok(next)
        } else {
            Err(broken(BreakReason::Altered(seal.entry)))
        }
    }
}

/// Every field with its length in front, so that no two lines read the same; an empty field has no length.
fn canonical(line: &audit_entry::Model) -> String {
    let audit_entry::Model {
        county,
        id,
        at,
        actor,
        profile,
        department,
        post,
        position,
        action,
        subject,
        detail,
    } = line;
    let mut fields = vec![
        Some(county.as_str().to_owned()),
        Some(id.0.to_string()),
        Some(at.timestamp_micros().to_string()),
        Some(actor.clone()),
        profile.map(|profile| profile.as_str().to_owned()),
        department.map(|department| department.0.to_string()),
        Some(action.as_str().to_owned()),
        Some(subject.clone()),
        Some(in_order_of_keys(detail).to_string()),
    ];
    // Lines of former releases have neither, and keep the bytes that they were sealed as.
    if post.is_some() || position.is_some() {
        fields.push(post.map(|post| post.0.to_string()));
        fields.push(position.map(|position| position.as_str().to_owned()));
    }
    fields.iter().fold(String::new(), |mut text, field| {
        // Writing to a String cannot fail.
        let _ = match field {
            Some(field) => write!(text, "{}:{field},", field.len()),
            None => write!(text, "-,"),
        };
        text
    })
}

/// PostgreSQL keeps the keys of an object in an order of its own.
fn in_order_of_keys(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            let sorted: BTreeMap<&String, Json> =
                fields.iter().map(|(key, value)| (key, in_order_of_keys(value))).collect();
            sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        Json::Array(items) => items.iter().map(in_order_of_keys).collect(),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::enums::{AuditAction, Position, RightsProfile};
    use entity::id::{County, DepartmentId, PostId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn line(n: u128) -> audit_entry::Model {
        audit_entry::Model {
            county: County::parse("999999").unwrap(),
            id: AuditEntryId(Uuid::from_u128(n)),
            at: DateTime::from_timestamp_micros(1_647_394_200_000_001).unwrap(),
            actor: "system:operator".to_owned(),
            profile: None,
            department: None,
            post: None,
            position: None,
            action: AuditAction::TallyRebuild,
            subject: "county:999999".to_owned(),
            detail: json!({ "b": 1, "a": [{ "d": 2, "c": 3 }] }),
        }
    }

    fn sealed(lines: &[audit_entry::Model]) -> Vec<audit_seal::Model> {
        let mut head = Head::start();
        let seal = |line: &audit_entry::Model| {
            head = head.with(line);
            audit_seal::Model {
                county: line.county.clone(),
                seq: head.seq,
                entry: line.id,
                hash: head.hash.clone(),
            }
        };
        lines.iter().map(seal).collect()
    }

    fn check(seals: &[audit_seal::Model], lines: &[audit_entry::Model]) -> Result<Head, Break> {
        seals.iter().try_fold(Head::start(), |head, seal| {
            head.follow(seal, lines.iter().find(|line| line.id == seal.entry))
        })
    }

    fn reason_at(outcome: Result<Head, Break>) -> (i64, BreakReason) {
        let Break { seq, reason } = outcome.unwrap_err();
        (seq, reason)
    }

    #[test]
    fn a_chain_holds_as_it_was_sealed() {
        let lines: Vec<_> = (1..=3).map(line).collect();
        assert_eq!(check(&sealed(&lines), &lines).unwrap().seq, 3);
        assert_eq!(check(&[], &[]).unwrap(), Head::start());
    }

    #[test]
    fn a_change_of_any_field_is_found_at_its_place() {
        let lines: Vec<_> = (1..=3).map(line).collect();
        let seals = sealed(&lines);
        let changes: [fn(&mut audit_entry::Model); 10] = [
            |line| line.county = County::parse("999998").unwrap(),
            |line| line.at += chrono::TimeDelta::microseconds(1),
            |line| line.actor.push('x'),
            |line| line.profile = Some(RightsProfile::Auditor),
            |line| line.department = Some(DepartmentId(Uuid::nil())),
            |line| line.post = Some(PostId(Uuid::nil())),
            |line| line.position = Some(Position::Officer),
            |line| line.action = AuditAction::Forbidden,
            |line| line.subject.clear(),
            |line| line.detail = json!({ "b": 1, "a": [{ "d": 2, "c": 4 }] }),
        ];
        for change in changes {
            let mut tampered = lines.clone();
            change(&mut tampered[1]);
            let wanted = (2, BreakReason::Altered(lines[1].id));
            assert_eq!(reason_at(check(&seals, &tampered)), wanted);
        }
    }

    #[test]
    fn missing_lines_missing_seals_and_exchanged_ones_are_found() {
        let lines: Vec<_> = (1..=3).map(line).collect();
        let seals = sealed(&lines);
        let gone = [lines[0].clone(), lines[2].clone()];
        assert_eq!(reason_at(check(&seals, &gone)), (2, BreakReason::LineMissing(lines[1].id)));
        let mut gap = seals.clone();
        gap.remove(1);
        assert_eq!(reason_at(check(&gap, &lines)), (2, BreakReason::SealMissing));
        let mut exchanged = seals;
        let (one, other) = (exchanged[0].entry, exchanged[1].entry);
        (exchanged[0].entry, exchanged[1].entry) = (other, one);
        assert_eq!(reason_at(check(&exchanged, &lines)), (1, BreakReason::Altered(other)));
    }

    #[test]
    fn text_that_moves_from_one_field_to_the_next_is_another_line() {
        let (mut one, mut other) = (line(1), line(1));
        (one.actor, one.subject) = ("a".to_owned(), "bc".to_owned());
        (other.actor, other.subject) = ("ab".to_owned(), "c".to_owned());
        assert_ne!(canonical(&one), canonical(&other));
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let mut other = line(1);
        other.detail = serde_json::from_str(r#"{"a":[{"c":3,"d":2}],"b":1}"#).unwrap();
        assert_eq!(canonical(&line(1)), canonical(&other));
    }
}
