//! Constituencies without villages: deputies, members, delegates (S08).

use std::collections::BTreeMap;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::id::StreamId;
use entity::{campaign, constituent};

use super::figures::period;
use crate::campaign::graphql::{Department, IntakeStream};
use crate::coverage::rules::Counts;
use crate::coverage::store::{self, Constituency};
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::listing::connection;
use crate::graphql::scalars::Date;
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::secrets::seal::mask_name;
use crate::snapshot::loaders::must;

/// Somebody of a stream's own constituency: a deputy, member or delegate (S08). 征集对象人员
#[derive(Clone, Debug)]
pub struct Constituent(pub constituent::Model);

keyed! {
    Constituent: constituent;
}

/// Somebody of a stream's own constituency: a deputy, member or delegate (S08). 征集对象人员
#[Object]
impl Constituent {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Constituent, self.0.id))
    }

    /// The department whose roster it is. 征集单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// The stream that hears it. 征集流
    async fn stream(&self, ctx: &Context<'_>) -> Result<IntakeStream, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.stream, self.0.stream).await.map(IntakeStream)
    }

    /// Which of the stream's constituencies. 征集对象
    async fn constituency(&self) -> &str {
        &self.0.constituency
    }

    /// Name; masked for all but the department whose roster it is. 姓名
    async fn name(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        let request = ctx.request()?;
        let name = store::name_of(&request.app, &self.0)?;
        let own = request.viewer()?.department() == self.0.department;
        Ok(if own { name } else { mask_name(&name) })
    }

    /// Day of entry in the roster. 列入日期
    async fn registered_on(&self) -> Date {
        Date(self.0.registered_on)
    }

    /// First day on which it was heard; null until then. 首次征集日期
    async fn reached_on(&self) -> Option<Date> {
        self.0.reached_on.map(Date)
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<ConstituentPermissions, ApiError> {
        let viewer = ctx.request()?.viewer()?;
        let own = viewer.department() == self.0.department;
        Ok(ConstituentPermissions { can_reach: own && viewer.may(Operation::ConstituentReach) })
    }
}

/// What the caller may do with one person of a constituency now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ConstituentPermissions {
    /// Whether `constituentReach` would be accepted; an earlier day than the one known takes its place. 可登记征集
    pub can_reach: bool,
}

connection! {
    /// A page of persons of constituencies. 征集对象人员分页
    ConstituentConnection, ConstituentEdge: constituent as Constituent(constituent::Model)
}

/// How many of the persons on rosters were heard, in the caller's scope (S08). 征集对象覆盖率
pub struct ConstituencyCoverage {
    as_of: Date,
    persons: (i64, i64),
    rows: Vec<Constituency>,
}

impl ConstituencyCoverage {
    /// Of one campaign up to a day.
    pub async fn of(
        ctx: &Context<'_>,
        campaign: &campaign::Model,
        as_of: Option<Date>,
    ) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        let day = period(request, campaign, as_of).as_of;
        let tx = &request.read().await?.tx;
        Ok(Self {
            as_of: Date(day),
            persons: store::distinct_persons(tx, &request.app, campaign.id, day).await?,
            rows: store::constituencies(tx, campaign.id, day).await?,
        })
    }
}

/// How many of the persons on rosters were heard, in the caller's scope (S08). 征集对象覆盖率
#[Object]
impl ConstituencyCoverage {
    /// Up to the end of this day. 统计截止日
    async fn as_of(&self) -> Date {
        self.as_of
    }

    /// All persons, each counted once however many rosters name it. 合计（去重）
    async fn total(&self) -> ConstituencyFigures {
        ConstituencyFigures::of(self.persons.0, self.persons.1)
    }

    /// Streams that have a roster. 各征集流
    async fn streams(&self, ctx: &Context<'_>) -> Result<Vec<StreamConstituencies>, ApiError> {
        let mut streams: BTreeMap<StreamId, Vec<&Constituency>> = BTreeMap::new();
        for row in &self.rows {
            streams.entry(row.stream).or_default().push(row);
        }
        let load = &ctx.request()?.read().await?.load;
        let ids: Vec<StreamId> = streams.keys().copied().collect();
        let mut known = load.stream.load_many(ids).await?;
        let mut found = Vec::new();
        for (id, rows) in streams {
            let Some(stream) = known.remove(&id) else {
                continue;
            };
            let figures = |row: &&Constituency| ConstituencyRow {
                constituency: row.name.clone(),
                figures: ConstituencyFigures::of(row.registered, row.reached),
            };
            found.push(StreamConstituencies {
                stream: IntakeStream(stream),
                constituencies: rows.iter().map(figures).collect(),
            });
        }
        found.sort_by_key(|row| row.stream.0.rank);
        Ok(found)
    }
}

/// The constituencies of one stream. 征集流的征集对象
#[derive(Clone, Debug, SimpleObject)]
pub struct StreamConstituencies {
    /// The stream. 征集流
    pub stream: IntakeStream,
    /// Its constituencies that have a roster. 各征集对象
    pub constituencies: Vec<ConstituencyRow>,
}

/// One constituency of one stream. 征集对象
#[derive(Clone, Debug, SimpleObject)]
pub struct ConstituencyRow {
    /// Whom it consists of. 征集对象
    pub constituency: String,
    /// How many were heard. 覆盖数字
    pub figures: ConstituencyFigures,
}

/// Persons on rosters and those of them that were heard. 征集对象数字
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ConstituencyFigures {
    /// Persons. 人数
    pub registered: i64,
    /// Heard. 已征集人数
    pub reached: i64,
    /// Heard, 0 to 1; null where there are no persons. 覆盖率
    pub rate: Option<f64>,
}

impl ConstituencyFigures {
    fn of(registered: i64, reached: i64) -> Self {
        let counts = Counts::new(registered, reached, 0);
        Self { registered: counts.households, reached: counts.reached, rate: counts.rate(counts.reached) }
    }
}
