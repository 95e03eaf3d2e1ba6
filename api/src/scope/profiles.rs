//! THE rights table: what each profile may do and how far it sees. A new profile is one variant and one row here.

use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType as _;
use entity::enums::{Position, RightsProfile};
use strum::VariantArray;

/// What can be done through the API. A profile that lacks one gets FORBIDDEN, whatever the row. 操作
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enum, VariantArray)]
pub enum Operation {
    /// Enter a suggestion into the own stream. 登记
    SubmissionRecord,
    /// Correct one while it is untouched. 修改
    SubmissionEdit,
    /// Withdraw one while it is untouched. 撤回
    SubmissionWithdraw,
    /// Put one into a class, or correct the class (S11). 归类
    SubmissionClassify,
    /// Put many suggestions into their classes (S11). 批量归类
    SubmissionsClassify,
    /// Take many suggestions back. 批量撤回
    SubmissionsWithdraw,
    /// Say who of the own department works on suggestions. 分派经办人
    SubmissionsAssign,
    /// Hand over all that somebody of the own department works on; for its head. 整体转交
    SubmissionsReassign,
    /// Submit one for a citizen, as a portal. 群众提交
    SubmissionSubmit,
    /// Bring in a ledger. 批量导入
    SubmissionImport,
    /// Show a person's identity, with a reason, audited. 查看身份
    IdentityReveal,
    /// Find cases of the own stream by telephone or name, with a reason, audited. 按人查件
    PersonFind,
    /// Erase a person and keep the case. 删除个人信息
    PersonErase,
    /// Make, move and disable any account of the county. 管理账号
    AccountManage,
    /// Make and disable officers of the own department; for its head. 管理本单位经办人
    OfficerManage,
    /// Make portal credentials. 管理门户凭据
    ClientManage,
    /// Read the audit trail. 查阅审计
    AuditRead,
    /// Enter a visit (S12). 登记走访
    VisitRecord,
    /// Enter visits in a batch: paper forms, offline devices (S12). 批量登记走访
    VisitBatchRecord,
    /// Add suggestions to an own visit. 补录走访意见
    VisitLink,
    /// Withdraw an own visit. 撤回走访
    VisitWithdraw,
    /// Enter a symposium (S12). 登记座谈会
    SymposiumRecord,
    /// Put persons on the roster of an own constituency (S08). 登记征集对象
    ConstituentRegister,
    /// Mark persons of an own constituency as heard (S08). 标记已征集
    ConstituentReach,
    /// Hand in the roster of responsible persons (S16). 报送责任人名单
    RosterSubmit,
    /// Hand in the own plan (H37). 报送实施方案
    UnitPlanSubmit,
    /// Return a department's plan for revision (H37). 退回实施方案
    UnitPlanReturn,
    /// Accept a department's plan (H37). 采纳实施方案
    UnitPlanAccept,
    /// Add a piece of work of one's own (H40). 新增任务
    TaskCreate,
    /// Report how far an own piece of work is (H40). 上报任务进度
    TaskProgress,
    /// Hand in a weekly report, or its correction (S19). 报送周报
    WeeklyReportSubmit,
    /// Begin a summary table (S20). 起草汇总表
    SummaryTableDraft,
    /// Write a line of it. 编写汇总行
    SummaryLinePut,
    /// Remove a line of it. 删除汇总行
    SummaryLineRemove,
    /// Review it, as deputy. 审核汇总表
    SummaryTableReview,
    /// Sign it, as head (S23). 审签汇总表
    SummaryTableSign,
    /// Attach the scanned sealed page. 上传盖章页
    SummaryTableScanAttach,
    /// Begin the next edition of a returned one. 修订汇总表
    SummaryTableRevise,
    /// Accept a signed one, as the office. 接收汇总表
    SummaryTableAccept,
    /// Return a signed one with a reason, as the office. 退回汇总表
    SummaryTableReturn,
    /// Suggestions merged. 并案
    SubmissionMerge,
    /// Merging undone. 撤销并案
    SubmissionUnmerge,
    /// Suggestion moved to another stream. 改派
    SubmissionMove,
    /// Propose not to accept a suggestion of the own stream. 提请不予受理
    SubmissionInvalidPropose,
    /// Rule on such a proposal, as the office. 裁定不予受理
    SubmissionInvalidRule,
    /// Take up again what was not accepted, as the office. 重新受理
    SubmissionReopen,
    /// Project made. 新建项目
    ProjectCreate,
    /// Project made from a line of a summary table. 据汇总行立项
    ProjectFromLine,
    /// Project changed. 修改项目
    ProjectEdit,
    /// Sources of a project changed. 调整项目来源
    ProjectSourcesPut,
    /// Project withdrawn before it was adopted. 撤销项目
    ProjectWithdraw,
    /// Meeting planned. 安排会议
    MeetingPlan,
    /// Project put on an agenda. 列入议题
    AgendaPut,
    /// Project taken off an agenda. 移出议题
    AgendaItemRemove,
    /// Meeting moved to another day. 会议改期
    MeetingMove,
    /// Meeting cancelled. 取消会议
    MeetingCancel,
    /// Results of a meeting recorded. 登记会议结论
    MeetingResultRecord,
    /// Results of a meeting corrected. 更正会议结论
    MeetingResultCorrect,
    /// Vote recorded. 登记票决
    VoteRecord,
    /// Vote corrected. 更正票决
    VoteCorrect,
    /// Evaluation recorded. 登记测评
    EvaluationRecord,
    /// Evaluation corrected. 更正测评
    EvaluationCorrect,
    /// Set a milestone of a project. 设置节点
    MilestonePut,
    /// Progress recorded. 登记推进情况
    ProgressRecord,
    /// Explanation written. 撰写说明
    ExplanationRecord,
    /// Explanation delivered. 送达说明
    ExplanationDeliver,
    /// Explanation changed before it was delivered. 修改说明
    ExplanationEdit,
    /// Explanation withdrawn before it was delivered. 撤回说明
    ExplanationWithdraw,
    /// Campaign closed. 结束活动
    CampaignClose,
    /// Inspection recorded. 登记督查
    InspectionRecord,
    /// Inspection corrected while nothing answers it. 更正督查
    InspectionCorrect,
    /// Inspection withdrawn while nothing answers it. 撤回督查
    InspectionWithdraw,
    /// Rectification reported. 报告整改
    RectificationReport,
    /// Finding rechecked. 复查问题
    FindingRecheck,
    /// Circular drafted. 起草通报
    CircularDraft,
    /// Circular changed before it was issued. 修改通报
    CircularEdit,
    /// Circular discarded before it was issued. 作废通报
    CircularDiscard,
    /// Circular approved. 审批通报
    CircularApprove,
    /// Circular issued. 印发通报
    CircularIssue,
    /// Circular acknowledged. 签收通报
    CircularAcknowledge,
    /// Acknowledge the founding document (S01). 确认收文
    CampaignAcknowledge,
    /// Enter a piece of publicity (S18). 登记宣传报道
    PublicityRecord,
    /// Publicity corrected. 更正宣传报道
    PublicityCorrect,
    /// Publicity withdrawn. 撤回宣传报道
    PublicityWithdraw,
    /// Carry suggestions out as a file, in the own scope. 导出台账
    SubmissionExport,
    /// Carry weekly reports out as a file (S19). 导出周报
    WeeklyReportExport,
    /// Carry a summary table out as a file (S20). 导出汇总表
    SummaryTableExport,
    /// Carry a circular out as a file (S30). 导出通报
    CircularExport,
    /// Carry rosters of responsible persons out as a file (S16). 导出责任人名单
    RosterExport,
    /// Carry coverage out as a file (S05, S06). 导出覆盖率
    CoverageExport,
    /// Carry households that nobody has reached out as a file (S07). 导出未访户清单
    HouseholdsNotReachedExport,
    /// Print a form for visits (S12). 打印入户走访登记表
    VisitFormExport,
}

