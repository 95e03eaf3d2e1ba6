//! Where a suggestion is from and by which way it comes, as the plan lists them.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use entity::enums::VillageKind;

use crate::plan::{Plan, RouteFacts};

/// A township or street with its villages and communities. 乡镇、街道
#[derive(Clone, Debug, SimpleObject)]
pub struct PublicTownship {
    /// Its name, which tells villages of one name apart. 名称
    pub name: String,
    /// Its villages and communities. 村、社区
    pub villages: Vec<PublicVillage>,
}

/// A village or community to choose from. 可选村、社区
#[derive(Clone, Debug, SimpleObject)]
pub struct PublicVillage {
    /// To be sent as `villageCode`. 村居代码
    pub code: String,
    /// Chinese name. 村居名称
    pub name: String,
    /// Rural or urban. 村或社区
    pub kind: VillageKind,
}

impl PublicTownship {
    /// Townships in the plan's order; those without a village are left out.
    pub(super) fn all(plan: &Plan) -> Vec<Self> {
        let townships = plan.departments.iter().map(|department| Self {
            name: department.name.clone(),
            villages: plan
                .villages
                .iter()
                .filter(|village| village.department == department.code)
                .map(|village| PublicVillage {
                    code: village.code.clone(),
                    name: village.name.clone(),
                    kind: village.kind,
                })
                .collect(),
        });
        townships.filter(|township| !township.villages.is_empty()).collect()
    }
}

/// A way that a citizen can use alone, at a screen. 公开渠道
pub struct PublicChannel {
    plan: Arc<Plan>,
    place: usize,
}

impl PublicChannel {
    /// The public ones of a plan, in its order.
    pub(super) fn all(plan: &Arc<Plan>) -> Vec<Self> {
        let public = plan.channels.iter().enumerate().filter(|(_, channel)| channel.kind.is_public());
        public.map(|(place, _)| Self { plan: Arc::clone(plan), place }).collect()
    }

    fn channel(&self) -> &crate::plan::Channel {
        &self.plan.channels[self.place]
    }
}

/// A way that a citizen can use alone, at a screen. 公开渠道
#[Object]
impl PublicChannel {
    /// To be sent as `to.channel`. 渠道代码
    async fn code(&self) -> &str {
        &self.channel().code
    }

    /// Chinese name. 渠道名称
    async fn name(&self) -> &str {
        &self.channel().name
    }

    /// Code of the stream to which the plan takes what comes in by it: its form, in `forms`, is what a suggestion must fill in.
    /// 对应征集流
    async fn stream_code(
        &self,
        #[graphql(desc = "Code of the village or community that is chosen. 村居代码")] village_code: Option<
            String,
        >,
        #[graphql(desc = "Group of people that is chosen. 征集对象")] constituency: Option<String>,
    ) -> &str {
        let facts = RouteFacts {
            entering_department: None,
            village: village_code.as_deref(),
            constituency: constituency.as_deref(),
        };
        self.plan.stream_for(self.channel(), facts)
    }
}
