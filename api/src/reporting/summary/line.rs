//! What a line of a table holds: its words, its project, and the figures of its sources. No SQL, no clock, no async.

use std::collections::BTreeSet;

use entity::enums::Urgency;

use crate::decision::project::planned::Project;
use crate::refusal::Refusal;
use crate::secrets::seal::mask_in_text;
use crate::text::passage;

/// Lines of a table at most.
pub const MOST_LINES: usize = 100;
/// Suggestions of a line at most.
pub const MOST_SOURCES: usize = 20_000;

/// The words of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The suggestions in one text.
    pub text: String,
    /// The project, if they became one.
    pub project: Option<Project>,
    /// Written by hand.
    pub remark: String,
}

impl Words {
    /// The words as they are kept: trimmed, without numbers of telephones and identity cards.
    pub fn checked(self) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let clean = |text: String| mask_in_text(&passage(&text));
        let words = Self {
            text: clean(self.text),
            remark: clean(self.remark),
            project: self.project.map(|project| Project {
                content: clean(project.content),
                funding: project.funding.map(clean).filter(|text| !text.is_empty()),
                owner: project.owner.map(clean).filter(|text| !text.is_empty()),
                ..project
            }),
        };
        let mut length = |field: &str, text: &str, least: usize, most: usize| {
            if !(least..=most).contains(&text.chars().count()) {
                refusals.push(Refusal::invalid(
                    field,
                    format!("应为 {least} 至 {most} 个字"),
                    format!("Must have {least} to {most} characters"),
                ));
            }
        };
        length("text", &words.text, 1, 2_000);
        length("remark", &words.remark, 0, 500);
        if let Some(project) = &words.project {
            length("project.content", &project.content, 1, 1_000);
            length("project.funding", project.funding.as_deref().unwrap_or_default(), 0, 100);
            length("project.owner", project.owner.as_deref().unwrap_or_default(), 0, 100);
            refusals.extend(project.refusals());
        }
        if refusals.is_empty() { Ok(words) } else { Err(refusals) }
    }
}

/// What of a suggestion goes into its line's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Telephone, as its keyed hash; none where nobody gave one.
    pub phone: Option<String>,
    /// How many people would benefit.
    pub beneficiaries: Option<i32>,
    /// How urgent.
    pub urgency: Urgency,
    /// Code and name of its village.
    pub village: Option<(String, String)>,
}

/// The figures of a line, computed from its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Suggestions.
    pub count: i32,
    /// People who put them forward: one telephone is one person, and whoever gave none is one.
    pub proposers: i32,
    /// People whom they would benefit; none where nobody said.
    pub beneficiaries: Option<i64>,
    /// Of the most urgent.
    pub urgency: Urgency,
    /// Names of the villages, by their codes.
    pub villages: Vec<String>,
}

impl Figures {
    /// Of the sources, in whatever order.
    #[must_use]
    pub fn of(sources: &[Source]) -> Self {
        let size = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let phones: BTreeSet<&str> = sources.iter().filter_map(|source| source.phone.as_deref()).collect();
        let nameless = sources.iter().filter(|source| source.phone.is_none()).count();
        let said = || sources.iter().filter_map(|source| source.beneficiaries);
        let villages: BTreeSet<&(String, String)> =
            sources.iter().filter_map(|source| source.village.as_ref()).collect();
        Self {
            count: size(sources.len()),
            proposers: size(phones.len() + nameless),
            beneficiaries: said().next().map(|_| said().map(i64::from).sum()),
            urgency: sources.iter().map(|source| source.urgency).max().unwrap_or(Urgency::Normal),
            villages: villages.into_iter().map(|(_, name)| name.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn sources() -> impl Strategy<Value = Vec<Source>> {
        let village = prop::option::of((0_u8..4).prop_map(|n| (format!("V{n}"), format!("第{n}村"))));
        let source = (
            prop::option::of("[a-c]"),
            prop::option::of(0_i32..50),
            prop::sample::select(Urgency::ALL),
            village,
        );
        let source = source.prop_map(|(phone, beneficiaries, urgency, village)| Source {
            phone,
            beneficiaries,
            urgency,
            village,
        });
        prop::collection::vec(source, 0..12)
    }

    proptest! {
        #[test]
        fn figures_do_not_depend_on_the_order_of_sources((sorted, shuffled) in sources().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle()))) {
            let figures = Figures::of(&sorted);
            prop_assert_eq!(&figures, &Figures::of(&shuffled));
            prop_assert!(figures.proposers <= figures.count);
            prop_assert_eq!(figures.count == 0, figures.proposers == 0);
        }
    }

    #[test]
    fn words_are_bounded_and_hold_no_telephone() {
        let words =
            Words { text: " 修路，联系 19900000001 ".to_owned(), project: None, remark: String::new() };
        let kept = words.clone().checked().unwrap();
        assert!(kept.text.starts_with("修路") && !kept.text.contains("19900000001"), "{kept:?}");
        assert!(Words { text: " ".to_owned(), ..words.clone() }.checked().is_err());
        let day = |d| NaiveDate::from_ymd_opt(2020, 3, d);
        let project = Project {
            content: "改造 3 公里".to_owned(),
            cost: Some(-1),
            funding: None,
            owner: None,
            start: day(2),
            finish: day(1),
            beneficiaries: None,
        };
        let refused = Words { project: Some(project), ..words }.checked().unwrap_err();
        let fields: Vec<_> = refused.iter().map(|refusal| refusal.field.join(".")).collect();
        assert_eq!(fields, ["project.estimatedCost", "project.finishOn"]);
    }
}