impl Operation {
    /// Every operation, in the order of declaration.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Its name in the API and in stored lists, e.g. `SUBMISSION_SUBMIT`.
    #[must_use]
    pub fn name(self) -> &'static str {
        let items = Self::items().iter();
        items.filter(|item| item.value == self).map(|item| item.name).next().unwrap_or_default()
    }

    /// The operation of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::items().iter().find(|item| item.name == name).map(|item| item.value)
    }
}

/// How far a profile sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What its department has a share in.
    Own,
    /// All of its county.
    County,
    /// What a citizen needs in order to write: its campaign and channel, classes, villages and their townships. Nobody's
    /// suggestions and nobody's papers.
    Public,
}

/// Whose rows a profile changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// Nobody's: reading far never lets write.
    Nothing,
    /// What its department writes of itself or as an inspector: acknowledgements, publicity, inspections and circulars, and
    /// nobody's suggestions.
    Papers,
    /// Those its department collects or handles.
    Own,
    /// All of its county's.
    County,
}

/// Whose households a profile enters visits of, in its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visits {
    /// Nobody's.
    Nowhere,
    /// Those of the village whose committee it is.
    OwnVillage,
    /// Any of the county's: whoever collects may visit.
    Anywhere,
}

/// Whose accounts a profile manages; everyone sees oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accounts {
    /// Nobody else's.
    Oneself,
    /// Its department's.
    Own,
    /// The county's.
    County,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// How far it sees suggestions and their figures.
    pub reads: Reach,
    /// Whose suggestions it changes.
    pub writes: Writes,
    /// Whose households it enters visits of.
    pub visits: Visits,
    /// Whose accounts it manages before its position is looked at.
    pub accounts: Accounts,
    /// Whether it reads the audit trail.
    pub audit: bool,
    /// What it may call.
    pub operations: &'static [Operation],
}

