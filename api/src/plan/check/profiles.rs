//! What a plan's departments are, by the profiles of their roles.

use super::super::{Plan, RightsProfile};

/// Whether departments of this profile own streams (see the rights table).
pub(super) fn owns_streams(profile: RightsProfile) -> bool {
    matches!(profile, RightsProfile::Collector | RightsProfile::ChannelOwner)
}

/// Whether a department of the plan has this profile.
pub(super) fn has_department_of(plan: &Plan, profile: RightsProfile) -> bool {
    plan.departments.iter().any(|department| plan.profile_of(department) == Some(profile))
}
