//! Clauses about how suggestions come in: the document, the days, streams, classes, channels, forms, groups.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::enums::SubmissionKind;

use super::answer::{Answer, Item, number};
use super::facts::{Evidence, Facts, Heard};
use super::judge::{ClauseStatus, Measure, Need};
use crate::campaign::names;
use crate::duty::rules::due_on;
use crate::ids::Kind;
use crate::plan::{ChannelKind, DueKind, GroupKind, RightsProfile};
use crate::refusal::Message;

/// The day by which the document is to be acknowledged, and whoever is given a part in it takes that on.
fn acknowledged_by(facts: &Facts) -> Option<NaiveDate> {
    due_on(&facts.plan, DueKind::Acknowledgement).or(facts.closes_on())
}

/// S01: every department that the document addresses has acknowledged it.
pub(super) fn document_acknowledged(facts: &Facts) -> Answer {
    let plan = &facts.plan;
    let due = acknowledged_by(facts);
    let items: Vec<Item> = crate::duty::rules::addressed(plan)
        .filter_map(|department| {
            let id = facts.departments.get(&department.code)?;
            Some(match facts.acknowledgements.get(id) {
                Some(row) => Item::new(true, (Kind::Acknowledgement, row.0)),
                None => Item::new(false, (Kind::Department, id.0)),
            })
        })
        .collect();
    Answer::each(facts, &items, due, false, |done, all| {
        Message::new(
            format!("{done}/{all} 个主送单位已确认收文"),
            format!("{done} of {all} addressed departments have acknowledged it"),
        )
    })
}

/// S04: suggestions came in the campaign's days; what comes outside of them is taken too and marked.
pub(super) fn intake_window(facts: &Facts) -> Answer {
    let (within, all) = (facts.received.within, facts.received.all);
    let outside = all - within;
    let note = Message::new(
        format!("共收到 {all} 件，征集期内 {within} 件，期外 {outside} 件"),
        format!("{all} received, {within} in the period, {outside} outside"),
    );
    Answer::some(facts, (within, Some(all)), facts.closes_on(), note, vec![facts.itself()])
}

/// S08: each collector that stands for somebody of its own has heard them. One with a role that others share collects
/// from the people at large, or for its trade.
pub(super) fn stream_per_collector(facts: &Facts) -> Answer {
    let plan = &facts.plan;
    let alone = |role: &str| plan.departments.iter().filter(|one| one.role == role).count() == 1;
    let collects = |code: &str| {
        plan.department(code)
            .is_some_and(|one| alone(&one.role) && plan.profile_of(one) == Some(RightsProfile::Collector))
    };
    streams(facts, collects)
}

/// H12–H17: the streams of these roles have received something.
pub(super) fn streams_of_roles(facts: &Facts, roles: &[impl AsRef<str>]) -> Answer {
    let named = |code: &str| {
        let department = facts.plan.department(code);
        department.is_some_and(|one| roles.iter().any(|role| role.as_ref() == one.role))
    };
    streams(facts, named)
}

fn streams(facts: &Facts, wanted: impl Fn(&str) -> bool) -> Answer {
    let of_plan = facts.plan.streams.iter();
    let codes: BTreeSet<&str> =
        of_plan.filter(|stream| wanted(&stream.department)).map(|stream| stream.code.as_str()).collect();
    let own: Vec<&Heard> =
        facts.streams.iter().filter(|stream| codes.contains(stream.code.as_str())).collect();
    let suggestions: i64 = own.iter().map(|stream| stream.count).sum();
    Answer::each(facts, &items(&own), facts.closes_on(), false, |done, all| {
        Message::new(
            format!("{done}/{all} 个征集流已征集到意见，共 {suggestions} 件"),
            format!("{done} of {all} streams have received suggestions, {suggestions} in all"),
        )
    })
}

fn items(heard: &[&Heard]) -> Vec<Item> {
    heard.iter().map(|one| Item::new(one.count > 0, one.object)).collect()
}

/// S09: something was heard in each class of the notice. What fits none of them is in the class for everything else.
pub(super) fn categories_complete(facts: &Facts) -> Answer {
    let named = facts.plan.categories.iter().filter(|class| !class.other);
    let own: Vec<&Heard> =
        named.filter_map(|class| facts.categories.iter().find(|row| row.code == class.code)).collect();
    Answer::each(facts, &items(&own), facts.closes_on(), false, |done, all| {
        Message::new(
            format!("{done}/{all} 个类别已征集到意见建议"),
            format!("{done} of {all} classes hold suggestions"),
        )
    })
}

/// S10: what is handed on says how urgent it is, or how many it benefits.
pub(super) fn urgency_and_benefit(facts: &Facts) -> Answer {
    use entity::enums::Urgency;
    let marked: Vec<Evidence> = facts
        .lines
        .iter()
        .filter(|line| line.urgency != Urgency::Normal || line.beneficiaries.is_some())
        .map(|line| (Kind::SummaryLine, line.id.0))
        .collect();
    let (done, all) = (number(marked.len()), number(facts.lines.len()));
    let note = Message::new(
        format!("汇总表 {all} 行中 {done} 行为急迫问题或注明受益人数"),
        format!("{done} of {all} lines of the tables are urgent or say how many benefit"),
    );
    let due = super::handed_in::table_due(facts);
    Answer::some(facts, (done, Some(all)), due, note, marked)
}