use Operation as Op;

const COLLECTING: &[Operation] = &[
    Op::SubmissionRecord,
    Op::SubmissionEdit,
    Op::SubmissionWithdraw,
    Op::SubmissionClassify,
    Op::SubmissionsClassify,
    Op::SubmissionsWithdraw,
    Op::SubmissionsAssign,
    Op::SubmissionsReassign,
    Op::SubmissionInvalidPropose,
    Op::SubmissionImport,
    Op::IdentityReveal,
    Op::PersonFind,
    Op::PersonErase,
    Op::VisitRecord,
    Op::VisitBatchRecord,
    Op::VisitLink,
    Op::VisitWithdraw,
    Op::SymposiumRecord,
    Op::ConstituentRegister,
    Op::ConstituentReach,
    Op::RosterSubmit,
    Op::UnitPlanSubmit,
    Op::TaskCreate,
    Op::TaskProgress,
    Op::WeeklyReportSubmit,
    Op::SummaryTableDraft,
    Op::SummaryLinePut,
    Op::SummaryLineRemove,
    Op::SummaryTableReview,
    Op::SummaryTableSign,
    Op::SummaryTableScanAttach,
    Op::SummaryTableRevise,
    Op::MilestonePut,
    Op::ProgressRecord,
    Op::ExplanationRecord,
    Op::ExplanationDeliver,
    Op::ExplanationEdit,
    Op::ExplanationWithdraw,
    Op::RectificationReport,
    Op::CircularAcknowledge,
    // Only the department whose role the plan names for voting is let through by the rules.
    Op::VoteRecord,
    Op::VoteCorrect,
    Op::EvaluationRecord,
    Op::EvaluationCorrect,
    Op::CampaignAcknowledge,
    Op::SubmissionExport,
    Op::WeeklyReportExport,
    Op::SummaryTableExport,
    Op::CircularExport,
    Op::RosterExport,
    Op::CoverageExport,
    Op::HouseholdsNotReachedExport,
    Op::VisitFormExport,
];

/// A channel's owner collects, and reports on the campaign.
const OWNING: &[Operation] = &{
    let mut all = [Op::PublicityRecord; COLLECTING.len() + 3];
    all[COLLECTING.len()] = Op::PublicityCorrect;
    all[COLLECTING.len() + 1] = Op::PublicityWithdraw;
    let mut place = 0;
    while place < COLLECTING.len() {
        all[place] = COLLECTING[place];
        place += 1;
    }
    all
};

const VISITING: &[Operation] = &[
    Op::SubmissionRecord,
    Op::VisitRecord,
    Op::VisitBatchRecord,
    Op::VisitLink,
    Op::VisitWithdraw,
    Op::SymposiumRecord,
    Op::SubmissionExport,
    Op::CircularExport,
    Op::CoverageExport,
    Op::HouseholdsNotReachedExport,
    Op::VisitFormExport,
];

/// What the campaign's office decides on.
const DIRECTING: &[Operation] = &[
    Op::RosterSubmit,
    Op::UnitPlanReturn,
    Op::UnitPlanAccept,
    Op::TaskCreate,
    Op::TaskProgress,
    Op::SummaryTableAccept,
    Op::SummaryTableReturn,
    Op::SubmissionMerge,
    Op::SubmissionUnmerge,
    Op::SubmissionMove,
    Op::SubmissionInvalidRule,
    Op::SubmissionReopen,
    Op::ProjectCreate,
    Op::ProjectFromLine,
    Op::ProjectEdit,
    Op::ProjectSourcesPut,
    Op::ProjectWithdraw,
    Op::MeetingPlan,
    Op::AgendaPut,
    Op::AgendaItemRemove,
    Op::MeetingMove,
    Op::MeetingCancel,
    Op::MeetingResultRecord,
    Op::MeetingResultCorrect,
    Op::CampaignClose,
    Op::CircularApprove,
    Op::CircularAcknowledge,
    Op::SubmissionExport,
    Op::WeeklyReportExport,
    Op::SummaryTableExport,
    Op::CircularExport,
    Op::RosterExport,
    Op::CoverageExport,
    Op::HouseholdsNotReachedExport,
    Op::VisitFormExport,
];

