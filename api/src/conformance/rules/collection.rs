//! Clauses about how suggestions come in: the document, the days, streams, classes, channels, forms, groups.

use std::collections::BTreeSet;

use super::answer::{Answer, Item, number};
use super::facts::{Evidence, Facts, Heard};
use super::judge::{ClauseStatus, Measure, Need};
use crate::duty::rules::due_on;
use crate::ids::Kind;
use crate::plan::{ChannelKind, DueKind, GroupKind, RightsProfile};
use crate::refusal::Message;

/// S01: every department that the document addresses has acknowledged it.
pub(super) fn document_acknowledged(facts: &Facts) -> Answer {
    let plan = &facts.plan;
    let due = due_on(plan, DueKind::Acknowledgement).or(facts.closes_on());
    let items: Vec<Item> = crate::duty::rules::addressed(plan)
        .filter_map(|department| {
            let id = facts.departments.get(&department.code)?;
            let mut rows = facts.acknowledgements.iter();
            Some(match rows.find(|row| row.department == *id) {
                Some(row) => Item::new(true, (Kind::Acknowledgement, row.id.0)),
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

/// S04 H02: intake is open in its days; what comes later is taken and marked.
pub(super) fn intake_window(facts: &Facts) -> Answer {
    let received = facts.received;
    let opened = facts.today >= facts.plan.campaign.opens_on;
    let late = received.all - received.within;
    Answer {
        status: if opened { ClauseStatus::Met } else { ClauseStatus::Due },
        numerator: Some(received.within),
        denominator: Some(received.all),
        note: Message::new(
            format!("征集期内收到 {} 件，期外 {late} 件", received.within),
            format!("{} received in the period, {late} outside", received.within),
        ),
        evidence: vec![facts.itself()],
        evidence_count: 1,
    }
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
pub(super) fn streams_of_roles(facts: &Facts, roles: &[&str]) -> Answer {
    let named = |code: &str| {
        let department = facts.plan.department(code);
        department.is_some_and(|one| roles.contains(&one.role.as_str()))
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

/// S09: the classes of the notice stand open.
pub(super) fn categories_complete(facts: &Facts) -> Answer {
    let named = facts.plan.categories.iter().filter(|class| !class.other);
    let mut used = 0;
    let rows: Vec<Item> = named
        .filter_map(|class| {
            let row = facts.categories.iter().find(|row| row.code == class.code)?;
            used += usize::from(row.count > 0);
            Some(Item::new(true, row.object))
        })
        .collect();
    let due = Some(facts.plan.campaign.opens_on);
    Answer::each(facts, &rows, due, false, |done, all| {
        Message::new(
            format!("{done}/{all} 个类别已设置，其中 {used} 个已有意见建议"),
            format!("{done} of {all} classes are set up, {used} of them hold suggestions"),
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
    let received = facts.received;
    let measure = Measure {
        numerator: received.classified,
        denominator: Some(received.all),
        need: Need::All,
        due: facts.closes_on(),
        broken: false,
    };
    let note = Message::new(
        format!("{}/{} 件已归类", received.classified, received.all),
        format!("{} of {} suggestions are in a class", received.classified, received.all),
    );
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

/// S26: units have forms of their own on the common core.
pub(super) fn form_per_unit(facts: &Facts) -> Answer {
    let designed = facts.plan.streams.iter().filter(|one| !one.fields.is_empty());
    let own: Vec<Evidence> = designed
        .filter_map(|stream| facts.streams.iter().find(|row| row.code == stream.code))
        .map(|row| row.object)
        .collect();
    let (done, all) = (number(own.len()), number(facts.streams.len()));
    let note = Message::new(
        format!("{all} 个征集流共用核心表单，其中 {done} 个另设本单位表单项"),
        format!("{all} streams share a core form, {done} of them add fields of their own"),
    );
    let due = Some(facts.plan.campaign.opens_on);
    Answer::some(facts, (done, Some(all)), due, note, own)
}

/// S31 H22 H42: the groups of these kinds have members.
pub(super) fn groups(facts: &Facts, kinds: &[GroupKind]) -> Answer {
    let mut members: Vec<Evidence> = Vec::new();
    let (mut formed, mut all) = (0, 0);
    for group in facts.plan.groups.iter().filter(|one| kinds.contains(&one.kind)) {
        let own = group.members.iter();
        let own: Vec<Evidence> = own.filter_map(|member| facts.department(&member.department)).collect();
        all += 1;
        formed += i64::from(!own.is_empty());
        for one in own {
            if !members.contains(&one) {
                members.push(one);
            }
        }
    }
    // Each kind is asked for, so that an office without a leading group is not enough.
    let lacking = kinds.iter().filter(|kind| !facts.plan.groups.iter().any(|one| one.kind == **kind));
    let measure = Measure {
        numerator: formed,
        denominator: Some(all + number(lacking.count())),
        need: Need::All,
        due: Some(facts.plan.campaign.opens_on),
        broken: false,
    };
    let note = Message::new(
        format!("{formed} 个组已成立，成员单位 {} 个", members.len()),
        format!("{formed} groups are formed, of {} departments", members.len()),
    );
    Answer::of(facts, &measure, note, members)
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

/// H03: other spellings of the name find the campaign.
pub(super) fn campaign_aliases(facts: &Facts) -> Answer {
    let names = number(facts.plan.campaign.aliases.len());
    let note = Message::new(format!("另有 {names} 种写法可查"), format!("{names} other spellings find it"));
    let due = Some(facts.plan.campaign.opens_on);
    Answer::some(facts, (names, None), due, note, vec![facts.itself()])
}

/// H05 H31: suggestions are taken, whatever they are about.
pub(super) fn anything_received(facts: &Facts) -> Answer {
    let all = facts.received.all;
    let note = Message::new(format!("共收到 {all} 件"), format!("{all} received"));
    let used = used(&facts.categories);
    Answer::some(facts, (all, None), facts.closes_on(), note, used)
}

/// H25: praise is taken too.
pub(super) fn praise_taken(facts: &Facts) -> Answer {
    let praise = facts.received.praise;
    let note = Message::new(format!("表扬 {praise} 件"), format!("{praise} of praise"));
    let figure = (praise, Some(facts.received.all));
    Answer::some(facts, figure, facts.closes_on(), note, vec![facts.itself()])
}

/// H11: each channel has a department that answers for it.
pub(super) fn channel_owners(facts: &Facts) -> Answer {
    let rows: Vec<Item> = facts
        .plan
        .channels
        .iter()
        .filter_map(|channel| {
            let row = facts.channels.iter().find(|row| row.code == channel.code)?;
            Some(Item::new(facts.departments.contains_key(&channel.owner), row.object))
        })
        .collect();
    let due = Some(facts.plan.campaign.opens_on);
    Answer::each(facts, &rows, due, false, |done, all| {
        Message::new(
            format!("{done}/{all} 条渠道有责任单位"),
            format!("{done} of {all} channels have an owner"),
        )
    })
}
