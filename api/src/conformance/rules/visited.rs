//! Clauses about coverage: targets of villages, households, visits.

use super::answer::{Answer, Item, number};
use super::facts::{Evidence, Facts};
use super::judge::{Measure, Need};
use crate::coverage::rules::Counts;
use crate::ids::Kind;
use crate::plan::{Numerator, VillageClass};
use crate::refusal::Message;

/// S05 S06: every village of a class has reached its target.
pub(super) fn target(facts: &Facts, class: VillageClass) -> Answer {
    let (mut items, mut covered, mut households) = (Vec::new(), 0, 0);
    for row in facts.villages.iter().filter(|row| row.class == class) {
        let Some(target) = row.target else {
            continue;
        };
        covered += target.covered;
        households += row.counts.households;
        items.push(Item::new(target.met, (Kind::Village, row.id.0)));
    }
    if items.is_empty() {
        return Answer::not_applicable("方案未对此类村居设目标", "The plan sets no such target");
    }
    Answer::each(facts, &items, facts.closes_on(), false, |done, all| {
        Message::new(
            format!("{done}/{all} 个村、社区达标；{covered}/{households} 户"),
            format!("{done} of {all} villages met it; {covered} of {households} households"),
        )
    })
}

fn total(facts: &Facts) -> Counts {
    let counts = facts.villages.iter().map(|row| row.counts);
    counts.fold(Counts::default(), Counts::plus)
}

/// S07: every household was reached. The notice strives for it; that one was not is a breach all the same.
pub(super) fn households_not_reached(facts: &Facts) -> Answer {
    let counts = total(facts);
    let measure = Measure {
        numerator: counts.covered(Numerator::Reached),
        denominator: Some(counts.households),
        need: Need::All,
        due: facts.closes_on(),
        broken: false,
    };
    let left = counts.households - counts.reached;
    let note = Message::new(
        format!("{}/{} 户已征集，{left} 户未访", counts.reached, counts.households),
        format!("{} of {} households reached, {left} are not", counts.reached, counts.households),
    );
    let lacking = facts.villages.iter().filter(|row| {
        let all = row.counts.reached >= row.counts.households;
        all == (left == 0)
    });
    let villages = lacking.map(|row| (Kind::Village, row.id.0)).collect();
    Answer::of(facts, &measure, note, villages)
}

/// S12 H09: in every township people were visited, or heard at a symposium.
pub(super) fn household_visits(facts: &Facts) -> Answer {
    let mut townships: Vec<(Evidence, i64)> = Vec::new();
    for row in &facts.villages {
        let township = (Kind::Department, row.township.0);
        match townships.iter_mut().find(|(known, _)| *known == township) {
            Some((_, reached)) => *reached += row.counts.reached,
            None => townships.push((township, row.counts.reached)),
        }
    }
    let item = |(township, reached): &(Evidence, i64)| Item::new(*reached > 0, *township);
    let items: Vec<Item> = townships.iter().map(item).collect();
    let (visits, symposiums) = (facts.visits, facts.symposiums);
    Answer::each(facts, &items, facts.closes_on(), false, |done, all| {
        Message::new(
            format!("{done}/{all} 个乡镇、街道已走访，入户 {visits} 次，座谈会 {symposiums} 场"),
            format!("{done} of {all} townships, {visits} visits, {symposiums} symposiums"),
        )
    })
}

/// S02: coverage, support and satisfaction, each as soon as it can be counted.
pub(super) fn effect_indicators(facts: &Facts) -> Answer {
    let counts = total(facts);
    let whole = |number: i32| i64::from(number);
    let support = facts
        .votes
        .iter()
        .fold((0, 0), |(for_it, all), vote| (for_it + whole(vote.in_favour), all + whole(vote.present)));
    let satisfied = facts
        .evaluations
        .iter()
        .fold((0, 0), |(good, all), one| (good + whole(one.content), all + whole(one.all)));
    let indicators = [(counts.reached, counts.households), support, satisfied];
    // A rate of nothing is no rate: the first visit, the first vote, the first evaluation make it one.
    let known = indicators.iter().filter(|(part, all)| *part > 0 && *all > 0);
    let measure = Measure {
        numerator: number(known.count()),
        denominator: Some(number(indicators.len())),
        need: Need::All,
        due: facts.closed_on,
        broken: false,
    };
    let [coverage, support, satisfied] = indicators.map(|(part, all)| format!("{part}/{all}"));
    let note = Message::new(
        format!("覆盖 {coverage} 户，支持 {support} 票，满意 {satisfied} 票"),
        format!("coverage {coverage} households, support {support}, satisfaction {satisfied} votes"),
    );
    let voted = facts.votes.iter().map(|row| (Kind::Project, row.project.0));
    let evaluated = facts.evaluations.iter().map(|row| (Kind::Project, row.project.0));
    let mut projects: Vec<Evidence> = voted.chain(evaluated).collect();
    projects.sort_unstable_by_key(|(_, id)| *id);
    projects.dedup();
    Answer::of(facts, &measure, note, projects)
}