const INSPECTING: &[Operation] = &[
    Op::InspectionRecord,
    Op::InspectionCorrect,
    Op::InspectionWithdraw,
    Op::FindingRecheck,
    Op::CircularDraft,
    Op::CircularEdit,
    Op::CircularDiscard,
    Op::CircularApprove,
    Op::CircularIssue,
    Op::CampaignAcknowledge,
    Op::SubmissionExport,
    Op::WeeklyReportExport,
    Op::SummaryTableExport,
    Op::CircularExport,
    Op::RosterExport,
    Op::CoverageExport,
    Op::HouseholdsNotReachedExport,
];

/// Of whoever reads suggestions and does nothing to them.
const READING: &[Operation] = &[Op::SubmissionExport, Op::CircularExport];

/// Of whoever reads all that the county's departments hand in.
const WATCHING: &[Operation] = &[
    Op::SubmissionExport,
    Op::WeeklyReportExport,
    Op::SummaryTableExport,
    Op::CircularExport,
    Op::RosterExport,
    Op::CoverageExport,
    Op::HouseholdsNotReachedExport,
];

/// An analyst watches, and is addressed by the notice.
const ANALYSING: &[Operation] = &{
    let mut all = [Op::CampaignAcknowledge; WATCHING.len() + 1];
    let mut place = 0;
    while place < WATCHING.len() {
        all[place] = WATCHING[place];
        place += 1;
    }
    all
};

const fn row(reads: Reach, writes: Writes, operations: &'static [Operation]) -> Rights {
    Rights { reads, writes, visits: Visits::Nowhere, accounts: Accounts::Oneself, audit: false, operations }
}

/// The rights of a profile, as the table of mission.md states them.
#[must_use]
pub const fn rights(profile: RightsProfile) -> Rights {
    use RightsProfile as P;
    match profile {
        P::Collector => Rights { visits: Visits::Anywhere, ..row(Reach::Own, Writes::Own, COLLECTING) },
        P::ChannelOwner => Rights { visits: Visits::Anywhere, ..row(Reach::Own, Writes::Own, OWNING) },
        // Its visits are all that it writes by itself.
        P::Village => Rights { visits: Visits::OwnVillage, ..row(Reach::Own, Writes::Nothing, VISITING) },
        P::Portal => row(Reach::Public, Writes::Nothing, &[Op::SubmissionSubmit]),
        // Plan content goes through `plan apply`.
        P::CampaignOffice => row(Reach::County, Writes::County, DIRECTING),
        P::Supervision => row(Reach::County, Writes::Papers, INSPECTING),
        // A notice is addressed to these too.
        P::Analysis => row(Reach::County, Writes::Papers, ANALYSING),
        P::Leadership => row(Reach::County, Writes::Nothing, WATCHING),
        // What these see arrives as shares with the capabilities that hand it to them.
        P::CallbackOffice => row(Reach::Own, Writes::Nothing, READING),
        P::Discipline => row(
            Reach::Own,
            Writes::Papers,
            &[Op::CampaignAcknowledge, Op::SubmissionExport, Op::CircularExport],
        ),
        P::Publication => row(
            Reach::Own,
            Writes::Papers,
            &[
                Op::CampaignAcknowledge,
                Op::PublicityRecord,
                Op::PublicityCorrect,
                Op::PublicityWithdraw,
                Op::SubmissionExport,
                Op::CircularExport,
            ],
        ),
        P::Administrator => Rights {
            accounts: Accounts::County,
            ..row(Reach::Own, Writes::Nothing, &[Op::AccountManage, Op::ClientManage])
        },
        P::Auditor => Rights { audit: true, ..row(Reach::Own, Writes::Nothing, &[Op::AuditRead]) },
    }
}

/// Whether a post may call an operation: the profile's row, and what is left to a department's head.
#[must_use]
pub fn allows(profile: RightsProfile, position: Position, operation: Operation) -> bool {
    match operation {
        Operation::OfficerManage => position == Position::Head && !matches!(profile, RightsProfile::Portal),
        Operation::SubmissionsReassign if position != Position::Head => false,
        _ => rights(profile).operations.contains(&operation),
    }
}
