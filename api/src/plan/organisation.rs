//! Who takes part: roles, departments with their posts, groups and tasks (S16 S31 H21 H22 H42).

pub use entity::enums::{Position, RightsProfile};
use serde::{Deserialize, Serialize};

/// Who a department is (角色): a code with a name, and the rights that go with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The code that portals rely on, such as `TOWNSHIP` (角色代码).
    pub code: String,
    /// The Chinese name (角色名称).
    pub name: String,
    /// What a department of this role may do (权限类型).
    pub profile: RightsProfile,
    /// The posts of every department of this role that names none itself (默认岗位; S16 S17).
    #[serde(default)]
    pub posts: Vec<Post>,
}

/// A department that takes part (部门、单位).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// The code, unique in the county (部门代码).
    pub code: String,
    /// The name (部门名称).
    pub name: String,
    /// The code of its role (角色代码).
    pub role: String,
    /// The department above it; a village committee's is its township (上级单位).
    #[serde(default)]
    pub parent: Option<String>,
    /// Its posts, where they are others than those of its role (岗位; S16 S17).
    #[serde(default)]
    pub posts: Vec<Post>,
}

/// A post of a department (岗位): a seat that a person takes, never a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Head, deputy or officer (职位).
    pub position: Position,
    /// What the post is called (岗位名称).
    pub name: String,
    /// What the notice makes it answer for (职责; S16 S17).
    #[serde(default)]
    pub duty: Option<String>,
}

/// A leadership group, its office or a working group (领导小组、办公室、工作组; S31 H22 H42).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The code, unique in the campaign (组代码).
    pub code: String,
    /// The name (组名).
    pub name: String,
    /// What sort of group it is.
    pub kind: GroupKind,
    /// What the notice makes it answer for (职责).
    pub duties: Vec<String>,
    /// Its members; a department may sit in several groups (成员单位).
    pub members: Vec<GroupMember>,
}

/// What sort of group it is (组别).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupKind {
    /// Leads the campaign (领导小组).
    Leadership,
    /// The office of the leadership group (领导小组办公室).
    Office,
    /// A working group (专项工作组).
    Working,
}

/// A seat in a group (组成员): held by a department, or by whoever holds an office in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMember {
    /// The department's code (部门代码).
    pub department: String,
    /// The seat in the group, such as 组长 (组内职务).
    #[serde(default)]
    pub title: Option<String>,
    /// The office that brings the seat with it, such as 区政府办主任; never a person's name (所任职务).
    #[serde(default)]
    pub holder: Option<String>,
}

/// A piece of work that the notice gives to named departments (责任分工; H12–H21 H40).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The code, unique in the campaign (任务代码).
    pub code: String,
    /// What is to be done, in short (任务内容).
    pub text: String,
    /// Who does it; the first leads (责任单位).
    pub departments: Vec<String>,
}
