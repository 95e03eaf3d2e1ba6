//! Words about suggestions, visits and where they come from.

use crate::enums::{
    ImportStatus, InvalidReason, InvalidationStatus, RecordAction, Stage, SubmissionKind, Urgency,
    VillageClass, VillageKind, VisitKind,
};

crate::labels! {
    SubmissionKind {
        Suggestion = "建议" / "Suggestion",
        Complaint = "投诉" / "Complaint",
        Request = "求助" / "Request for help",
        Consultation = "咨询" / "Question",
        Praise = "表扬" / "Praise",
    }
    Stage {
        Received = "待归类" / "To be classified",
        Classified = "已归类" / "Classified",
        Claimed = "办理中" / "Being handled",
        Responded = "办结待回访" / "Answered, to be called back",
        Recheck = "现场复核" / "Rechecked on site",
        Closed = "归档" / "Archived",
        Deferred = "列入计划" / "Planned",
        Merged = "并入他件" / "Merged into another",
        Declined = "不予采纳，已说明" / "Not adopted, explained",
        Invalid = "不予受理" / "Not admissible",
        Withdrawn = "已撤回" / "Withdrawn",
    }
    InvalidReason {
        Spam = "广告或垃圾信息" / "Advertising or spam",
        Abuse = "辱骂攻击" / "Insult",
        DecidedBefore = "事项已有处理决定" / "Decided before",
        OtherCounty = "不属本县区管辖" / "Another county's matter",
        NoSuggestion = "不属意见建议" / "No suggestion",
    }
    InvalidationStatus {
        Proposed = "待裁定" / "To be ruled",
        Accepted = "同意" / "Agreed",
        Rejected = "不同意" / "Not agreed",
        Reopened = "已重新受理" / "Taken up again",
    }
    Urgency {
        Normal = "一般" / "Ordinary",
        Urgent = "紧急" / "Urgent",
        Critical = "特急" / "Critical",
    }
    RecordAction {
        Recorded = "登记" / "Entered",
        Edited = "修改" / "Corrected",
        Withdrawn = "撤回" / "Withdrawn",
        Classified = "归类" / "Classified",
        Reclassified = "更正类别" / "Class corrected",
        Imported = "导入" / "Imported",
        Merged = "并入他件" / "Merged into another",
        Unmerged = "撤销并入" / "Merging undone",
        Declined = "不予采纳说明" / "Explained as not adopted",
        MovedOut = "改派移出" / "Moved to another stream",
        MovedIn = "改派移入" / "Moved here from another stream",
        Assigned = "分派经办人" / "Assigned",
        Unassigned = "退回待分派" / "Given back",
        InvalidProposed = "提请不予受理" / "Proposed not to accept",
        InvalidAccepted = "不予受理" / "Not accepted",
        InvalidRejected = "不同意不予受理" / "Proposal not agreed",
        Reopened = "重新受理" / "Taken up again",
    }
    ImportStatus {
        Running = "进行中" / "Running",
        Done = "完成" / "Done",
    }
    VisitKind {
        Door = "入户" / "At the door",
        Survey = "问卷、征集表" / "Survey or paper form",
        Symposium = "座谈会" / "Symposium",
        Telephone = "电话" / "Telephone",
        Online = "网络" / "Online",
    }
    VillageKind {
        Village = "村" / "Village",
        Community = "社区" / "Community",
    }
    VillageClass {
        EnvironmentScheme = "人居环境改善村" / "In the living-environment scheme",
        Ordinary = "其他村和社区" / "Other villages and communities",
    }
}
