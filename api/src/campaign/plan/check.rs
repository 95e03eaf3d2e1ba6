//! Whether a plan makes sense.
use super::Plan;
use super::error::Finding;
pub(super) fn check(_plan: &Plan) -> Vec<Finding> {
    Vec::new()
}
