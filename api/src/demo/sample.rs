//! Plausible entries of a plan (演示件): whose each is, how it came in and what it says, as the plan's own rules have it.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use entity::enums::{SubmissionKind, Urgency};
use serde_json::{Map, Value as Json};

use super::routes::{Route, Routes};
use super::splitmix::Splitmix;
use super::text::{DemoSuggestion, Spec, suggestion};
use super::{CATEGORY_NAMES, Seed};
use crate::clock::shanghai;
use crate::intake::draft::Draft;
use crate::plan::{FieldKind, FormField, Plan, Stream};

/// Days over which a campaign without an end is shown.
const OPEN_ENDED_DAYS: u64 = 400;
/// Days after the last one in which late entries still come (S04).
const LATE_DAYS: usize = 10;

/// One entry, in places of the plan's lists.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Place of its stream. 征集流
    pub stream: usize,
    /// Place of its channel. 渠道
    pub channel: usize,
    /// Place of its village or community. 村社区
    pub village: Option<usize>,
    /// Place of its class; none while it waits to be classified. 类别
    pub category: Option<usize>,
    /// Whether a post of the collector entered it, not a portal. 是否工作人员录入
    pub by_post: bool,
    /// Whether the village's committee entered it for its township. 是否村（居）委会代录
    pub by_committee: bool,
    /// Words and facts; the time of receipt is always said. 内容
    pub draft: Draft,
    /// When it was received. 收到时间
    pub received_at: DateTime<Utc>,
    /// Whether intake had closed (S04). 是否逾期
    pub late: bool,
    /// Whether its collector took it back. 是否撤回
    pub withdrawn: bool,
}

/// Makes the entries of one plan.
pub struct Samples<'a> {
    plan: &'a Plan,
    seed: Seed,
    routes: Routes,
    /// Villages of each stream's department, in places of the register.
    villages: Vec<Vec<usize>>,
    /// How often each stream comes up.
    weights: Vec<usize>,
    /// The plan's place of each class that texts have, and of the class for everything else.
    categories: Vec<Option<usize>>,
    other: Option<usize>,
    last_day: NaiveDate,
}

impl<'a> Samples<'a> {
    /// Reads off the plan what every entry needs; nothing is received after `today`.
    #[must_use]
    pub fn of(plan: &'a Plan, seed: Seed, today: NaiveDate) -> Self {
        let of_department = |stream: &Stream| {
            let register = plan.villages.iter().enumerate();
            let own = register.filter(|(_, village)| village.department == stream.department);
            own.map(|(place, _)| place).collect::<Vec<_>>()
        };
        let villages: Vec<Vec<usize>> = plan.streams.iter().map(of_department).collect();
        let place_of = |name: &&str| plan.categories.iter().position(|category| category.name == **name);
        let open_end = plan.campaign.opens_on.checked_add_days(Days::new(OPEN_ENDED_DAYS - 1));
        let end = plan.campaign.closes_on.or(open_end).unwrap_or(plan.campaign.opens_on);
        Self {
            plan,
            seed,
            routes: Routes::of(plan),
            // Townships have residents by the ten thousand, other streams a circle of people.
            weights: villages.iter().map(|villages| if villages.is_empty() { 2 } else { 5 }).collect(),
            villages,
            categories: CATEGORY_NAMES.iter().map(place_of).collect(),
            other: plan.categories.iter().position(|category| category.other),
            last_day: end.min(today),
        }
    }

    /// The entry of a number: always the same one.
    #[must_use]
    pub fn sample(&self, index: u64) -> Sample {
        let mut numbers = Splitmix::of_row(self.seed.0 ^ 0x5a3e, index);
        let stream = numbers.weighted(&self.weights);
        let village = self.village(stream, &mut numbers);
        let place = village.map(|place| self.plan.villages[place].name.as_str());
        let days = (self.last_day - self.plan.campaign.opens_on).num_days() + 1;
        let days = u32::try_from(days).unwrap_or(1).max(1);
        let made = suggestion(&Spec { seed: self.seed.0, index, days, place, ..Spec::default() });
        let route = self.routes.pick(stream, village.is_some(), &mut numbers);
        let committee = village.is_some_and(|place| self.plan.villages[place].committee.is_some());
        let received_at = self.received_at(&made, &mut numbers);
        Sample {
            stream,
            channel: route.channel,
            village,
            category: self.category(&made, &mut numbers),
            by_post: route.by_post,
            by_committee: route.by_post && committee && numbers.below(2) == 0,
            draft: self.draft(stream, &route, made, received_at, &mut numbers),
            received_at,
            late: self.plan.campaign.closes_on.is_some_and(|last| crate::clock::day_of(received_at) > last),
            withdrawn: numbers.below(50) == 0,
        }
    }

    fn village(&self, stream: usize, numbers: &mut Splitmix) -> Option<usize> {
        let villages = &self.villages[stream];
        let named = numbers.below(10) < 8;
        let place = numbers.below(villages.len());
        villages.get(place).copied().filter(|_| named)
    }

    /// One in twelve waits to be classified, and a few fit no class of their own.
    fn category(&self, made: &DemoSuggestion, numbers: &mut Splitmix) -> Option<usize> {
        let own = self.categories.get(made.category_index).copied().flatten();
        match numbers.weighted(&[8, 4, 88]) {
            0 => None,
            1 => self.other,
            _ => own.or(self.other),
        }
    }