/// S11: every suggestion is in a class.
pub(super) fn classified_by_collector(facts: &Facts) -> Answer {
    let (done, all) = (facts.received.classified, facts.received.all);
    sorted(
        facts,
        Message::new(format!("{done}/{all} 件已归类"), format!("{done} of {all} suggestions are in a class")),
    )
}

/// H31: whatever came in is sorted, so that it can be looked at by class and by kind.
pub(super) fn overview_by_dimension(facts: &Facts) -> Answer {
    let (done, all) = (facts.received.classified, facts.received.all);
    let classes = used(&facts.categories).len();
    let kinds = facts.received.kinds.values().filter(|count| **count > 0).count();
    let note = Message::new(
        format!("{done}/{all} 件已梳理归类，涉及 {classes} 个类别、{kinds} 种诉求类型"),
        format!("{done} of {all} are sorted, into {classes} classes and {kinds} kinds"),
    );
    sorted(facts, note)
}

fn sorted(facts: &Facts, note: Message) -> Answer {
    let measure = Measure {
        numerator: facts.received.classified,
        denominator: Some(facts.received.all),
        need: Need::All,
        due: facts.closes_on(),
        broken: false,
    };
    Answer::of(facts, &measure, note, used(&facts.categories))
}

fn used(heard: &[Heard]) -> Vec<Evidence> {
    let some = heard.iter().filter(|one| one.count > 0);
    some.map(|one| one.object).collect()
}

/// S13–S15 H08 H10: suggestions come in by channels of these kinds; by each of them, or by any.
pub(super) fn channels(facts: &Facts, kinds: &[ChannelKind], need: Need) -> Answer {
    let of_plan = facts.plan.channels.iter();
    let codes: Vec<&str> = of_plan
        .filter(|channel| kinds.contains(&channel.kind))
        .map(|channel| channel.code.as_str())
        .collect();
    if codes.is_empty() {
        return Answer::not_applicable("方案未设此类渠道", "The plan has no such channel");
    }
    let own: Vec<&Heard> = facts.channels.iter().filter(|row| codes.contains(&row.code.as_str())).collect();
    let suggestions: i64 = own.iter().map(|row| row.count).sum();
    let note = Message::new(
        format!("经此类渠道征集 {suggestions} 件"),
        format!("{suggestions} suggestions came by it"),
    );
    if need == Need::All {
        return Answer::each(facts, &items(&own), facts.closes_on(), false, |_, _| note);
    }
    let objects = own.iter().map(|row| row.object).collect();
    Answer::some(facts, (suggestions, None), facts.closes_on(), note, objects)
}

/// S26: units that designed a form of their own have collected by it.
pub(super) fn form_per_unit(facts: &Facts) -> Answer {
    let designed = facts.plan.streams.iter().filter(|one| !one.fields.is_empty());
    let own: Vec<&Heard> =
        designed.filter_map(|stream| facts.streams.iter().find(|row| row.code == stream.code)).collect();
    let collected: Vec<Evidence> = own.iter().filter(|row| row.count > 0).map(|row| row.object).collect();
    let (done, all) = (number(collected.len()), number(own.len()));
    let note = Message::new(
        format!("{all} 个征集流设有本单位表单项，其中 {done} 个已据以征集到意见"),
        format!("{all} streams have a form of their own, {done} of them have collected by it"),
    );
    let evidence = if done > 0 { collected } else { own.iter().map(|row| row.object).collect() };
    Answer::some(facts, (done, Some(all)), facts.closes_on(), note, evidence)
}

/// S31 H22 H42: groups of each of these kinds are formed: each member to which the document is addressed has taken it on.
pub(super) fn groups(facts: &Facts, kinds: &[GroupKind]) -> Answer {
    let mut members: Vec<(Evidence, bool)> = Vec::new();
    let (mut formed, mut all) = (0, 0);
    for group in facts.plan.groups.iter().filter(|one| kinds.contains(&one.kind)) {
        let codes = group.members.iter().map(|member| member.department.as_str());
        let own: Vec<(Evidence, bool)> =
            codes.filter_map(|code| Some((facts.department(code)?, facts.knows_of_it(code)))).collect();
        all += 1;
        formed += i64::from(!own.is_empty() && own.iter().all(|(_, knows)| *knows));
        for one in own {
            if !members.contains(&one) {
                members.push(one);
            }
        }
    }
    // Each kind is asked for, so that an office without a leading group is not enough.
    let absent = kinds.iter().filter(|kind| !facts.plan.groups.iter().any(|one| one.kind == **kind));
    all += number(absent.count());
    let measure = Measure {
        numerator: formed,
        denominator: Some(all),
        need: Need::All,
        due: acknowledged_by(facts),
        broken: false,
    };
    let taken_on = members.iter().filter(|(_, knows)| *knows).count();
    let note = Message::new(
        format!("{formed}/{all} 个组已成立，{} 个成员单位中 {taken_on} 个已到位", members.len()),
        format!("{formed} of {all} groups are formed, {taken_on} of {} departments take part", members.len()),
    );
    let met = all > 0 && formed == all;
    let these = members.into_iter().filter(|(_, knows)| *knows == met);
    Answer::of(facts, &measure, note, these.map(|(one, _)| one).collect())
}

