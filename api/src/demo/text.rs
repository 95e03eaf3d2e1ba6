//! Plausible suggestions (演示建议) made of the tables of the grammar. No person in them is real.

use super::grammar::{
    ESTATE_SPOTS, ESTATES, PROBLEMS, Problem, SINCE, STEMS, STREET_SPOTS, STREETS, SURNAMES, Setting,
    VILLAGE_SPOTS, VILLAGES,
};
use super::splitmix::Splitmix;

/// Stored codes of the kinds (诉求类型, H05 H25), in the order to which [`Spec::kind`] and a cell's kind refer.
pub const KIND_CODES: [&str; 5] = ["SUGGESTION", "COMPLAINT", "REQUEST", "CONSULTATION", "PRAISE"];

/// Stored codes of urgency (紧急程度, S10).
pub const URGENCY_CODES: [&str; 3] = ["NORMAL", "URGENT", "CRITICAL"];

/// What is given about a suggestion; the rest is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spec<'a> {
    /// Seed of the whole set.
    pub seed: u64,
    /// Number of the suggestion in the set.
    pub index: u64,
    /// Days over which the set is spread; 0 counts as 1.
    pub days: u32,
    /// Class, counted as in [`CATEGORY_NAMES`](super::CATEGORY_NAMES) and taken modulo its length; drawn when `None`.
    pub category: Option<usize>,
    /// Kind, counted as in [`KIND_CODES`] and taken modulo its length; drawn when `None`.
    pub kind: Option<usize>,
    /// Name of a village or community of the plan; an invented place when `None`.
    pub place: Option<&'a str>,
}

/// One invented suggestion (建议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSuggestion {
    /// Title (标题), at most 40 characters behind the place.
    pub title: String,
    /// Text (内容), 40 to 160 characters with an invented place.
    pub content: String,
    /// Stored code of the kind (诉求类型), one of [`KIND_CODES`].
    pub kind: &'static str,
    /// Class (类别), an index into [`CATEGORY_NAMES`](super::CATEGORY_NAMES).
    pub category_index: usize,
    /// Stored code of the urgency (紧急程度), one of [`URGENCY_CODES`].
    pub urgency: &'static str,
    /// How many people benefit (受益人数), from 1 to 3,000.
    pub beneficiaries: u32,
    /// Name (姓名) such as 居民甲 or 王某; `None` when anonymous.
    pub name: Option<String>,
    /// Telephone (电话) of a range that nobody has: 1990000 and four digits; `None` when anonymous.
    pub phone: Option<String>,
    /// Whole days after the first day on which it was received, below [`Spec::days`].
    pub received_day: u32,
    /// Seconds after local midnight at which it was received, from 7:00 to 22:00.
    pub received_second: u32,
}

/// The suggestion that belongs to a seed and an index: always the same one.
#[must_use]
pub fn suggestion(spec: &Spec<'_>) -> DemoSuggestion {
    let mut numbers = Splitmix::of_row(spec.seed, spec.index);
    // Drawn even where given, so that giving a class does not change the other draws.
    let drawn_category = numbers.weighted(&[18, 12, 14, 9, 8, 8, 11, 5, 7, 12]);
    let drawn_kind = numbers.weighted(&[45, 20, 18, 12, 5]);
    let category_index = spec.category.unwrap_or(drawn_category) % PROBLEMS.len();
    let kind = spec.kind.unwrap_or(drawn_kind) % KIND_CODES.len();
    let problems = PROBLEMS[category_index];
    let problem = &problems[numbers.below(problems.len())];
    let place = place(&mut numbers, problem.setting, spec.place);
    let (name, phone) = person(&mut numbers, spec.index);
    DemoSuggestion {
        title: title(&mut numbers, kind, &place, problem),
        content: content(&mut numbers, kind, &place, problem),
        kind: KIND_CODES[kind],
        category_index,
        urgency: URGENCY_CODES[numbers.weighted(&[78, 18, 4])],
        beneficiaries: beneficiaries(&mut numbers),
        name,
        phone,
        received_day: narrow(numbers.below(spec.days.max(1) as usize)),
        received_second: narrow(7 * 3600 + numbers.below(15 * 3600)),
    }
}

