//! The closed enums, stated once: stored as text, shown by the API under the same names.
//!
//! Output enums grow: clients keep a default branch (api.md, convention 3).

use async_graphql::Enum;
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

macro_rules! text_enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name {
            $($(#[$vdoc])* #[sea_orm(string_value = $text)] $variant,)*
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The text that is stored and sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value of a stored or sent text.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

text_enums! {
    /// What a post may do: the table of mission.md. Data maps each role to one of these. 权限类别
    RightsProfile {
        /// Collects its own stream. 征集单位
        Collector = "COLLECTOR",
        /// Owns a channel and what comes in by it for nobody else. 渠道主管
        ChannelOwner = "CHANNEL_OWNER",
        /// A village or community committee under a township. 村（居）委会
        Village = "VILLAGE",
        /// The campaign's office, which sees all of its county. 征集办、领导小组办公室
        CampaignOffice = "CAMPAIGN_OFFICE",
        /// Telephones answered people back. 诉求办
        CallbackOffice = "CALLBACK_OFFICE",
        /// Inspects and reports. 督查考核
        Supervision = "SUPERVISION",
        /// Takes referred cases of accountability. 纪委监委
        Discipline = "DISCIPLINE",
        /// Analyses text and figures. 民意分析
        Analysis = "ANALYSIS",
        /// Publishes topics and notices. 宣传舆论
        Publication = "PUBLICATION",
        /// Sees the unified view of its county. 领导小组
        Leadership = "LEADERSHIP",
        /// Manages accounts and portal clients. 系统管理员
        Administrator = "ADMINISTRATOR",
        /// Reads the audit trail. 安全审计员
        Auditor = "AUDITOR",
        /// A portal's machine credential. 门户
        Portal = "PORTAL",
    }

    /// Rank of a post in its department. 职务
    Position {
        /// Heads the department and signs for it. 主要负责人
        Head = "HEAD",
        /// Deputy in charge; reviews. 分管负责人
        Deputy = "DEPUTY",
        /// Does the daily work. 经办人
        Officer = "OFFICER",
    }

    /// What the person wants, praise included (H05, H25). 诉求类型
    SubmissionKind {
        /// An idea or proposal. 建议
        Suggestion = "SUGGESTION",
        /// A complaint. 投诉
        Complaint = "COMPLAINT",
        /// A request for help. 求助
        Request = "REQUEST",
        /// A question. 咨询
        Consultation = "CONSULTATION",
        /// Thanks for what was done well. 表扬
        Praise = "PRAISE",
    }

    /// Where a suggestion stands. 办理环节
    Stage {
        /// Taken in, not yet classified. 待归类
        Received = "RECEIVED",
        /// Classified by its collector (S11). 已归类
        Classified = "CLASSIFIED",
        /// Claimed by a handling department (H29). 办理中
        Claimed = "CLAIMED",
        /// Answered, callback outstanding (H32). 办结待回访
        Responded = "RESPONDED",
        /// Rechecked on site (H33). 现场复核
        Recheck = "RECHECK",
        /// Archived. 归档
        Closed = "CLOSED",
        /// Not feasible yet, planned (H20). 列入计划
        Deferred = "DEFERRED",
        /// Merged into another by the office (S24). 并入他件
        Merged = "MERGED",
        /// Not adopted, explained (S28). 不予采纳，已说明
        Declined = "DECLINED",
        /// Not admissible, with reason. 不予受理
        Invalid = "INVALID",
        /// Withdrawn by its collector while untouched. 已撤回
        Withdrawn = "WITHDRAWN",
    }

    /// How urgent the matter is (S10). 紧急程度
    Urgency {
        /// Ordinary. 一般
        Normal = "NORMAL",
        /// Cannot wait its ordinary turn. 紧急
        Urgent = "URGENT",
        /// Danger to life or property. 特急
        Critical = "CRITICAL",
    }

    /// What a department's share in a suggestion lets it do. 份额
    Capability {
        /// The collector's own, which never changes hands. 征集
        Collect = "COLLECT",
        /// A handling department's (H28, H29). 办理
        Handle = "HANDLE",
        /// Reading alone: a village's own entries. 查阅
        Read = "READ",
    }

    /// Whether a unit of the register is rural or urban (S05, S06). 村或社区
    VillageKind {
        /// A village. 村
        Village = "VILLAGE",
        /// An urban community. 社区
        Community = "COMMUNITY",
    }

    /// Which coverage target binds a village or community (S05, S06). 覆盖率类别
    VillageClass {
        /// In the living-environment scheme. 人居环境改善村
        EnvironmentScheme = "ENVIRONMENT_SCHEME",
        /// Every other village or community. 其他村和社区
        Ordinary = "ORDINARY",
    }

    /// What a line of the handling record says was done. 办理动作
    RecordAction {
        /// Entered by a post or a portal. 登记
        Recorded = "RECORDED",
        /// Text or data corrected while untouched. 修改
        Edited = "EDITED",
        /// Withdrawn while untouched. 撤回
        Withdrawn = "WITHDRAWN",
        /// Put in a class for the first time (S11). 归类
        Classified = "CLASSIFIED",
        /// Class corrected (S11). 更正类别
        Reclassified = "RECLASSIFIED",
        /// Brought in from a ledger file. 导入
        Imported = "IMPORTED",
    }

    /// What a line of the audit trail says was done. 审计动作
    AuditAction {
        /// A plan was applied. 方案入库
        PlanApplied = "PLAN_APPLIED",
        /// Signed in. 登录
        SessionLogin = "SESSION_LOGIN",
        /// A sign-in failed. 登录失败
        SessionLoginFailed = "SESSION_LOGIN_FAILED",
        /// Post switched. 切换岗位
        SessionSwitch = "SESSION_SWITCH",
        /// Signed out of one session. 退出
        SessionLogout = "SESSION_LOGOUT",
        /// Signed out of all sessions. 全部退出
        SessionLogoutEverywhere = "SESSION_LOGOUT_EVERYWHERE",
        /// A refresh token was used twice; its family ended. 续期令牌重用
        SessionReuse = "SESSION_REUSE",
        /// Password changed by its owner. 修改口令
        PasswordChange = "PASSWORD_CHANGE",
        /// Password set anew by another. 重置口令
        PasswordReset = "PASSWORD_RESET",
        /// Account made. 新建账号
        AccountCreate = "ACCOUNT_CREATE",
        /// Account disabled. 停用账号
        AccountDisable = "ACCOUNT_DISABLE",
        /// Post granted. 授予岗位
        PostGrant = "POST_GRANT",
        /// Post taken away. 撤销岗位
        PostRevoke = "POST_REVOKE",
        /// Portal credential made. 新建门户凭据
        ClientCreate = "CLIENT_CREATE",
        /// Suggestion entered. 登记
        SubmissionRecord = "SUBMISSION_RECORD",
        /// Suggestion submitted by the public. 群众提交
        SubmissionSubmit = "SUBMISSION_SUBMIT",
        /// Suggestion corrected. 修改
        SubmissionEdit = "SUBMISSION_EDIT",
        /// Suggestion withdrawn. 撤回
        SubmissionWithdraw = "SUBMISSION_WITHDRAW",
        /// Suggestion classified. 归类
        SubmissionClassify = "SUBMISSION_CLASSIFY",
        /// Identity shown in clear, with the reason. 查看身份
        IdentityReveal = "IDENTITY_REVEAL",
        /// Person erased. 删除个人信息
        PersonErase = "PERSON_ERASE",
        /// Ledger imported. 批量导入
        SubmissionImport = "SUBMISSION_IMPORT",
        /// An operation refused for want of a right. 越权被拒
        Forbidden = "FORBIDDEN",
        /// Rollups rebuilt from the rows. 重建统计
        TallyRebuild = "TALLY_REBUILD",
        /// An export asked for, with its filter and format. 申请导出
        Export = "EXPORT",
        /// An export begun to be fetched. 下载导出
        ExportDownload = "EXPORT_DOWNLOAD",
    }

    /// By which share a rollup cell counts a suggestion. 统计口径
    Relation {
        /// For its collector. 征集
        Collected = "COLLECTED",
        /// For a department that handles it. 办理
        Handled = "HANDLED",
        /// For a village that entered it for its township. 代录
        Entered = "ENTERED",
    }

    /// The one dimension of a rollup beside department, stage and day. 统计维度
    TallyDimension {
        /// No further dimension. 合计
        Whole = "WHOLE",
        /// By class. 类别
        Category = "CATEGORY",
        /// By channel. 渠道
        Channel = "CHANNEL",
        /// By kind. 诉求类型
        Kind = "KIND",
        /// By village or community. 村社区
        Village = "VILLAGE",
        /// By intake stream. 征集流
        Stream = "STREAM",
    }

    /// How much time a folded rollup cell covers. 统计粒度
    Grain {
        /// One day. 日
        Day = "DAY",
        /// One month, stored under its first day. 月
        Month = "MONTH",
        /// All time, stored under 1970-01-01. 全部
        All = "ALL",
    }

    /// How far an import has come. 导入状态
    ImportStatus {
        /// Reading and writing. 进行中
        Running = "RUNNING",
        /// Every row read. 完成
        Done = "DONE",
    }
}

impl SubmissionKind {
    /// As people call it. 诉求类型名称
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Suggestion => "建议",
            Self::Complaint => "投诉",
            Self::Request => "求助",
            Self::Consultation => "咨询",
            Self::Praise => "表扬",
        }
    }
}

impl Stage {
    /// As people call it. 环节名称
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Received => "待归类",
            Self::Classified => "已归类",
            Self::Claimed => "办理中",
            Self::Responded => "办结待回访",
            Self::Recheck => "现场复核",
            Self::Closed => "归档",
            Self::Deferred => "列入计划",
            Self::Merged => "并入他件",
            Self::Declined => "不予采纳，已说明",
            Self::Invalid => "不予受理",
            Self::Withdrawn => "已撤回",
        }
    }
}

impl Urgency {
    /// As people call it. 紧急程度名称
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Normal => "一般",
            Self::Urgent => "紧急",
            Self::Critical => "特急",
        }
    }
}
