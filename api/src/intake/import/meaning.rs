//! What the text of a cell means: a count, a number that a spreadsheet has rounded, a line that is no entry.

use crate::secrets::seal::whole_number;
use crate::text::folded;

/// How many people: `1,200人`, `约200人`, `200余人`, `120.0`, in full width too.
pub(super) fn count_of(text: &str) -> Option<u32> {
    let plain = folded(text).replace([' ', ',', '\''], "");
    let about = ["大约", "约", "近"].iter().find_map(|word| plain.strip_prefix(word)).unwrap_or(&plain);
    let people = ["人次", "人", "名"].iter().find_map(|word| about.strip_suffix(word)).unwrap_or(about);
    let exact = people.strip_suffix(['余', '多']).unwrap_or(people);
    whole_number(exact).parse().ok()
}

/// `2.02203E+17`: a spreadsheet keeps 15 digits of a number, and shows fewer. `2022E12` is a reference like another.
pub(super) fn is_rounded(text: &str) -> bool {
    const KEPT: u32 = 15;
    let Some((digits, power)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let (first, fraction) =
        digits.split_once('.').map_or((digits, None), |(first, rest)| (first, Some(rest)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let by_spreadsheet = fraction.is_some() || power.starts_with('+');
    let power = power.strip_prefix('+').unwrap_or(power);
    first.len() == 1
        && is_number(first)
        && fraction.is_none_or(is_number)
        && is_number(power)
        && (by_spreadsheet || power.parse().is_ok_and(|power: u32| power >= KEPT))
}

/// Sums and signatures that stand below a ledger, in the column of the reference.
pub(super) fn is_no_entry(reference: &str) -> bool {
    const SUMS: [&str; 5] = ["合计", "总计", "小计", "共计", "累计"];
    const SIGNED: [&str; 18] = [
        "填表人",
        "填报人",
        "制表人",
        "审核人",
        "审批人",
        "复核人",
        "负责人",
        "经办人",
        "联系人",
        "主管领导",
        "单位负责人",
        "填报单位",
        "填表单位",
        "填表日期",
        "填报日期",
        "制表日期",
        "备注",
        "注",
    ];
    let plain = folded(reference).replace(' ', "");
    let (word, rest) =
        plain.split_once(':').map_or((plain.as_str(), None), |(word, rest)| (word, Some(rest)));
    let word = word.split_once('(').map_or(word, |(word, _)| word);
    SUMS.contains(&word) || (rest.is_some() && SIGNED.contains(&word))
}
