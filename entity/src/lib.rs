//! The tables of Minsheng, one file each, without behaviour; the ids and the closed enums that they share.
//!
//! Every table that belongs to a county carries its code first in the key, so that the data can be split by
//! county later. [`entities!`] lists every table with how its rows are bound to a caller; what the bindings mean is said in
//! `minsheng::db::scoped`.

pub mod account;
pub mod account_index;
pub mod account_request;
pub mod audit_entry;
pub mod audit_head;
pub mod audit_seal;
pub mod campaign;
pub mod category;
pub mod channel;
pub mod counter;
pub mod county;
pub mod department;
pub mod enums;
pub mod id;
pub mod idempotency;
pub mod import_batch;
pub mod labels;
pub mod person;
pub mod portal_client;
pub mod post;
pub mod receipt_index;
pub mod record;
pub mod session;
pub mod share;
pub mod stream;
pub mod submission;
pub mod tally;
pub mod tally_delta;
pub mod village;

pub mod acknowledgement;
pub mod agenda_item;
pub mod campaign_closing;
pub mod circular;
pub mod circular_receipt;
pub mod constituent;
pub mod duty_task;
pub mod evaluation;
pub mod explanation;
pub mod explanation_cover;
pub mod explanation_version;
pub mod finding;
pub mod former_text;
pub mod former_version;
pub mod household_reach;
pub mod inspection;
pub mod invalidation;
pub mod job_lease;
pub mod key_version;
pub mod meeting;
pub mod merger;
pub mod milestone;
pub mod progress;
pub mod project;
pub mod project_source;
pub mod project_view;
pub mod publicity;
pub mod rectification;
pub mod roster;
pub mod roster_line;
pub mod summary_document;
pub mod summary_line;
pub mod summary_scan;
pub mod summary_source;
pub mod summary_table;
pub mod symposium;
pub mod unit_plan;
pub mod village_register;
pub mod visit;
pub mod vote;
pub mod weekly_report;

/// Every table, one line each: how its rows are bound to whoever asks (the words of `minsheng::db::Binding`, with the columns
/// that bind), and for a table with a key of its own the type of that key, the kind and number under which it goes out as a
/// global id (the number never changes), and what the key is the key of.
///
/// The types of keys, the kinds of global ids, the first wall and the loaders are made from this list: each by a macro that
/// is handed the lines, as in `entities!(scoped)`. The second wall is written apart, in `migration::walls`, and compared.
#[macro_export]
macro_rules! entities {
    ($then:ident) => {
        $then! {
            county: County;
            campaign: Directory, CampaignId as Campaign = 1, "A collection campaign. 征集活动";
            department: Directory, DepartmentId as Department = 3, "A township, department or office. 单位";
            channel: Directory, ChannelId as Channel = 4, "A way by which suggestions come in. 渠道";
            category: Directory, CategoryId as Category = 5, "A class of a campaign's class list. 征集类别";
            village: Directory, VillageId as Village = 6, "A village or community of the register. 村、社区";
            stream: Department(Department), StreamId as IntakeStream = 2, "An intake stream. 征集流";
            account: Account(Department, Id), AccountId as Account = 10, "A person's sign-in account. 账号";
            post: Account(Department, Account), PostId as Post = 9, "A person's place in a department. 岗位";
            account_request: Account(Department, Account), AccountRequestId as AccountRequest = 15, "A request about an account. 账号申请";
            session: Own(Account), SessionId, "A signed-in session: one family of refresh tokens. 会话";
            portal_client: Own(Id), PortalClientId as PortalClient = 13, "A portal's machine credential. 门户凭据";
            account_index: Lookup;
            receipt_index: Lookup;
            submission: Submission(Id, Department), SubmissionId as Submission = 7, "One suggestion. 意见建议";
            share: Share(Department, Submission, Owner, Capability, Assignee);
            person: Child(Submission), PersonId, "The person behind a suggestion. 提出人";
            former_text: FormerText(Submission, Title, Content, Extra);
            invalidation: Child(Submission);
            record: Child(Submission), RecordId as Record = 8, "One line of the handling record. 办理记录";
            counter: Figures(Department);
            import_batch: Figures(Department), ImportBatchId as ImportBatch = 12, "One run of a bulk import. 导入批次";
            tally: Figures(Department);
            tally_delta: Pending(Department);
            audit_entry: Audit, AuditEntryId as AuditEntry = 11, "One line of the audit trail. 审计记录";
            audit_seal: Seal;
            audit_head: Seal;
            idempotency: Own(Actor);
            village_register: Directory, VillageRegisterId, "A version of a village's register. 户数登记版本";
            visit: Visit(Department, Township, Committee, Village), VisitId as Visit = 40, "A visit. 走访";
            symposium: Visit(Department, Township, Committee, Village), SymposiumId as Symposium = 41, "A symposium. 座谈会";
            household_reach: Reach(Department, Committee);
            constituent: Figures(Department), ConstituentId as Constituent = 42, "Somebody of a stream's constituency. 征集对象人员";
            roster: Figures(Department), RosterId as Roster = 43, "A version of a roster. 责任人名单";
            roster_line: Figures(Department), RosterLineId, "A person of a roster. 责任人";
            unit_plan: Figures(Department), UnitPlanId as UnitPlan = 44, "A version of a department's own plan. 单位实施方案";
            duty_task: Figures(Department), TaskId as Task = 45, "A piece of work. 任务";
            weekly_report: Figures(Department), WeeklyReportId as WeeklyReport = 31, "A department's report of one period. 周报";
            summary_table: Figures(Department), SummaryTableId as SummaryTable = 32, "A department's summary table. 分类汇总表";
            summary_line: Figures(Department), SummaryLineId as SummaryLine = 33, "A line of a summary table. 汇总行";
            summary_source: Figures(Department);
            summary_document: Figures(Department);
            summary_scan: Figures(Department), SummaryScanId, "A picture of a sealed page. 盖章页扫描件";
            merger: Department(Department), MergerId, "One suggestion merged into another. 并案";
            project: Decided(Id), ProjectId as Project = 50, "A project. 项目";
            project_source: Department(Department);
            project_view: Department(Department);
            meeting: Department(Department), MeetingId as Meeting = 51, "A meeting. 会议";
            agenda_item: Decided(Project);
            milestone: Carried(Project, Department);
            progress: Carried(Project, Department), ProgressId, "A line about a project's progress. 推进记录";
            vote: Carried(Project, Department);
            evaluation: Carried(Project, Department);
            explanation: Figures(Department), ExplanationId as Explanation = 52, "An explanation. 解释说明";
            explanation_cover: Figures(Department);
            explanation_version: Figures(Department);
            former_version: Former(Project, Department, Concerned);
            campaign_closing: Directory;
            inspection: Inspected(Department, Inspected), InspectionId as Inspection = 53, "An inspection. 督导检查";
            finding: Inspected(Department, Inspected);
            rectification: Figures(Department), RectificationId, "A report of rectification. 整改报告";
            circular: Issued(Department, IssuedAt), CircularId as Circular = 54, "A circular. 通报";
            circular_receipt: Figures(Department);
            acknowledgement: Filed(Department), AcknowledgementId as Acknowledgement = 60, "That the founding document was received. 收文确认";
            publicity: Filed(Department), PublicityId as Publicity = 61, "A piece of publicity. 宣传报道";
            job_lease: Own(Holder);
            key_version: Keys;
        }
    };
}
