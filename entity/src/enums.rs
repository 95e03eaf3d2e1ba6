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

    /// What a second person must approve about an account. 账号申请事项
    AccountRequestKind {
        /// Make an account whose post nobody gives alone. 新建账号
        Create = "CREATE",
        /// Give such a post to an account that exists. 授予岗位
        Grant = "GRANT",
        /// Set the password of an account with such a post anew. 重置口令
        Reset = "RESET",
    }

    /// How far a request about an account has come. 账号申请状态
    AccountRequestStatus {
        /// Waits for a second person. 待核准
        Open = "OPEN",
        /// Approved and done. 已核准
        Approved = "APPROVED",
        /// Rejected with a reason. 已驳回
        Rejected = "REJECTED",
        /// Withdrawn by whoever asked. 已撤回
        Withdrawn = "WITHDRAWN",
        /// Nobody approved it in its time. 已过期
        Expired = "EXPIRED",
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

    /// Why a suggestion is not accepted: the whole list. 不予受理理由
    InvalidReason {
        /// Advertising, or the same sent over and over. 广告或垃圾信息
        Spam = "SPAM",
        /// Insult and nothing else. 辱骂攻击
        Abuse = "ABUSE",
        /// The same matter was decided before. 事项已有处理决定
        DecidedBefore = "DECIDED_BEFORE",
        /// Another county's matter. 不属本县区管辖
        OtherCounty = "OTHER_COUNTY",
        /// No suggestion, complaint, request, question or praise. 不属意见建议
        NoSuggestion = "NO_SUGGESTION",
    }

    /// How far a proposal not to accept a suggestion has come. 不予受理提请状态
    InvalidationStatus {
        /// Waits for the office. 待裁定
        Proposed = "PROPOSED",
        /// The office agreed: it is not accepted. 同意
        Accepted = "ACCEPTED",
        /// The office did not agree: it goes on. 不同意
        Rejected = "REJECTED",
        /// The office agreed, and took it up again later. 已重新受理
        Reopened = "REOPENED",
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
        /// The collector's own: of each suggestion there is one. 征集
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
        /// Merged into another by the office (S24). 并入他件
        Merged = "MERGED",
        /// Merging undone by the office (S24). 撤销并入
        Unmerged = "UNMERGED",
        /// Explained as not adopted (S28). 不予采纳说明
        Declined = "DECLINED",
        /// Moved by the office to another stream: in the ledger of the collector that it left. 改派移出
        MovedOut = "MOVED_OUT",
        /// The same in the ledger of the collector that it came to. 改派移入
        MovedIn = "MOVED_IN",
        /// Given to somebody of the department, who is not named here. 分派经办人
        Assigned = "ASSIGNED",
        /// Given back: nobody of the department works on it. 退回待分派
        Unassigned = "UNASSIGNED",
        /// Its collector proposed not to accept it. 提请不予受理
        InvalidProposed = "INVALID_PROPOSED",
        /// The office agreed not to accept it. 不予受理
        InvalidAccepted = "INVALID_ACCEPTED",
        /// The office did not agree; it goes on. 不同意不予受理
        InvalidRejected = "INVALID_REJECTED",
        /// Taken up again by the office. 重新受理
        Reopened = "REOPENED",
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
        /// A second session opened in another post. 另开会话
        SessionFork = "SESSION_FORK",
        /// Signed out of one session. 退出
        SessionLogout = "SESSION_LOGOUT",
        /// Signed out of all sessions. 全部退出
        SessionLogoutEverywhere = "SESSION_LOGOUT_EVERYWHERE",
        /// A refresh token was used twice; its family ended. 续期令牌重用
        SessionReuse = "SESSION_REUSE",
        /// Password changed by its owner. 修改口令
        PasswordChange = "PASSWORD_CHANGE",
        /// A change of one's own password failed: the present one was wrong. 修改口令失败
        PasswordChangeFailed = "PASSWORD_CHANGE_FAILED",
        /// Somebody who could not sign in said that the password was forgotten. 报告忘记口令
        PasswordForgotten = "PASSWORD_FORGOTTEN",
        /// That was turned down, with the reason. 驳回忘记口令
        PasswordForgottenDismiss = "PASSWORD_FORGOTTEN_DISMISS",
        /// Password set anew by another. 重置口令
        PasswordReset = "PASSWORD_RESET",
        /// Account made. 新建账号
        AccountCreate = "ACCOUNT_CREATE",
        /// Account disabled. 停用账号
        AccountDisable = "ACCOUNT_DISABLE",
        /// Account opened again, with the reason. 启用账号
        AccountEnable = "ACCOUNT_ENABLE",
        /// A step about an account asked for, which a second person must approve. 账号申请
        AccountRequestMake = "ACCOUNT_REQUEST_MAKE",
        /// Such a request approved. 核准账号申请
        AccountRequestApprove = "ACCOUNT_REQUEST_APPROVE",
        /// Such a request rejected, with the reason. 驳回账号申请
        AccountRequestReject = "ACCOUNT_REQUEST_REJECT",
        /// Such a request withdrawn by whoever asked. 撤回账号申请
        AccountRequestWithdraw = "ACCOUNT_REQUEST_WITHDRAW",
        /// Post granted. 授予岗位
        PostGrant = "POST_GRANT",
        /// Post taken away. 撤销岗位
        PostRevoke = "POST_REVOKE",
        /// Portal credential made. 新建门户凭据
        ClientCreate = "CLIENT_CREATE",
        /// Portal credential given a new secret. 更换门户凭据
        ClientRotate = "CLIENT_ROTATE",
        /// Portal credential revoked. 吊销门户凭据
        ClientRevoke = "CLIENT_REVOKE",
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
        /// Suggestion given to somebody of the department, or given back. 分派经办人
        SubmissionAssign = "SUBMISSION_ASSIGN",
        /// Identity shown in clear, with the reason. 查看身份
        IdentityReveal = "IDENTITY_REVEAL",
        /// A case found by its person's telephone or name, or none, with the reason. 按人查件
        PersonFind = "PERSON_FIND",
        /// Person erased. 删除个人信息
        PersonErase = "PERSON_ERASE",
        /// Ledger imported. 批量导入
        SubmissionImport = "SUBMISSION_IMPORT",
        /// Accounts looked at by whoever manages them. 查阅账号
        AccountRead = "ACCOUNT_READ",
        /// The audit trail looked at. 查阅审计记录
        AuditRead = "AUDIT_READ",
        /// Sealed lines without any signed head taken over into the signed chain, as after an upgrade. 补签审计链
        AuditAdopt = "AUDIT_ADOPT",
        /// An operation refused for want of a right. 越权被拒
        Forbidden = "FORBIDDEN",
        /// Rollups rebuilt from the rows. 重建统计
        TallyRebuild = "TALLY_REBUILD",
        /// Texts indexed anew for the search. 重建检索索引
        IndexRebuild = "INDEX_REBUILD",
        /// A new master key came into use. 启用主密钥
        KeyRegister = "KEY_REGISTER",
        /// Identities sealed anew with the present master key. 重新加密
        KeyReseal = "KEY_RESEAL",
        /// Visits entered. 登记走访
        VisitRecord = "VISIT_RECORD",
        /// Suggestions added to a visit. 补录走访意见
        VisitLink = "VISIT_LINK",
        /// A visit withdrawn. 撤回走访
        VisitWithdraw = "VISIT_WITHDRAW",
        /// A symposium entered. 登记座谈会
        SymposiumRecord = "SYMPOSIUM_RECORD",
        /// Persons put on a constituency's roster. 登记征集对象
        ConstituentRegister = "CONSTITUENT_REGISTER",
        /// Persons of a constituency marked as heard. 标记已征集
        ConstituentReach = "CONSTITUENT_REACH",
        /// Roster of responsible persons handed in. 报送责任人名单
        RosterSubmit = "ROSTER_SUBMIT",
        /// A department's own plan handed in. 报送实施方案
        UnitPlanSubmit = "UNIT_PLAN_SUBMIT",
        /// A department's own plan returned. 退回实施方案
        UnitPlanReturn = "UNIT_PLAN_RETURN",
        /// A department's own plan accepted. 采纳实施方案
        UnitPlanAccept = "UNIT_PLAN_ACCEPT",
        /// A piece of work added. 新增任务
        TaskCreate = "TASK_CREATE",
        /// Progress of a piece of work reported. 上报任务进度
        TaskProgress = "TASK_PROGRESS",
        /// Weekly report handed in or corrected. 报送周报
        WeeklyReportSubmit = "WEEKLY_REPORT_SUBMIT",
        /// Summary table begun. 起草汇总表
        SummaryTableDraft = "SUMMARY_TABLE_DRAFT",
        /// Line of a summary table written. 编写汇总行
        SummaryLinePut = "SUMMARY_LINE_PUT",
        /// Line of a summary table removed. 删除汇总行
        SummaryLineRemove = "SUMMARY_LINE_REMOVE",
        /// Summary table reviewed by the deputy. 审核汇总表
        SummaryTableReview = "SUMMARY_TABLE_REVIEW",
        /// Summary table signed by the head. 审签汇总表
        SummaryTableSign = "SUMMARY_TABLE_SIGN",
        /// Scanned page attached to a signed table. 上传盖章页
        SummaryTableScanAttach = "SUMMARY_TABLE_SCAN_ATTACH",
        /// Summary table accepted by the office. 接收汇总表
        SummaryTableAccept = "SUMMARY_TABLE_ACCEPT",
        /// Summary table returned by the office. 退回汇总表
        SummaryTableReturn = "SUMMARY_TABLE_RETURN",
        /// Next edition of a returned table begun. 修订汇总表
        SummaryTableRevise = "SUMMARY_TABLE_REVISE",
        /// Suggestions merged. 并案
        SubmissionMerge = "SUBMISSION_MERGE",
        /// Merging undone. 撤销并案
        SubmissionUnmerge = "SUBMISSION_UNMERGE",
        /// Suggestion moved to another stream. 改派
        SubmissionMove = "SUBMISSION_MOVE",
        /// Proposed not to accept a suggestion. 提请不予受理
        SubmissionInvalidPropose = "SUBMISSION_INVALID_PROPOSE",
        /// Ruled on such a proposal. 裁定不予受理
        SubmissionInvalidRule = "SUBMISSION_INVALID_RULE",
        /// Took a suggestion up again. 重新受理
        SubmissionReopen = "SUBMISSION_REOPEN",
        /// Project made. 新建项目
        ProjectCreate = "PROJECT_CREATE",
        /// Project changed. 修改项目
        ProjectEdit = "PROJECT_EDIT",
        /// Sources of a project changed. 调整项目来源
        ProjectSourcesPut = "PROJECT_SOURCES_PUT",
        /// Project withdrawn before it was adopted. 撤销项目
        ProjectWithdraw = "PROJECT_WITHDRAW",
        /// Meeting planned. 安排会议
        MeetingPlan = "MEETING_PLAN",
        /// Project put on an agenda. 列入议题
        AgendaPut = "AGENDA_PUT",
        /// Project taken off an agenda. 移出议题
        AgendaItemRemove = "AGENDA_ITEM_REMOVE",
        /// Meeting moved to another day. 会议改期
        MeetingMove = "MEETING_MOVE",
        /// Meeting cancelled. 取消会议
        MeetingCancel = "MEETING_CANCEL",
        /// Results of a meeting recorded. 登记会议结论
        MeetingResultRecord = "MEETING_RESULT_RECORD",
        /// Results of a meeting corrected. 更正会议结论
        MeetingResultCorrect = "MEETING_RESULT_CORRECT",
        /// Vote recorded. 登记票决
        VoteRecord = "VOTE_RECORD",
        /// Vote corrected. 更正票决
        VoteCorrect = "VOTE_CORRECT",
        /// Evaluation recorded. 登记测评
        EvaluationRecord = "EVALUATION_RECORD",
        /// Evaluation corrected. 更正测评
        EvaluationCorrect = "EVALUATION_CORRECT",
        /// A milestone of a project set. 设置节点
        MilestonePut = "MILESTONE_PUT",
        /// Progress recorded. 登记推进情况
        ProgressRecord = "PROGRESS_RECORD",
        /// Explanation written. 撰写说明
        ExplanationRecord = "EXPLANATION_RECORD",
        /// Explanation delivered. 送达说明
        ExplanationDeliver = "EXPLANATION_DELIVER",
        /// Explanation changed before it was delivered. 修改说明
        ExplanationEdit = "EXPLANATION_EDIT",
        /// Explanation withdrawn before it was delivered. 撤回说明
        ExplanationWithdraw = "EXPLANATION_WITHDRAW",
        /// Campaign closed. 结束活动
        CampaignClose = "CAMPAIGN_CLOSE",
        /// Inspection recorded. 登记督查
        InspectionRecord = "INSPECTION_RECORD",
        /// Inspection corrected while nothing answers it. 更正督查
        InspectionCorrect = "INSPECTION_CORRECT",
        /// Inspection withdrawn while nothing answers it. 撤回督查
        InspectionWithdraw = "INSPECTION_WITHDRAW",
        /// Rectification reported. 报告整改
        RectificationReport = "RECTIFICATION_REPORT",
        /// Finding rechecked. 复查问题
        FindingRecheck = "FINDING_RECHECK",
        /// Circular drafted. 起草通报
        CircularDraft = "CIRCULAR_DRAFT",
        /// Circular changed before it was issued. 修改通报
        CircularEdit = "CIRCULAR_EDIT",
        /// Circular discarded before it was issued. 作废通报
        CircularDiscard = "CIRCULAR_DISCARD",
        /// Circular approved. 审批通报
        CircularApprove = "CIRCULAR_APPROVE",
        /// Circular issued. 印发通报
        CircularIssue = "CIRCULAR_ISSUE",
        /// Circular acknowledged. 签收通报
        CircularAcknowledge = "CIRCULAR_ACKNOWLEDGE",
        /// Founding document acknowledged. 确认收文
        CampaignAcknowledge = "CAMPAIGN_ACKNOWLEDGE",
        /// Publicity recorded. 登记宣传报道
        PublicityRecord = "PUBLICITY_RECORD",
        /// Publicity corrected. 更正宣传报道
        PublicityCorrect = "PUBLICITY_CORRECT",
        /// Publicity withdrawn. 撤回宣传报道
        PublicityWithdraw = "PUBLICITY_WITHDRAW",
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
        /// One week, stored under its Monday. 周
        Week = "WEEK",
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

    /// How a household was reached (S12). 走访方式
    VisitKind {
        /// Visited at the door: the one way that counts for the door-to-door rate. 入户
        Door = "DOOR",
        /// A survey or paper form handed in. 问卷、征集表
        Survey = "SURVEY",
        /// Present at a symposium. 座谈会
        Symposium = "SYMPOSIUM",
        /// By telephone. 电话
        Telephone = "TELEPHONE",
        /// Over the internet. 网络
        Online = "ONLINE",
    }

    /// Where a department's own plan stands (H37). 实施方案状态
    UnitPlanState {
        /// Handed in. 已报送
        Submitted = "SUBMITTED",
        /// Returned for revision. 已退回
        Returned = "RETURNED",
        /// Accepted by the office. 已采纳
        Accepted = "ACCEPTED",
    }

    /// Where a piece of work stands (H40). 任务状态
    TaskState {
        /// Not begun. 未开始
        Open = "OPEN",
        /// Being worked on. 进行中
        Underway = "UNDERWAY",
        /// Finished. 已完成
        Done = "DONE",
        /// Given up. 已取消
        Cancelled = "CANCELLED",
    }

    /// How a department stands with what it owes by a day. 报送情况
    DueState {
        /// Handed in by the end of the day. 按时
        OnTime = "ON_TIME",
        /// Handed in after that. 迟报
        Late = "LATE",
        /// The day has passed and nothing was handed in. 缺报
        Missing = "MISSING",
        /// Nothing was handed in and the day has not passed yet, or none was set. 未到期
        NotDue = "NOT_DUE",
        /// Handed in, returned by the office, and not signed anew. 已退回
        Returned = "RETURNED",
    }

    /// Which table of a department it is. 汇总表类型
    SummaryKind {
        /// The table that the notice asks for. 主表
        Main = "MAIN",
        /// What came in after a table was signed. 补报表
        Supplementary = "SUPPLEMENTARY",
    }

    /// Where a summary table stands. 汇总表状态
    SummaryStatus {
        /// Being written. 草稿
        Draft = "DRAFT",
        /// Reviewed by the deputy, to be signed by the head. 已审核，待审签
        Reviewed = "REVIEWED",
        /// Signed by the head and handed in. 已审签报送
        Signed = "SIGNED",
        /// Taken by the campaign's office. 已接收
        Accepted = "ACCEPTED",
        /// Returned by the campaign's office with a reason. 已退回
        Returned = "RETURNED",
    }

    /// How far the decision on a project has come (S25). 决策状态
    ProjectStatus {
        /// Drawn up by the office. 拟列入
        Proposed = "PROPOSED",
        /// On the agenda of the executive meeting. 拟上政府常务会
        OnGovernmentAgenda = "ON_GOVERNMENT_AGENDA",
        /// Passed by the executive meeting. 政府常务会已研究
        Studied = "STUDIED",
        /// On the agenda of the party committee. 拟上区委常委会
        OnPartyAgenda = "ON_PARTY_AGENDA",
        /// Decided on by the party committee. 审定列入
        Adopted = "ADOPTED",
        /// Decided on with changes. 调整后列入
        Changed = "CHANGED",
        /// Put off; may come to a meeting again. 暂缓
        Deferred = "DEFERRED",
        /// Not adopted. 未列入
        Rejected = "REJECTED",
        /// Taken back by the office before it was adopted; its sources are free again. 已撤销
        Withdrawn = "WITHDRAWN",
    }

    /// Which meeting decides (S25, S03). 会议类型
    MeetingKind {
        /// Executive meeting of the government. 政府常务会议
        GovernmentExecutive = "GOVERNMENT_EXECUTIVE",
        /// Standing committee of the party committee. 党委常委会
        PartyStanding = "PARTY_STANDING",
        /// The deputies vote, where the plan has them. 代表票决
        CongressVote = "CONGRESS_VOTE",
    }

    /// Whether a meeting has been held. 会议状态
    MeetingStatus {
        /// Its agenda may grow. 待召开
        Planned = "PLANNED",
        /// Its results are written down. 已召开
        Held = "HELD",
        /// It does not take place; what stood on its agenda went back. 已取消
        Cancelled = "CANCELLED",
    }

    /// Of which paper something stood before. 原稿类别
    PaperKind {
        /// A project, as a step that was taken back or corrected had left it. 项目
        Project = "PROJECT",
        /// A meeting with its agenda and results. 会议
        Meeting = "MEETING",
        /// The deputies' vote on a project. 票决
        Vote = "VOTE",
        /// The congress's evaluation of a project. 测评
        Evaluation = "EVALUATION",
        /// An inspection with its findings. 督查
        Inspection = "INSPECTION",
        /// A circular that was not issued. 通报
        Circular = "CIRCULAR",
        /// A piece of publicity. 宣传报道
        Publicity = "PUBLICITY",
    }

    /// What a meeting decides on a project (S25). 结论
    DecisionResult {
        /// As proposed. 通过
        Adopt = "ADOPT",
        /// With changes. 调整后通过
        Change = "CHANGE",
        /// Later. 暂缓
        Defer = "DEFER",
        /// Not at all. 不通过
        Reject = "REJECT",
    }

    /// What a line about a project's progress tells (S27). 推进记录类型
    ProgressKind {
        /// Work has begun. 开工
        Start = "START",
        /// How it stands. 进展
        Note = "NOTE",
        /// Coordination with a higher level. 向上对接
        Coordination = "COORDINATION",
        /// Work is finished. 完成
        Finish = "FINISH",
    }

    /// How an explanation reaches the people (S28). 说明方式
    ExplanationChannel {
        /// By the way that the suggestion came in. 原渠道答复
        Reply = "REPLY",
        /// By public notice. 公告公示
        PublicNotice = "PUBLIC_NOTICE",
        /// At a village meeting. 村民会议
        VillageMeeting = "VILLAGE_MEETING",
    }

    /// What a recheck found (S29). 复查结果
    RecheckResult {
        /// Put right. 整改到位
        Passed = "PASSED",
        /// Not put right; it is to be reported again. 整改不到位
        Failed = "FAILED",
    }

    /// What a circular ranks departments by (S30). 排名指标
    CircularRate {
        /// Classified, of the suggestions received in the period; those withdrawn or inadmissible count on neither side. 归类率
        Classified = "CLASSIFIED",
        /// Explained to their people, of those received in the period that are not adopted: told so already, or turned down
        /// and waiting for it. Undecided and adopted ones count on neither side. 未采纳说明率
        Explained = "EXPLAINED",
        /// Households that the plan's target counts, of all in the department's villages of the living-environment scheme, up
        /// to the period's last day (S05). 人居环境改善村征集率
        CoverageEnvironmentScheme = "COVERAGE_ENVIRONMENT_SCHEME",
        /// Households that the plan's target counts, of all in its other villages and communities, up to the period's last
        /// day (S06). 其他村和社区征集率
        CoverageOrdinary = "COVERAGE_ORDINARY",
        /// Periodic reports that came in time, of those that were due in the period (S19). 定期报告按时率
        ReportsOnTime = "REPORTS_ON_TIME",
        /// Summary tables first signed in time, of those that were due in the period (S23). 汇总表按时率
        TablesOnTime = "TABLES_ON_TIME",
        /// Findings that a recheck found put right, of those whose day fell into the period and has passed; the rest is
        /// overdue (S29). 整改到位率
        FindingsPutRight = "FINDINGS_PUT_RIGHT",
    }

    /// How far a circular has come (S30). 通报状态
    CircularStatus {
        /// Drafted; its figures are frozen. 草稿
        Draft = "DRAFT",
        /// Approved by somebody other than its drafter. 已审批
        Approved = "APPROVED",
        /// Issued; every department reads it. 已印发
        Issued = "ISSUED",
        /// Given up before it was issued. 已作废
        Discarded = "DISCARDED",
    }
}

impl Urgency {
    /// Its place in the order: the more urgent, the greater.
    #[must_use]
    pub const fn rank(self) -> i32 {
        match self {
            Self::Normal => 0,
            Self::Urgent => 1,
            Self::Critical => 2,
        }
    }
}