fn pick<'a>(numbers: &mut Splitmix, words: &[&'a str]) -> &'a str {
    words[numbers.below(words.len())]
}

/// Draws are far below 2^32; the fallback is never reached.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn place(numbers: &mut Splitmix, setting: Setting, given: Option<&str>) -> String {
    let (names, spots): (&[&str], &[&str]) = match setting {
        Setting::Village => (&VILLAGES, &VILLAGE_SPOTS),
        Setting::Estate => (&ESTATES, &ESTATE_SPOTS),
        Setting::Street => (&STREETS, &STREET_SPOTS),
        Setting::Anywhere => {
            let setting = [Setting::Village, Setting::Estate, Setting::Street][numbers.below(3)];
            return place(numbers, setting, given);
        }
    };
    let (name, spot) = (pick(numbers, names), pick(numbers, spots));
    match (given, setting) {
        (None, _) => format!("{name}{spot}"),
        (Some(given), Setting::Village) => given.to_owned(),
        (Some(given), _) => format!("{given}{name}{spot}"),
    }
}

fn title(numbers: &mut Splitmix, kind: usize, place: &str, problem: &Problem) -> String {
    let Problem { subject, brief, ask, question, .. } = problem;
    let plain = numbers.below(2) == 0;
    match (KIND_CODES[kind], plain) {
        ("SUGGESTION", true) => format!("关于{place}{subject}问题的建议"),
        ("SUGGESTION", false) => format!("{place}：建议{ask}"),
        ("COMPLAINT", true) => format!("{place}{brief}"),
        ("COMPLAINT", false) => format!("投诉{place}{subject}问题"),
        ("REQUEST", true) => format!("请求解决{place}{subject}问题"),
        ("REQUEST", false) => format!("{place}{brief}，盼解决"),
        ("CONSULTATION", true) => format!("咨询{place}{subject}问题"),
        ("CONSULTATION", false) => format!("{place}：{question}？"),
        (_, true) => format!("感谢解决{place}{subject}问题"),
        (_, false) => format!("表扬{place}{subject}问题办理及时"),
    }
}

fn content(numbers: &mut Splitmix, kind: usize, place: &str, problem: &Problem) -> String {
    let Problem { subject, trouble, ask, question, .. } = problem;
    let opening =
        pick(numbers, &["您好，", "领导好，", "我是附近住户，", "受邻居们委托，", "反映一个情况：", ""]);
    let since = pick(numbers, &SINCE);
    let closing =
        pick(numbers, &["谢谢。", "盼望回复。", "望能尽快解决。", "辛苦了。", "大家都很期待。", ""]);
    match KIND_CODES[kind] {
        "SUGGESTION" => {
            format!("{opening}{place}的{subject}问题大家很关心。{trouble}，{since}。建议{ask}。{closing}")
        }
        "COMPLAINT" => format!(
            "{opening}现反映{place}的{subject}问题：{trouble}，{since}。希望有关部门到现场看一看，{ask}。{closing}"
        ),
        "REQUEST" => format!(
            "{opening}{place}的{subject}问题让我们很为难：{trouble}，{since}。恳请帮助协调，{ask}。{closing}"
        ),
        "CONSULTATION" => {
            format!("{opening}想咨询{place}的{subject}问题。{trouble}，{since}。请问{question}？{closing}")
        }
        _ => format!(
            "{opening}以前{place}{trouble}。向工作人员反映{subject}问题后，很快有人到现场处理，现在好多了。特此感谢，盼继续保持。"
        ),
    }
}

