//! Campaigns, streams, dictionaries and forms as the API shows them.

mod campaign;
mod directory;
mod form;
mod pages;
mod permissions;
mod query;
#[cfg(test)]
mod tests;

pub use campaign::{Campaign, CampaignRef, Category, Channel, IntakeStream};
pub use directory::{Department, DepartmentRole, Village};
pub use form::{FormField, FormFieldKind, StreamForm};
pub use pages::{DepartmentConnection, DepartmentEdge, VillageConnection, VillageEdge};
pub use permissions::CampaignPermissions;
pub use query::CampaignQuery;
