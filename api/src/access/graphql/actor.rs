//! Who did something, as records and the audit trail tell it.

use async_graphql::{Context, Enum, ID, Object};
use entity::enums::Position;
use entity::id::{AccountId, DepartmentId, PortalClientId, PostId};
use entity::labels::Labelled as _;
use entity::{audit_entry, former_text, record};
use uuid::Uuid;

use crate::campaign::graphql::Department;
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::ids::Kind;
use crate::scope::profiles::Operation;

/// What kind of actor. 何类操作者
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// A person in a post. 人员
    Person,
    /// A portal's credential. 门户
    Portal,
    /// The program itself, or its operator at the command line. 系统
    System,
}

/// By what credential something was done.
#[derive(Clone, Copy, Debug)]
enum By {
    Account(AccountId),
    Portal(PortalClientId),
    System,
}

/// Who did something. Department and rank are told to everyone who sees what was done; name and ids to colleagues of the same
/// department and to the auditor. 操作者
#[derive(Clone, Debug)]
pub struct Actor {
    by: By,
    department: Option<DepartmentId>,
    position: Option<Position>,
    post: Option<PostId>,
}

impl Actor {
    /// Of a line of the handling record; nothing where a citizen or the program did it.
    #[must_use]
    pub fn of_record(row: &record::Model) -> Option<Self> {
        let by = By::Account(row.by_account?);
        Some(Self { by, department: row.by_department, position: row.by_position, post: row.post })
    }

    /// Of who corrected what stood in a suggestion before; nothing where the program did.
    #[must_use]
    pub fn of_former_text(row: &former_text::Model) -> Option<Self> {
        let by = By::Account(row.by_account?);
        Some(Self { by, department: row.by_department, position: row.by_position, post: row.post })
    }

    /// Of a line of the audit trail.
    #[must_use]
    pub fn of_line(line: &audit_entry::Model) -> Self {
        let key = |kind| line.actor.strip_prefix(kind).and_then(|key| Uuid::parse_str(key).ok());
        let by = match (key("account:"), key("portal:")) {
            (Some(account), _) => By::Account(account.into()),
            (_, Some(client)) => By::Portal(client.into()),
            _ => By::System,
        };
        Self { by, department: line.department, position: line.position, post: line.post }
    }

    /// In one text: department and rank, and the name for whoever may know it.
    pub async fn told(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        let mut parts = Vec::new();
        if let Some(department) = self.department {
            parts.extend(Department::seen(ctx, department).await?.map(|department| department.0.name));
        }
        let language = ctx.request()?.language;
        parts.extend(self.position.map(|position| {
            let label = position.label();
            language.pick(label.zh, label.en).to_owned()
        }));
        parts.extend(name(ctx, self).await?);
        Ok(parts.join(" "))
    }

    /// The account, for whoever may know whose it is.
    fn known_account(&self, request: &Request) -> Result<Option<AccountId>, ApiError> {
        let By::Account(account) = self.by else {
            return Ok(None);
        };
        Ok(self.is_known(request)?.then_some(account))
    }

    fn is_known(&self, request: &Request) -> Result<bool, ApiError> {
        let viewer = request.viewer()?;
        Ok(viewer.may(Operation::AuditRead) || self.department == Some(viewer.department()))
    }
}

/// Who did something. Department and rank are told to everyone who sees what was done; name and ids to colleagues of the same
/// department and to the auditor. 操作者
#[Object]
impl Actor {
    /// What kind of actor. 类型
    async fn kind(&self) -> ActorKind {
        match self.by {
            By::Account(_) => ActorKind::Person,
            By::Portal(_) => ActorKind::Portal,
            By::System => ActorKind::System,
        }
    }

    /// Name shown to colleagues, as the account has it now; null for whoever may not know it. 姓名
    async fn name(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        name(ctx, self).await.transpose()
    }

    /// Global id of the account or of the portal, to filter the audit trail by; null for whoever may not know it. 操作者编号
    async fn holder_id(&self, ctx: &Context<'_>) -> Result<Option<ID>, ApiError> {
        let request = ctx.request()?;
        Ok(match self.by {
            By::Portal(client) if self.is_known(request)? => Some(request.id(Kind::PortalClient, client)),
            _ => self.known_account(request)?.map(|account| request.id(Kind::Account, account)),
        })
    }

    /// Global id of the post, to filter the audit trail by; null for whoever may not know it, and in the trail of former
    /// releases. 岗位编号
    async fn post_id(&self, ctx: &Context<'_>) -> Result<Option<ID>, ApiError> {
        let request = ctx.request()?;
        let post = self.post.filter(|_| matches!(self.by, By::Account(_)));
        Ok(if self.is_known(request)? { post.map(|post| request.id(Kind::Post, post)) } else { None })
    }

    /// Rank of the post; null for portals and the system, and in the trail of former releases. 职务
    async fn position(&self) -> Option<Position> {
        self.position
    }

    /// Department acted for; null for portals and the system. 单位
    async fn department(&self, ctx: &Context<'_>) -> Option<Result<Department, ApiError>> {
        Department::seen(ctx, self.department?).await.transpose()
    }
}

async fn name(ctx: &Context<'_>, actor: &Actor) -> Result<Option<String>, ApiError> {
    let request = ctx.request()?;
    let Some(account) = actor.known_account(request)? else {
        return Ok(None);
    };
    let snapshot = request.read().await?;
    Ok(snapshot.load.staff_names.load_one(account).await?)
}