fn beneficiaries(numbers: &mut Splitmix) -> u32 {
    let (least, span) = [(1, 5), (6, 45), (50, 250), (300, 2_701)][numbers.weighted(&[35, 35, 22, 8])];
    narrow(least + numbers.below(span))
}

/// A made-up name and number, or neither: about one in seven stays anonymous (H25).
fn person(numbers: &mut Splitmix, index: u64) -> (Option<String>, Option<String>) {
    const NUMBERS: u64 = 10_000;
    let name = match numbers.weighted(&[15, 25, 20, 40]) {
        0 => return (None, None),
        1 => format!("居民{}", pick(numbers, &STEMS)),
        2 => format!("村民{}", pick(numbers, &STEMS)),
        _ => format!("{}某", pick(numbers, &SURNAMES)),
    };
    (Some(name), Some(format!("1990000{:04}", index % NUMBERS)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::grammar::CATEGORY_NAMES;
    use super::*;

    fn set(count: u64) -> Vec<DemoSuggestion> {
        (0..count).map(|index| suggestion(&Spec { seed: 7, index, days: 400, ..Spec::default() })).collect()
    }

    #[test]
    fn the_same_seed_and_index_give_the_same_suggestion() {
        assert_eq!(set(50), set(50));
        let other = suggestion(&Spec { seed: 8, index: 0, days: 400, ..Spec::default() });
        assert_ne!(set(1)[0], other);
    }

    #[test]
    fn texts_keep_their_lengths_and_times_their_hours() {
        for made in set(5_000) {
            let (title, content) = (made.title.chars().count(), made.content.chars().count());
            assert!((6..=60).contains(&title), "{title} {}", made.title);
            assert!((40..=160).contains(&content), "{content} {}", made.content);
            assert!(made.received_day < 400 && (25_200..79_200).contains(&made.received_second));
            assert!((1..=3_000).contains(&made.beneficiaries));
        }
    }

    #[test]
    fn a_demonstration_of_usual_size_finds_what_its_examples_search() {
        let made = set(3_000);
        for word in ["路灯", "停车", "油烟", "排水", "校车", "低保"] {
            let found =
                made.iter().filter(|one| one.title.contains(word) || one.content.contains(word)).count();
            assert!(found >= 15, "{word} {found}");
        }
    }

    #[test]
    fn every_class_kind_and_urgency_occurs() {
        let made = set(3_000);
        let classes: HashSet<usize> = made.iter().map(|one| one.category_index).collect();
        let kinds: HashSet<&str> = made.iter().map(|one| one.kind).collect();
        let urgencies: HashSet<&str> = made.iter().map(|one| one.urgency).collect();
        assert_eq!(
            (classes.len(), kinds.len(), urgencies.len()),
            (CATEGORY_NAMES.len(), KIND_CODES.len(), 3)
        );
    }

    #[test]
    fn few_texts_are_alike() {
        let made = set(3_000);
        let texts: HashSet<&str> = made.iter().map(|one| one.content.as_str()).collect();
        assert!(texts.len() > 2_950, "{}", texts.len());
    }

    #[test]
    fn persons_are_placeholders() {
        for made in set(2_000) {
            assert_eq!(made.name.is_some(), made.phone.is_some());
            let Some((name, phone)) = made.name.zip(made.phone) else {
                continue;
            };
            assert!(name.starts_with("居民") || name.starts_with("村民") || name.ends_with('某'), "{name}");
            assert!(phone.starts_with("1990000") && phone.len() == 11, "{phone}");
        }
    }

    #[test]
    fn what_is_given_is_kept() {
        let spec =
            Spec { seed: 1, index: 5, days: 0, category: Some(9), kind: Some(4), place: Some("河西村") };
        let made = suggestion(&spec);
        assert_eq!((made.category_index, made.kind, made.received_day), (9, "PRAISE", 0));
        assert!(made.content.contains("河西村") && made.title.contains("河西村"));
    }
}
