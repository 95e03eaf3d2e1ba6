//! Words about projects, meetings and what is told of them.

use crate::enums::{
    DecisionResult, ExplanationChannel, MeetingKind, MeetingStatus, PaperKind, ProgressKind, ProjectStatus,
    RecheckResult,
};

crate::labels! {
    ProjectStatus {
        Proposed = "拟列入" / "Proposed",
        OnGovernmentAgenda = "拟上政府常务会" / "On the government's agenda",
        Studied = "政府常务会已研究" / "Studied by the government",
        OnPartyAgenda = "拟上区委常委会" / "On the party committee's agenda",
        Adopted = "审定列入" / "Adopted",
        Changed = "调整后列入" / "Adopted with changes",
        Deferred = "暂缓" / "Deferred",
        Rejected = "未列入" / "Rejected",
        Withdrawn = "已撤销" / "Withdrawn",
    }
    MeetingKind {
        GovernmentExecutive = "政府常务会议" / "Executive meeting of the government",
        PartyStanding = "党委常委会" / "Standing committee of the party committee",
        CongressVote = "代表票决" / "Vote of the deputies",
    }
    MeetingStatus {
        Planned = "待召开" / "Planned",
        Held = "已召开" / "Held",
        Cancelled = "已取消" / "Cancelled",
    }
    PaperKind {
        Project = "项目" / "Project",
        Meeting = "会议" / "Meeting",
        Vote = "票决" / "Vote",
        Evaluation = "测评" / "Evaluation",
        Inspection = "督查" / "Inspection",
        Circular = "通报" / "Circular",
        Publicity = "宣传报道" / "Publicity",
    }
    DecisionResult {
        Adopt = "通过" / "Adopted",
        Change = "调整后通过" / "Adopted with changes",
        Defer = "暂缓" / "Deferred",
        Reject = "不通过" / "Rejected",
    }
    ProgressKind {
        Start = "开工" / "Work begun",
        Note = "进展" / "Progress",
        Coordination = "向上对接" / "Coordination with a higher level",
        Finish = "完成" / "Finished",
    }
    ExplanationChannel {
        Reply = "原渠道答复" / "Reply by its channel",
        PublicNotice = "公告公示" / "Public notice",
        VillageMeeting = "村民会议" / "Village meeting",
    }
    RecheckResult {
        Passed = "整改到位" / "Put right",
        Failed = "整改不到位" / "Not put right",
    }
}
