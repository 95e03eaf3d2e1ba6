//! Words about people, their posts and accounts.

use crate::enums::{AccountRequestKind, AccountRequestStatus, Position, RightsProfile};

crate::labels! {
    RightsProfile {
        Collector = "征集单位" / "Collecting department",
        ChannelOwner = "渠道主管" / "Channel owner",
        Village = "村（居）委会" / "Village committee",
        CampaignOffice = "征集办、领导小组办公室" / "Campaign office",
        CallbackOffice = "诉求办" / "Callback office",
        Supervision = "督查考核" / "Supervision",
        Discipline = "纪委监委" / "Discipline inspection",
        Analysis = "民意分析" / "Opinion analysis",
        Publication = "宣传舆论" / "Publication",
        Leadership = "领导小组" / "Leadership group",
        Administrator = "系统管理员" / "Administrator",
        Auditor = "安全审计员" / "Auditor",
        Portal = "门户" / "Portal",
    }
    AccountRequestKind {
        Create = "新建账号" / "New account",
        Grant = "授予岗位" / "Grant of a post",
        Reset = "重置口令" / "Password reset",
    }
    AccountRequestStatus {
        Open = "待核准" / "Waiting for approval",
        Approved = "已核准" / "Approved",
        Rejected = "已驳回" / "Rejected",
        Withdrawn = "已撤回" / "Withdrawn",
        Expired = "已过期" / "Expired",
    }
    Position {
        Head = "主要负责人" / "Head",
        Deputy = "分管负责人" / "Deputy",
        Officer = "经办人" / "Officer",
    }
}
