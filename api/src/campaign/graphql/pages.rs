//! Pages of the two directories that grow past a list: departments and villages, by code.

use async_graphql::ID;
use entity::{department, village};

use super::directory::{Department, Village};
use crate::db::Predicate;
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::Request;
use crate::graphql::listing::{Listed, Order, connection, known};
use crate::ids::Kind;

connection! {
    /// Page of departments. 单位分页
    DepartmentConnection, DepartmentEdge: department as Department(department::Model)
}

connection! {
    /// Page of villages and communities. 村、社区分页
    VillageConnection, VillageEdge: village as Village(village::Model)
}

/// The county's departments.
pub(super) async fn departments(request: &Request, args: PageArgs) -> Result<DepartmentConnection, ApiError> {
    let order = Order::by_code(department::Column::Code, |row: &department::Model| &row.code);
    let page = Listed::read(request, "departments", Predicate::everything(), &order, &args).await?;
    Ok(DepartmentConnection(page))
}

/// The county's villages and communities, or those of one township.
pub(crate) async fn villages(
    request: &Request,
    args: PageArgs,
    department: Option<ID>,
) -> Result<VillageConnection, ApiError> {
    let filter = match department {
        None => Predicate::everything(),
        Some(id) => {
            let id = known::<department::Entity>(request, Kind::Department, &id, "departmentId").await?;
            Predicate::is(village::Column::Department, id)
        }
    };
    let order = Order::by_code(village::Column::Code, |row: &village::Model| &row.code);
    Ok(VillageConnection(Listed::read(request, "villages", filter, &order, &args).await?))
}
