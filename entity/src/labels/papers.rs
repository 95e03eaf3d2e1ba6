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
        Explained = "未采纳说明率" / "Rate explained of not adopted",
        CoverageEnvironmentScheme = "人居环境改善村征集率" / "Coverage of the living-environment scheme",
        CoverageOrdinary = "其他村和社区征集率" / "Coverage of other villages and communities",
        ReportsOnTime = "定期报告按时率" / "Reports on time",
        TablesOnTime = "汇总表按时率" / "Summary tables on time",
        FindingsPutRight = "整改到位率" / "Findings put right",
    }
    CircularStatus {
        Draft = "草稿" / "Draft",
        Approved = "已审批" / "Approved",
        Issued = "已印发" / "Issued",
        Discarded = "已作废" / "Discarded",
    }
}
