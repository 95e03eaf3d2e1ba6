//! What the values of those enums are called that the program itself declares; those of the tables have their words beside
//! them.

use crate::access::graphql::ActorKind;
use crate::agenda::OwedKind;
use crate::campaign::graphql::FormFieldKind;
use crate::conformance::rules::ClauseStatus;
use crate::coverage::graphql::CoverageNumerator;
use crate::events::ChangeKind;
use crate::export::Format;
use crate::fate::rules::{Disposition, WaitsFor, WaitsForWhom};
use crate::intake::graphql::{HighlightField, OrderDirection, PublicClosure};
use crate::refusal::UserErrorCode;
use crate::reporting::summary::rules::SummaryWarningCode;
use crate::scope::profiles::Operation;
use crate::shares::figures::Dimension;
use crate::shares::filter::Queue;
use crate::shares::find::Order;

entity::labels! {
    ActorKind {
        Person = "人员" / "A person in a post",
        Portal = "门户" / "A portal",
        System = "系统" / "The program or its operator",
    }
    ChangeKind {
        Ready = "已就绪" / "Ready",
        Changed = "有变动" / "Changed",
        Left = "已移出" / "Left the caller's lists",
        Lagged = "可能有遗漏" / "Something may be missed",
    }
    ClauseStatus {
        Breached = "未落实" / "Breached",
        Due = "推进中" / "Due",
        Met = "已落实" / "Met",
        NotApplicable = "不适用" / "Not applicable",
    }
    CoverageNumerator {
        Reached = "征集率" / "Reached in any way",
        VisitedAtDoor = "入户征集率" / "Visited at the door",
    }
    Dimension {
        Department = "单位" / "Department",
        Stream = "征集流" / "Stream",
        Category = "类别" / "Class",
        Channel = "渠道" / "Channel",
        Kind = "诉求类型" / "Kind",
        Stage = "环节" / "Stage",
        Village = "村社区" / "Village or community",
        Day = "日" / "Day",
        Week = "周" / "Week",
        Month = "月" / "Month",
    }
    Disposition {
        InProject = "列入项目" / "Part of an adopted project",
        Declined = "未采纳，已说明" / "Not adopted, explained",
        Answered = "已答复办结" / "Answered",
        Planned = "列入计划" / "Planned",
        Invalid = "不予受理" / "Not admissible",
        Withdrawn = "已撤回" / "Withdrawn",
        Open = "尚无结果" / "No outcome yet",
    }
    FormFieldKind {
        Text = "文本" / "Text",
        Number = "数字" / "Number",
        Date = "日期" / "Date",
        Choice = "单选" / "Choice",
        Boolean = "是否" / "Yes or no",
    }
    Format {
        Csv = "逗号分隔文本" / "Text with commas",
        Xlsx = "电子表格" / "Workbook",
        Docx = "打印文档" / "Document to print",
    }
    HighlightField {
        Title = "标题" / "Title",
        Content = "内容" / "Content",
    }
    Operation {
        SubmissionRecord = "登记意见" / "Enter a suggestion",
        SubmissionEdit = "修改意见" / "Correct a suggestion",
        SubmissionWithdraw = "撤回意见" / "Withdraw a suggestion",
        SubmissionClassify = "意见归类" / "Classify a suggestion",
        SubmissionsClassify = "批量归类" / "Classify many suggestions",
        SubmissionsWithdraw = "批量撤回" / "Withdraw many suggestions",
        SubmissionsAssign = "分派经办人" / "Assign suggestions within the department",
        SubmissionsReassign = "整体转交" / "Hand over all suggestions of one person",
        SubmissionSubmit = "群众提交" / "Submit for a citizen",
        SubmissionImport = "批量导入" / "Import a ledger",
        IdentityReveal = "查看身份" / "Show an identity",
        PersonFind = "按电话、姓名查件" / "Find the cases of a person",
        PersonErase = "删除个人信息" / "Erase a person",
        AccountManage = "管理账号" / "Manage accounts",
        OfficerManage = "管理本单位经办人" / "Manage the own department's officers",
        ClientManage = "管理门户凭据" / "Manage portal credentials",
        AuditRead = "查阅审计" / "Read the audit trail",
        VisitRecord = "登记走访" / "Enter a visit",
        VisitBatchRecord = "批量登记走访" / "Enter visits in a batch",
        VisitLink = "补录走访意见" / "Add suggestions to a visit",
        VisitWithdraw = "撤回走访" / "Withdraw a visit",
        SymposiumRecord = "登记座谈会" / "Enter a symposium",
        ConstituentRegister = "登记征集对象" / "Register constituents",
        ConstituentReach = "标记已征集" / "Mark constituents as heard",
        RosterSubmit = "报送责任人名单" / "Hand in the roster",
        UnitPlanSubmit = "报送实施方案" / "Hand in the unit plan",
        UnitPlanReturn = "退回实施方案" / "Return a unit plan",
        UnitPlanAccept = "采纳实施方案" / "Accept a unit plan",
        TaskCreate = "新增任务" / "Add a task",
        TaskProgress = "上报任务进度" / "Report progress of a task",
        WeeklyReportSubmit = "报送周报" / "Hand in the weekly report",
        SummaryTableDraft = "起草汇总表" / "Begin a summary table",
        SummaryLinePut = "编写汇总行" / "Write a summary line",
        SummaryLineRemove = "删除汇总行" / "Remove a summary line",
        SummaryTableReview = "审核汇总表" / "Review a summary table",
        SummaryTableSign = "审签汇总表" / "Sign a summary table",
        SummaryTableScanAttach = "上传盖章页" / "Attach the sealed page",
        SummaryTableRevise = "修订汇总表" / "Revise a summary table",
        SummaryTableAccept = "接收汇总表" / "Accept a summary table",
        SummaryTableReturn = "退回汇总表" / "Return a summary table",
        SubmissionMerge = "并案" / "Merge suggestions",
        SubmissionUnmerge = "撤销并案" / "Undo a merging",
        SubmissionMove = "改派意见" / "Move a suggestion to another stream",
        SubmissionInvalidPropose = "提请不予受理" / "Propose not to accept a suggestion",
        SubmissionInvalidRule = "裁定不予受理" / "Rule on not accepting a suggestion",
        SubmissionReopen = "重新受理意见" / "Take a suggestion up again",
        ProjectCreate = "新建项目" / "Make a project",
        ProjectFromLine = "据汇总行立项" / "Make a project from a line",
        ProjectEdit = "修改项目" / "Change a project",
        ProjectSourcesPut = "调整项目来源" / "Change the sources of a project",
        ProjectWithdraw = "撤销项目" / "Withdraw a project",
        MeetingPlan = "安排会议" / "Plan a meeting",
        AgendaPut = "列入议题" / "Put a project on an agenda",
        AgendaItemRemove = "移出议题" / "Take a project off an agenda",
        MeetingMove = "会议改期" / "Move a meeting to another day",
        MeetingCancel = "取消会议" / "Cancel a meeting",
        MeetingResultRecord = "登记会议结论" / "Record the results of a meeting",
        MeetingResultCorrect = "更正会议结论" / "Correct the results of a meeting",
        VoteRecord = "登记票决" / "Record a vote",
        VoteCorrect = "更正票决" / "Correct a vote",
        EvaluationRecord = "登记测评" / "Record an evaluation",
        EvaluationCorrect = "更正测评" / "Correct an evaluation",
        MilestonePut = "设置节点" / "Set a milestone",
        ProgressRecord = "登记推进情况" / "Record progress",
        ExplanationRecord = "撰写说明" / "Write an explanation",
        ExplanationDeliver = "送达说明" / "Deliver an explanation",
        ExplanationEdit = "修改说明" / "Change an explanation",
        ExplanationWithdraw = "撤回说明" / "Withdraw an explanation",
        CampaignClose = "结束活动" / "Close the campaign",
        InspectionRecord = "登记督查" / "Record an inspection",
        InspectionCorrect = "更正督查" / "Correct an inspection",
        InspectionWithdraw = "撤回督查" / "Withdraw an inspection",
        RectificationReport = "报告整改" / "Report a rectification",
        FindingRecheck = "复查问题" / "Recheck a finding",
        CircularDraft = "起草通报" / "Draft a circular",
        CircularEdit = "修改通报" / "Change a circular",
        CircularDiscard = "作废通报" / "Discard a circular",
        CircularApprove = "审批通报" / "Approve a circular",
        CircularIssue = "印发通报" / "Issue a circular",
        CircularAcknowledge = "签收通报" / "Acknowledge a circular",
        CampaignAcknowledge = "确认收文" / "Acknowledge the founding document",
        PublicityRecord = "登记宣传报道" / "Enter publicity",
        PublicityCorrect = "更正宣传报道" / "Correct publicity",
        PublicityWithdraw = "撤回宣传报道" / "Withdraw publicity",
        SubmissionExport = "导出台账" / "Export suggestions",
        WeeklyReportExport = "导出周报" / "Export weekly reports",
        SummaryTableExport = "导出汇总表" / "Export a summary table",
        CircularExport = "导出通报" / "Export a circular",
        RosterExport = "导出责任人名单" / "Export rosters",
        CoverageExport = "导出覆盖率" / "Export coverage",
        HouseholdsNotReachedExport = "导出未访户清单" / "Export households not reached",
        VisitFormExport = "打印入户走访登记表" / "Print a form for visits",
    }
    Order {
        ReceivedAt = "收到时间" / "Time of receipt",
        Urgency = "紧急程度" / "Urgency",
        Beneficiaries = "受益人数" / "People who would benefit",
    }
    OrderDirection {
        Asc = "升序" / "Ascending",
        Desc = "降序" / "Descending",
    }
    OwedKind {
        AcknowledgementDue = "待确认收文" / "Document to be acknowledged",
        RosterDue = "待报名单" / "Roster to be handed in",
        UnitPlanDue = "待报实施方案" / "Plan to be handed in",
        UnitPlanToReview = "待审实施方案" / "Plan to be decided on",
        ReportDue = "待报周报" / "Report to be handed in",
        TableDue = "待报汇总表" / "Table to be worked on",
        TableToAccept = "待接收汇总表" / "Table to be accepted",
        ExplanationDue = "待说明" / "To be explained",
        MeetingResultDue = "待登记会议结论" / "Results to be recorded",
        TaskDue = "待办任务" / "Task to be done",
        FindingOpen = "待整改" / "Finding to be put right",
        FindingToRecheck = "待复查" / "Rectification to be rechecked",
        CircularToAcknowledge = "待签收通报" / "Circular to be acknowledged",
        CircularToApprove = "待审批通报" / "Circular to be approved",
        CircularToIssue = "待印发通报" / "Circular to be issued",
        VillagesBehind = "未达标村" / "Villages behind",
        ToClassify = "待归类" / "To be classified",
        InvalidToRule = "待裁定不予受理" / "Not accepting, to be ruled",
        ToReassign = "待转交" / "To be handed over",
    }
    PublicClosure {
        NotBegun = "尚未开始" / "Not begun yet",
        PeriodOver = "征集期已过" / "The period is over",
        Closed = "活动已结束" / "The campaign is closed",
    }
    Queue {
        Collected = "本单位征集" / "Collected",
        ToClassify = "待归类" / "To be classified",
        Late = "逾期补报" / "Received late",
        Entered = "代录" / "Entered for another",
    }
    SummaryWarningCode {
        BareList = "简单罗列" / "A bare list",
    }
    UserErrorCode {
        Invalid = "缺项或格式不符" / "Missing or malformed",
        NotFound = "不存在或不在本单位范围" / "Absent, or out of scope",
        StaleVersion = "他人已改动，请刷新" / "Changed by somebody else",
        WrongStage = "当前环节不可此操作" / "Not possible at this stage",
        CampaignClosed = "征集活动不受理" / "Not taken by the campaign",
        Duplicate = "重复" / "There already",
        WrongCredentials = "账号或口令错误" / "Wrong account or password",
        SessionEnded = "会话已结束" / "Session ended",
        CookieNotKept = "浏览器不会保存 Cookie" / "The browser would not keep the cookie",
        Confidential = "保密件" / "Confidential",
        NotDue = "未到报送期" / "Not owed yet",
        Unclassified = "尚有未归类意见" / "Suggestions to be classified",
        NotCovered = "尚有未汇总意见" / "Suggestions in no line",
        MergeChain = "不能连环并案" / "No chains of merging",
        NotEntitled = "不属本岗位权限" / "Not for this post",
        Uncovered = "尚有意见未采纳也未说明" / "Suggestions neither adopted nor explained",
    }
    WaitsFor {
        Nothing = "已有结果" / "Nothing",
        Classification = "待归类" / "To be classified",
        Ruling = "待裁定是否受理" / "To be ruled whether it is accepted",
        Consideration = "待研究" / "To be considered",
        Meeting = "待会议审定" / "To be decided by a meeting",
        Explanation = "待说明" / "To be explained",
        Delivery = "待送达说明" / "Explanation to be delivered",
        MainCase = "待主件结果" / "Outcome of the main case",
        Unmerging = "待撤销并案" / "Merging to be undone",
        Handling = "待办理" / "To be handled",
        Callback = "待回访" / "To be called back",
    }
    WaitsForWhom {
        Nobody = "无" / "Nobody",
        Collector = "征集单位" / "Its collector",
        Handler = "承办单位" / "Whoever handles it",
        CampaignOffice = "征集办" / "The campaign's office",
        CallbackOffice = "诉求办" / "The callback office",
    }
}
