//! How many suggestions a filter finds for somebody, counted over the truth of a database without the code that is tested.

use serde_json::Value;

use super::TestApp;
use super::rights::{sees, sees_county};
use super::truth::{Row, Truth, flag, text};
use super::world::Who;

/// Whose suggestions are counted, and over what.
pub(crate) struct Counted<'a> {
    /// Reads the global ids of filters.
    pub(crate) app: &'a TestApp,
    pub(crate) truth: &'a Truth,
    pub(crate) who: &'a Who,
}

impl Counted<'_> {
    /// How many suggestions somebody sees under a filter; nothing for a filter that no test knows yet.
    pub(crate) fn expected(&self, filter: &Value) -> Option<i64> {
        let filter = filter.as_object()?;
        let mut count = 0;
        for share in self.truth.rows("share") {
            let mine = if sees_county(self.who) {
                text(share, "capability") == "COLLECT" && text(share, "county") == self.who.county
            } else {
                sees(self.truth, self.who, "share", share)
            };
            let mut all = mine;
            for (name, value) in filter {
                all &= self.matches(share, name, value)?;
            }
            count += i64::from(all);
        }
        Some(count)
    }

    /// Whether a share is found by one field of a filter.
    fn matches(&self, share: &Row, name: &str, value: &Value) -> Option<bool> {
        let listed = |column: &str| {
            value.as_array().map(|ids| {
                ids.iter().any(|id| self.key(id.as_str().unwrap_or_default()) == text(share, column))
            })
        };
        let named =
            |column: &str| value.as_array().map(|names| names.iter().any(|name| name == text(share, column)));
        let collected = text(share, "capability") == "COLLECT";
        let own = text(share, "department") == self.who.department;
        let late = flag(share, "late");
        match name {
            "campaignIds" => listed("campaign"),
            "departmentIds" => listed("department"),
            "streamIds" => listed("stream"),
            "categoryIds" => listed("category"),
            "channelIds" => listed("channel"),
            "villageIds" => listed("village"),
            "stages" => named("stage"),
            "kinds" => named("kind"),
            "isClassified" => Some(value.as_bool()? != text(share, "category").is_empty()),
            "hasVillage" => Some(value.as_bool()? != text(share, "village").is_empty()),
            "isLate" => Some(value.as_bool()? == late),
            "receivedFrom" => Some(text(share, "received_on") >= value.as_str()?),
            "receivedTo" => Some(text(share, "received_on") <= value.as_str()?),
            "enteredFrom" => Some(text(share, "created_on") >= value.as_str()?),
            "enteredTo" => Some(text(share, "created_on") <= value.as_str()?),
            "isMerged" => Some(value.as_bool()? == (text(share, "stage") == "MERGED")),
            "isEnteredByMe" => {
                let mine = !self.who.post.is_empty() && text(share, "entered_by") == self.who.post;
                Some(value.as_bool()? == mine)
            }
            "assigneeIds" => Some(own && listed("assignee")?),
            "isAssigned" => Some(own && value.as_bool()? != text(share, "assignee").is_empty()),
            "isMine" => {
                let mine = !self.who.actor.is_empty() && text(share, "assignee") == self.who.actor;
                Some(value.as_bool()? == mine)
            }
            "isProposed" => {
                let proposed = flag(share, "proposed");
                Some(value.as_bool()? == (proposed && text(share, "category").is_empty()))
            }
            "beneficiariesFrom" => {
                let row = self.truth.row("submission", text(share, "submission"))?;
                let known = row.get("beneficiaries").and_then(Value::as_i64).unwrap_or(-1);
                Some(known >= value.as_i64()?)
            }
            "urgencies" => {
                let row = self.truth.row("submission", text(share, "submission"))?;
                Some(value.as_array()?.iter().any(|wanted| wanted == text(row, "urgency")))
            }
            "queue" => match value.as_str()? {
                "COLLECTED" => Some(collected),
                "TO_CLASSIFY" => Some(collected && text(share, "stage") == "RECEIVED"),
                "LATE" => Some(collected && late),
                "ENTERED" => Some(text(share, "capability") == "READ"),
                _ => None,
            },
            // The index follows the shares that an entry is taken in with; a handler's comes with its capability.
            "text" => {
                let row = self.truth.row("submission", text(share, "submission"))?;
                let typed = value.as_str()?.to_lowercase();
                let stands = |column: &str, word: &str| text(row, column).to_lowercase().contains(word);
                let found = |word: &str| stands("title", word) || stands("content", word);
                Some(text(share, "capability") != "HANDLE" && typed.split_whitespace().all(found))
            }
            _ => None,
        }
    }

    fn key(&self, id: &str) -> String {
        self.app.app.ids.decode(id).map_or_else(String::new, |(_, key)| key.simple().to_string())
    }
}
