//! Newtypes for keys, so that the id of one table can't be passed for that of another.

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// GB/T 2260 code of a county or district, six digits, e.g. `130803`. 行政区划代码
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize)]
pub struct County(String);

impl County {
    /// Accepts exactly six ASCII digits; anything else is no county.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let valid = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| Self(code.to_owned()))
    }

    /// The six digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for County {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFromU64 for County {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("County"))
    }
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

uuid_id! {
    /// A person's sign-in account. 账号
    AccountId;
    /// A request about an account. 账号申请
    AccountRequestId;
    /// One line of the audit trail. 审计记录
    AuditEntryId;
    /// A collection campaign. 征集活动
    CampaignId;
    /// A class of a campaign's class list. 征集类别
    CategoryId;
    /// A way by which suggestions come in. 渠道
    ChannelId;
    /// A township, department or office. 单位
    DepartmentId;
    /// One run of a bulk import. 导入批次
    ImportBatchId;
    /// The person behind a suggestion. 提出人
    PersonId;
    /// A portal's machine credential. 门户凭据
    PortalClientId;
    /// A person's place in a department. 岗位
    PostId;
    /// One line of the handling record. 办理记录
    RecordId;
    /// A signed-in session: one family of refresh tokens. 会话
    SessionId;
    /// An intake stream. 征集流
    StreamId;
    /// One suggestion. 意见建议
    SubmissionId;
    /// A village or community of the register. 村、社区
    VillageId;
    /// Somebody of a stream's constituency. 征集对象人员
    ConstituentId;
    /// A symposium. 座谈会
    SymposiumId;
    /// A version of a roster. 责任人名单
    RosterId;
    /// A person of a roster. 责任人
    RosterLineId;
    /// A piece of work. 任务
    TaskId;
    /// A version of a department's own plan. 单位实施方案
    UnitPlanId;
    /// A version of a village's register. 户数登记版本
    VillageRegisterId;
    /// A visit. 走访
    VisitId;
    /// A department's report of one period. 周报
    WeeklyReportId;
    /// A department's summary table. 分类汇总表
    SummaryTableId;
    /// A line of a summary table. 汇总行
    SummaryLineId;
    /// A picture of a sealed page. 盖章页扫描件
    SummaryScanId;
    /// One suggestion merged into another. 并案
    MergerId;
    /// A project. 项目
    ProjectId;
    /// A meeting. 会议
    MeetingId;
    /// A line about a project's progress. 推进记录
    ProgressId;
    /// An explanation. 解释说明
    ExplanationId;
    /// An inspection. 督导检查
    InspectionId;
    /// A report of rectification. 整改报告
    RectificationId;
    /// A circular. 通报
    CircularId;
    /// That the founding document was received. 收文确认
    AcknowledgementId;
    /// A piece of publicity. 宣传报道
    PublicityId;
}
