//! Who may find a text, as words of the FTS5 index.

use entity::id::DepartmentId;

use crate::scope::viewer::Viewer;

/// Whoever sees the county.
pub(super) fn of_county(viewer: &Viewer) -> String {
    format!("c{}", viewer.county().as_str())
}

/// A department that has a share.
pub(super) fn of_department(department: DepartmentId) -> String {
    format!("d{}", department.0.simple())
}
