//! What people call the values of closed lists, for documents and files.

use crate::enums::{CircularRate, CircularStatus, DueState, SummaryKind, SummaryStatus, VillageClass};

macro_rules! chinese {
    ($($name:ident { $($variant:ident = $text:literal,)* })*) => {$(
        impl $name {
            /// As people call it. 中文名称
            #[must_use]
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    )*};
}

chinese! {
    DueState {
        OnTime = "按时",
        Late = "迟报",
        Missing = "缺报",
        NotDue = "未到期",
        Returned = "已退回",
    }
    VillageClass {
        EnvironmentScheme = "人居环境改善村",
        Ordinary = "其他村和社区",
    }
    SummaryKind {
        Main = "主表",
        Supplementary = "补报表",
    }
    SummaryStatus {
        Draft = "草稿",
        Reviewed = "已审核，待审签",
        Signed = "已审签报送",
        Accepted = "已接收",
        Returned = "已退回",
    }
    CircularRate {
        Classified = "归类率",
        Explained = "说明率",
    }
    CircularStatus {
        Draft = "草稿",
        Approved = "已审批",
        Issued = "已印发",
    }
}
