//! THE rights table: what each profile may do and how far it sees. A new profile is one variant and one row here.

use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType as _;
use entity::enums::{Position, RightsProfile};

/// What can be done through the API. A profile that lacks one gets FORBIDDEN, whatever the row. 操作
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enum)]
pub enum Operation {
    /// Enter a suggestion into the own stream. 登记
    SubmissionRecord,
    /// Correct one while it is untouched. 修改
    SubmissionEdit,
    /// Withdraw one while it is untouched. 撤回
    SubmissionWithdraw,
    /// Put one into a class, or correct the class (S11). 归类
    SubmissionClassify,
    /// Submit one for a citizen, as a portal. 群众提交
    SubmissionSubmit,
    /// Bring in a ledger. 批量导入
    SubmissionImport,
    /// Show a person's identity, with a reason, audited. 查看身份
    IdentityReveal,
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
    /// Carry suggestions out as a file, in the own scope. 导出台账
    SubmissionExport,
}

impl Operation {
    /// Every operation, in the order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::SubmissionRecord,
        Self::SubmissionEdit,
        Self::SubmissionWithdraw,
        Self::SubmissionClassify,
        Self::SubmissionSubmit,
        Self::SubmissionImport,
        Self::IdentityReveal,
        Self::PersonErase,
        Self::AccountManage,
        Self::OfficerManage,
        Self::ClientManage,
        Self::AuditRead,
        Self::SubmissionExport,
    ];

    /// Its name in the API and in stored lists, e.g. `SUBMISSION_SUBMIT`.
    #[must_use]
    pub fn name(self) -> &'static str {
        let items = Self::items().iter();
        items
            .filter(|item| item.value == self)
            .map(|item| item.name)
            .next()
            .unwrap_or_default()
    }

    /// The operation of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::items()
            .iter()
            .find(|item| item.name == name)
            .map(|item| item.value)
    }
}

/// How far a profile sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What its department has a share in.
    Own,
    /// All of its county.
    County,
}

/// Whose rows a profile changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// Nobody's: reading far never lets write.
    Nothing,
    /// Those its department collects or handles.
    Own,
    /// All of its county's.
    County,
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
    Op::SubmissionImport,
    Op::IdentityReveal,
    Op::PersonErase,
    Op::SubmissionExport,
];

/// Of whoever reads suggestions and does nothing to them.
const READING: &[Operation] = &[Op::SubmissionExport];

const fn row(reads: Reach, writes: Writes, operations: &'static [Operation]) -> Rights {
    Rights {
        reads,
        writes,
        accounts: Accounts::Oneself,
        audit: false,
        operations,
    }
}

/// The rights of a profile, as the table of mission.md states them.
#[must_use]
pub const fn rights(profile: RightsProfile) -> Rights {
    use RightsProfile as P;
    match profile {
        P::Collector | P::ChannelOwner => row(Reach::Own, Writes::Own, COLLECTING),
        P::Village => row(
            Reach::Own,
            Writes::Nothing,
            &[Op::SubmissionRecord, Op::SubmissionExport],
        ),
        P::Portal => row(Reach::Own, Writes::Nothing, &[Op::SubmissionSubmit]),
        // Its writes come with merging and routing; plan content goes through `plan apply`.
        P::CampaignOffice => row(Reach::County, Writes::County, READING),
        P::Supervision | P::Analysis | P::Leadership => {
            row(Reach::County, Writes::Nothing, READING)
        }
        // What these see arrives as shares with the capabilities that hand it to them.
        P::CallbackOffice | P::Discipline | P::Publication => {
            row(Reach::Own, Writes::Nothing, READING)
        }
        P::Administrator => Rights {
            accounts: Accounts::County,
            ..row(
                Reach::Own,
                Writes::Nothing,
                &[Op::AccountManage, Op::ClientManage],
            )
        },
        P::Auditor => Rights {
            audit: true,
            ..row(Reach::Own, Writes::Nothing, &[Op::AuditRead])
        },
    }
}

/// Whether a post may call an operation: the profile's row, and for a department's head its officers.
#[must_use]
pub fn allows(profile: RightsProfile, position: Position, operation: Operation) -> bool {
    match operation {
        Operation::OfficerManage => {
            position == Position::Head && !matches!(profile, RightsProfile::Portal)
        }
        _ => rights(profile).operations.contains(&operation),
    }
}
