//! Closed lists of a ledger: a code or one of the words that clerks write for it.

use crate::text::folded;

/// A closed list: its codes as stored, the words for each, and the words to offer in a message.
pub(super) struct Choices {
    entries: &'static [(&'static str, &'static [&'static str])],
    /// The usual Chinese words, separated by `/`.
    pub(super) offered: &'static str,
}

/// Kind of a submission (诉求类型, H05 H25).
pub(super) const KINDS: Choices = Choices {
    entries: &[
        ("SUGGESTION", &["建议", "意见", "意见建议", "建议类"]),
        ("COMPLAINT", &["投诉", "举报", "投诉举报", "投诉类"]),
        ("REQUEST", &["求助", "诉求", "求决", "求助类", "request for help"]),
        ("CONSULTATION", &["咨询", "询问", "咨询类", "question"]),
        ("PRAISE", &["表扬", "感谢", "表扬类"]),
    ],
    offered: "建议/投诉/求助/咨询/表扬",
};

/// Urgency (紧急程度, S10).
pub(super) const URGENCIES: Choices = Choices {
    entries: &[
        ("NORMAL", &["一般", "普通", "正常", "不急", "ordinary"]),
        ("URGENT", &["紧急", "急", "较急"]),
        ("CRITICAL", &["特急", "特别紧急", "非常紧急"]),
    ],
    offered: "一般/紧急/特急",
};

/// Yes or no (是否).
pub(super) const YES_NO: Choices = Choices {
    entries: &[("TRUE", &["是", "yes", "y", "1", "√"]), ("FALSE", &["否", "no", "n", "0", "×"])],
    offered: "是/否",
};

impl Choices {
    /// The code that a cell means, or `None`. What people read is compared.
    pub(super) fn code_of(&self, text: &str) -> Option<&'static str> {
        let wanted = folded(text);
        let entry = self.entries.iter().find(|(code, words)| {
            code.eq_ignore_ascii_case(&wanted) || words.iter().any(|word| folded(word) == wanted)
        });
        entry.map(|(code, _)| *code)
    }
}

/// What a cell says to a question of yes or no; `None` when it says neither.
pub(in crate::intake) fn truth_of(text: &str) -> Option<bool> {
    YES_NO.code_of(text).map(|code| code == "TRUE")
}

#[cfg(test)]
mod tests {
    use entity::enums::{SubmissionKind, Urgency};
    use entity::labels::{Label, Labelled as _};

    use super::*;

    #[test]
    fn a_kind_is_read_by_code_and_by_word() {
        for (text, code) in [
            ("建议", "SUGGESTION"),
            ("suggestion", "SUGGESTION"),
            ("投诉", "COMPLAINT"),
            (" 求助 ", "REQUEST"),
            ("咨询", "CONSULTATION"),
            ("ＰＲＡＩＳＥ", "PRAISE"),
            ("投訴", "COMPLAINT"),
            ("\u{FEFF}咨\u{200B}询", "CONSULTATION"),
        ] {
            assert_eq!(KINDS.code_of(text), Some(code), "{text}");
        }
        assert_eq!(KINDS.code_of("抱怨"), None);
        assert_eq!(KINDS.code_of(""), None);
    }

    /// An exported ledger says the words of one of the languages.
    #[test]
    fn a_value_is_read_by_what_it_is_called_in_either_language() {
        let kinds = SubmissionKind::ALL.iter().map(|kind| (KINDS, kind.as_str(), kind.label()));
        let urgencies = Urgency::ALL.iter().map(|urgency| (URGENCIES, urgency.as_str(), urgency.label()));
        for (choices, code, Label { zh, en }) in kinds.chain(urgencies) {
            for word in [code, zh, en] {
                assert_eq!(choices.code_of(word), Some(code), "{word}");
            }
        }
    }

    #[test]
    fn every_word_that_a_message_offers_is_accepted() {
        for choices in [KINDS, URGENCIES, YES_NO] {
            for word in choices.offered.split('/') {
                assert!(choices.code_of(word).is_some(), "{word}");
            }
        }
    }

    #[test]
    fn no_word_stands_for_two_codes() {
        for choices in [KINDS, URGENCIES, YES_NO] {
            for (code, words) in choices.entries {
                for word in *words {
                    assert_eq!(choices.code_of(word), Some(*code), "{word}");
                }
            }
        }
    }
}
