//! Words about what departments owe and hand in.

use crate::enums::{
    CircularRate, CircularStatus, DueState, SummaryKind, SummaryStatus, TaskState, UnitPlanState,
};

crate::labels! {
    UnitPlanState {
        Submitted = "已报送" / "Handed in",
        Returned = "已退回" / "Returned",
        Accepted = "已采纳" / "Accepted",
    }
    TaskState {
        Open = "未开始" / "Not begun",
        Underway = "进行中" / "Under way",
        Done = "已完成" / "Done",
        Cancelled = "已取消" / "Cancelled",
    }
    DueState {
        OnTime = "按时" / "On time",
        Late = "迟报" / "Late",
        Missing = "缺报" / "Missing",
        NotDue = "未到期" / "Not due yet",
        Returned = "已退回" / "Returned",
    }
    SummaryKind {
        Main = "主表" / "Main table",
        Supplementary = "补报表" / "Supplementary table",
    }
    SummaryStatus {
        Draft = "草稿" / "Draft",
        Reviewed = "已审核，待审签" / "Reviewed, to be signed",
        Signed = "已审签报送" / "Signed and handed in",
        Accepted = "已接收" / "Accepted",
        Returned = "已退回" / "Returned",
    }
    CircularRate {
        Classified = "归类率" / "Rate classified",
        Explained = "说明率" / "Rate explained",
    }
    CircularStatus {
        Draft = "草稿" / "Draft",
        Approved = "已审批" / "Approved",
        Issued = "已印发" / "Issued",
        Discarded = "已作废" / "Discarded",
    }
}
