//! One suggestion. Stream (whose), channel (how) and entering post (by whom) are three fields. 意见建议

use sea_orm::entity::prelude::*;

use crate::enums::{Stage, SubmissionKind, Urgency};
use crate::id::{
    CampaignId, CategoryId, ChannelId, County, DepartmentId, PortalClientId, PostId, StreamId, SubmissionId,
    VillageId,
};

/// One suggestion. Stream (whose), channel (how) and entering post (by whom) are three fields. 意见建议
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubmissionId,
    /// Collector: owner of the stream. 征集单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Whose it is. 征集流
    pub stream: StreamId,
    /// How it came in. 渠道
    pub channel: ChannelId,
    /// Post that entered it; none when a portal did. 录入岗位
    pub entered_by: Option<PostId>,
    /// Portal that entered it. 门户
    pub client: Option<PortalClientId>,
    /// Case number for those who work on it: stream-year-n. 编号
    pub number: String,
    /// The number that its citizen is told: twelve digits without order, unique in the county. 受理编号
    pub receipt_number: String,
    /// What the person wants. 诉求类型
    pub kind: SubmissionKind,
    /// Where it stands. 环节
    pub stage: Stage,
    /// Title. 标题
    pub title: String,
    /// Text. 内容
    pub content: String,
    /// Class; none until classified. 类别
    pub category: Option<CategoryId>,
    /// Class that its citizen proposed; the collector decides. 群众建议类别
    pub proposed_category: Option<CategoryId>,
    /// Group of people it speaks for. 征集对象
    pub constituency: Option<String>,
    /// Place. 村社区
    pub village: Option<VillageId>,
    /// How urgent (S10). 紧急程度
    pub urgency: Urgency,
    /// How many would benefit (S10). 受益人数
    pub beneficiaries: Option<i32>,
    /// Identity never shown. 保密
    pub confidential: bool,
    /// No name was given. 匿名
    pub anonymous: bool,
    /// Entered for someone met on a visit. 代录
    pub on_behalf: bool,
    /// Received after intake closed; taken all the same (S04). 逾期
    pub late: bool,
    /// When it was received. 收到时间
    pub received_at: DateTimeUtc,
    /// Its day, Asia/Shanghai. 收到日期
    pub received_on: Date,
    /// The channel's own number, unique per channel (H08). 来源编号
    pub external_ref: Option<String>,
    /// Extra fields of the stream's form (S26). 附加项
    pub extra: Json,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// Raised by every step; sent back as expectedVersion. 版本
    pub version: i32,
    /// Whether its texts hold the name of its person, which is then masked for most readers; none where nobody has looked.
    pub names_person: Option<bool>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
