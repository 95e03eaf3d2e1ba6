//! Who a county consists of: departments, villages and communities.

use async_graphql::{Context, ID, Object};
use entity::enums::{RightsProfile, VillageClass, VillageKind};
use entity::id::DepartmentId;
use entity::{department, village};

use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::ids::Kind;
use crate::snapshot::loaders::{must, one};

/// A township, department or office. 单位
#[derive(Clone, Debug)]
pub struct Department(pub department::Model);

keyed! {
    Department: department;
}

impl Department {
    /// The department of a key that a row in scope names.
    pub async fn by_id(ctx: &Context<'_>, id: DepartmentId) -> Result<Self, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.department, id).await.map(Self)
    }

    /// The department of a key where the caller sees it: a portal sees townships alone.
    pub async fn seen(ctx: &Context<'_>, id: DepartmentId) -> Result<Option<Self>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        Ok(one(&snapshot.load.department, id).await?.map(Self))
    }
}

/// A township, department or office. 单位
#[Object]
impl Department {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Department, self.0.id))
    }

    /// Stable code of the plan, unique in the county. 单位代码
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Chinese name. 名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who it is. 单位类型
    async fn role(&self) -> DepartmentRole {
        DepartmentRole(self.0.clone())
    }

    /// The department above, e.g. a village committee's township; null at the top, and for portals. 上级单位
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Department, ApiError>> {
        Self::seen(ctx, self.0.parent?).await.transpose()
    }
}

/// Who a department is: data of the plan. 单位类型
#[derive(Clone, Debug)]
pub struct DepartmentRole(department::Model);

/// Who a department is: data of the plan. 单位类型
#[Object]
impl DepartmentRole {
    /// Stable code, e.g. `TOWNSHIP`. 类型代码
    async fn code(&self) -> &str {
        &self.0.role
    }

    /// Chinese name. 类型名称
    async fn name(&self) -> &str {
        &self.0.role_name
    }

    /// What it may do. 权限类别
    async fn profile(&self) -> RightsProfile {
        self.0.profile
    }
}

/// A village or community of the county's register (S05, S06). 村、社区
#[derive(Clone, Debug)]
pub struct Village(pub village::Model);

keyed! {
    Village: village;
}

/// A village or community of the county's register (S05, S06). 村、社区
#[Object]
impl Village {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Village, self.0.id))
    }

    /// Stable code, unique in the county. 村居代码
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Chinese name. 村居名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Rural or urban. 村或社区
    async fn kind(&self) -> VillageKind {
        self.0.kind
    }

    /// Which coverage target binds it. 覆盖率类别
    async fn class(&self) -> VillageClass {
        self.0.class
    }

    /// Households on the register. 户数
    async fn households(&self) -> i32 {
        self.0.households
    }

    /// The township or street that it belongs to. 所属乡镇、街道
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// The committee that enters by itself; null where it has no account, and for portals. 村（居）委会
    async fn committee(&self, ctx: &Context<'_>) -> Option<Result<Department, ApiError>> {
        Department::seen(ctx, self.0.committee?).await.transpose()
    }
}
