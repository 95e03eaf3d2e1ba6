//! Which server does a piece of background work in a county, and until when. 后台任务租约

use sea_orm::entity::prelude::*;

use crate::id::County;

/// Which server does a piece of background work in a county, and until when. 后台任务租约
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_lease")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Name of the job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job: String,
    /// Server process that does it.
    pub holder: Uuid,
    /// From then on any server may take it over.
    pub expires_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