/// S18 H07: whoever is to report on the campaign has published something.
pub(super) fn publicity_log(facts: &Facts) -> Answer {
    let plan = &facts.plan;
    let broadcasts = |code: &str| {
        let mut channels = plan.channels.iter();
        channels.any(|one| one.kind == ChannelKind::Television && one.owner == code)
    };
    let reporting = plan
        .departments
        .iter()
        .filter(|one| plan.profile_of(one) == Some(RightsProfile::Publication) || broadcasts(&one.code));
    let items: Vec<Item> = reporting
        .filter_map(|one| {
            let id = facts.departments.get(&one.code)?;
            let published = facts.published.get(id).is_some_and(|count| *count > 0);
            Some(Item::new(published, (Kind::Department, id.0)))
        })
        .collect();
    let pieces: i64 = facts.published.values().sum();
    let mut answer = Answer::each(facts, &items, facts.closes_on(), false, |done, all| {
        Message::new(
            format!("{done}/{all} 个宣传单位已报道，共 {pieces} 篇"),
            format!("{done} of {all} departments have published, {pieces} pieces in all"),
        )
    });
    if answer.status == ClauseStatus::Met {
        answer.evidence.clone_from(&facts.publicity);
        answer.evidence_count = usize::try_from(pieces).unwrap_or(usize::MAX);
    }
    answer
}

/// H03: every spelling of the name finds the campaign, and there is more than one.
pub(super) fn campaign_aliases(facts: &Facts) -> Answer {
    let founding = &facts.plan.campaign;
    let spellings = std::iter::once(&founding.name).chain(&founding.aliases);
    let item = |text: &String| {
        let found = names::named(text, facts.campaigns.iter().map(|(id, names)| (*id, names)));
        let it = found.unwrap_or(facts.campaign);
        Item::new(found == Some(facts.campaign), (Kind::Campaign, it.0))
    };
    let mut items: Vec<Item> = spellings.map(item).collect();
    if founding.aliases.is_empty() {
        items.push(Item::new(false, facts.itself()));
    }
    let due = Some(founding.opens_on);
    Answer::each(facts, &items, due, false, |done, all| {
        Message::new(
            format!("{done}/{all} 种写法可查到本活动"),
            format!("{done} of {all} spellings find this campaign"),
        )
    })
}

/// H05: whatever people want to say is taken: something of each kind has come in, and anybody may write, also without a name.
pub(super) fn any_kind_any_time(facts: &Facts) -> Answer {
    let founding = &facts.plan.campaign;
    let shut = !founding.public_submission || !founding.anonymous_submission;
    let count = |kind: &SubmissionKind| facts.received.kinds.get(kind).copied().unwrap_or(0);
    let heard = SubmissionKind::ALL.iter().filter(|kind| count(kind) > 0).count();
    let (done, all) = (number(heard), number(SubmissionKind::ALL.len()));
    let measure = Measure {
        numerator: done,
        denominator: Some(all),
        need: Need::All,
        due: facts.closes_on(),
        broken: shut,
    };
    let (zh, en) = if shut {
        (
            "；方案未同时开放公众提交和匿名",
            "; the plan lets people not write by themselves and without a name",
        )
    } else {
        ("", "")
    };
    let note = Message::new(
        format!("{done}/{all} 种诉求类型已有来件，共 {} 件{zh}", facts.received.all),
        format!("{done} of {all} kinds have come in, {} in all{en}", facts.received.all),
    );
    Answer::of(facts, &measure, note, vec![facts.itself()])
}

/// H25: praise is taken too.
pub(super) fn praise_taken(facts: &Facts) -> Answer {
    let praise = facts.received.kinds.get(&SubmissionKind::Praise).copied().unwrap_or(0);
    let note = Message::new(format!("表扬 {praise} 件"), format!("{praise} of praise"));
    let figure = (praise, Some(facts.received.all));
    Answer::some(facts, figure, facts.closes_on(), note, vec![facts.itself()])
}

/// H11: each channel has a department that answers for it, and that has taken this on with the document.
pub(super) fn channel_owners(facts: &Facts) -> Answer {
    let rows: Vec<Item> = facts
        .plan
        .channels
        .iter()
        .filter_map(|channel| {
            let row = facts.channels.iter().find(|row| row.code == channel.code)?;
            Some(Item::new(facts.knows_of_it(&channel.owner), row.object))
        })
        .collect();
    Answer::each(facts, &rows, acknowledged_by(facts), false, |done, all| {
        Message::new(
            format!("{done}/{all} 条渠道的责任单位已确认"),
            format!("the owners of {done} of {all} channels have taken them on"),
        )
    })
}