    /// In the period; where it has an end, one in twenty-five comes late.
    fn received_at(&self, made: &DemoSuggestion, numbers: &mut Splitmix) -> DateTime<Utc> {
        let late_days = numbers.below(LATE_DAYS) as u64 + 1;
        let late = self.plan.campaign.closes_on == Some(self.last_day) && numbers.below(25) == 0;
        let in_period = self.plan.campaign.opens_on.checked_add_days(Days::new(made.received_day.into()));
        let day = if late { self.last_day.checked_add_days(Days::new(late_days)) } else { in_period };
        let midnight = day.unwrap_or(self.last_day).and_time(NaiveTime::MIN);
        let local = midnight + TimeDelta::seconds(made.received_second.into());
        shanghai().from_local_datetime(&local).single().map_or_else(DateTime::default, |at| at.to_utc())
    }

    fn draft(
        &self,
        stream: usize,
        route: &Route,
        made: DemoSuggestion,
        received_at: DateTime<Utc>,
        numbers: &mut Splitmix,
    ) -> Draft {
        let stream = &self.plan.streams[stream];
        Draft {
            title: made.title,
            content: made.content,
            kind: SubmissionKind::parse(made.kind).unwrap_or(SubmissionKind::Suggestion),
            urgency: Urgency::parse(made.urgency).unwrap_or(Urgency::Normal),
            beneficiaries: i32::try_from(made.beneficiaries).ok(),
            constituency: route.constituency.map(|place| stream.constituencies[place].clone()),
            confidential: made.name.is_some() && numbers.below(40) == 0,
            on_behalf: route.by_post && numbers.below(4) == 0,
            received_at: Some(received_at),
            name: made.name,
            phone: made.phone,
            address: None,
            extra: extra(&stream.fields, numbers),
        }
    }
}

/// What the stream's form asks beyond the core: always what must be filled in, the rest in two cases of three.
pub(super) fn extra(fields: &[FormField], numbers: &mut Splitmix) -> Map<String, Json> {
    let mut extra = Map::new();
    for field in fields {
        let (value, filled) = (value(field, numbers), numbers.below(3) > 0);
        if field.required || filled {
            extra.insert(field.key.clone(), value.into());
        }
    }
    extra
}

fn value(field: &FormField, numbers: &mut Splitmix) -> String {
    let number = numbers.below(8) + 1;
    match field.kind {
        FieldKind::Text => format!("{}示例{number}", field.label)
            .chars()
            .take(field.max_length.unwrap_or(50) as usize)
            .collect(),
        FieldKind::Number => number.to_string(),
        FieldKind::Date => format!("201{number}-06-30"),
        FieldKind::Choice => {
            field.choices.get(numbers.below(field.choices.len())).cloned().unwrap_or_default()
        }
        FieldKind::Boolean => (number > 4).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::PLANS;
    use super::*;
    use crate::intake::draft::Form;
    use crate::plan::RouteFacts;

    const TODAY: &str = "2026-01-01";

    fn each(check: impl Fn(&Plan, &[Sample])) {
        for text in PLANS {
            let plan = Plan::parse("plan.toml", text).unwrap();
            let samples = Samples::of(&plan, Seed(7), TODAY.parse().unwrap());
            check(&plan, &(0..1_900).map(|index| samples.sample(index)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_entry_passes_the_checks_that_a_real_one_must_pass() {
        let now = "2026-01-02T00:00:00Z".parse().unwrap();
        each(|plan, samples| {
            for sample in samples {
                let stream = &plan.streams[sample.stream];
                let form =
                    Form { constituencies: &stream.constituencies, fields: &stream.fields, anonymous: true };
                let refusals = sample.draft.refusals(&form, now);
                assert!(refusals.is_empty(), "{refusals:?} {:?}", sample.draft);
            }
        });
    }

    #[test]
    fn every_entry_lies_where_the_plan_puts_it() {
        each(|plan, samples| {
            for sample in samples {
                let stream = &plan.streams[sample.stream];
                let facts = RouteFacts {
                    entering_department: sample.by_post.then_some(stream.department.as_str()),
                    village: sample.village.map(|place| plan.villages[place].code.as_str()),
                    constituency: sample.draft.constituency.as_deref(),
                };
                let found = plan.stream_for(&plan.channels[sample.channel], facts);
                assert_eq!(found, stream.code, "{facts:?} by {}", plan.channels[sample.channel].code);
            }
        });
    }

    #[test]
    fn every_stream_class_and_channel_comes_up_and_some_come_late_or_are_taken_back() {
        each(|plan, samples| {
            let streams: HashSet<usize> = samples.iter().map(|sample| sample.stream).collect();
            let channels: HashSet<usize> = samples.iter().map(|sample| sample.channel).collect();
            let classes: HashSet<Option<usize>> = samples.iter().map(|sample| sample.category).collect();
            let unseen = (0..plan.channels.len())
                .filter(|place| !channels.contains(place))
                .map(|place| &plan.channels[place].code);
            assert_eq!(unseen.collect::<Vec<_>>(), Vec::<&String>::new());
            assert_eq!(streams.len(), plan.streams.len());
            assert!(classes.contains(&None) && classes.len() >= CATEGORY_NAMES.len() + 2);
            assert!(
                samples.iter().any(|sample| sample.withdrawn)
                    && samples.iter().any(|sample| sample.by_committee)
            );
            assert_eq!(samples.iter().any(|sample| sample.late), plan.campaign.closes_on.is_some());
        });
    }
}
