//! Campaigns, streams, dictionaries and forms as the API shows them.

mod calendar;
mod campaign;
mod directory;
mod form;
mod pages;
mod query;

pub(crate) use calendar::working_days;
pub use calendar::{CalendarYear, SpecialDay};
pub(crate) use campaign::read_json;
pub use campaign::{Campaign, CampaignRef, Category, Channel, IntakeStream};
pub use directory::{Department, DepartmentRole, Village};
pub use form::{FormField, FormFieldKind, StreamForm};
pub(crate) use pages::villages;
pub use pages::{DepartmentConnection, DepartmentEdge, VillageConnection, VillageEdge};
pub use query::CampaignQuery;
