//! To which stream an entry belongs that came in by a channel (分流; S13–S15 H08–H11).

use super::{Channel, Plan, RouteBy};

/// What is known of an entry when its stream is sought; all of them codes of the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouteFacts<'a> {
    /// The department whose post enters it; none where a citizen submits it (录入单位).
    pub entering_department: Option<&'a str>,
    /// The village or community that it concerns (村居).
    pub village: Option<&'a str>,
    /// The constituency that the person belongs to (征集对象).
    pub constituency: Option<&'a str>,
}

impl Plan {
    /// The code of the stream that the channel's rules give the entry, in the end the channel's fallback.
    #[must_use]
    pub fn stream_for<'a>(&'a self, channel: &'a Channel, facts: RouteFacts<'_>) -> &'a str {
        let placed = channel.routes.iter().find_map(|route| match route {
            RouteBy::EnteringDepartment => {
                self.stream_of_entry(facts.entering_department?, facts.constituency)
            }
            RouteBy::Village => self.stream_of_village(facts.village?),
            RouteBy::Constituency => self.stream_of_constituency(facts.constituency?),
        });
        placed.unwrap_or(&channel.fallback)
    }

    /// The stream that a department's own posts enter into: its own, or its township's for a village committee (录入).
    #[must_use]
    pub fn entry_stream(&self, department: Option<&str>, constituency: Option<&str>) -> Option<&str> {
        self.stream_of_entry(department?, constituency)
    }

    /// Of several streams of a department the one that listens to the constituency, else its first.
    fn stream_of_entry(&self, department: &str, constituency: Option<&str>) -> Option<&str> {
        let owner = self.department(department)?;
        let holder = match &owner.parent {
            Some(parent) if self.streams_of(department).next().is_none() => parent,
            _ => &owner.code,
        };
        let listens =
            |names: &[String]| constituency.is_some_and(|given| names.iter().any(|name| name == given));
        let mut streams = self.streams.iter().filter(|stream| stream.department == *holder);
        let first = streams.clone().next()?;
        let stream = streams.find(|stream| listens(&stream.constituencies)).unwrap_or(first);
        Some(&stream.code)
    }

    fn stream_of_village(&self, village: &str) -> Option<&str> {
        let village = self.villages.iter().find(|known| known.code == village)?;
        let stream = self.streams.iter().find(|stream| stream.department == village.department)?;
        Some(&stream.code)
    }

    /// None where no stream or more than one listens to it: a guess would put the entry out of its owner's sight.
    fn stream_of_constituency(&self, constituency: &str) -> Option<&str> {
        let mut listening = self
            .streams
            .iter()
            .filter(|stream| stream.constituencies.iter().any(|name| name == constituency));
        let stream = listening.next()?;
        listening.next().is_none().then_some(&stream.code)
    }
}
