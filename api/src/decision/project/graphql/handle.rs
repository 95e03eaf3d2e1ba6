//! A project as others lead to it; its fields stand beside.

use crate::graphql::keyed::keyed;
use entity::project;

/// A project drawn from suggestions across departments; a department sees those that one of its own suggestions led to,
/// that it carries out, or that it votes on (S21, S24–S27). 民心工程项目
#[derive(Clone, Debug)]
pub struct Project(pub project::Model);

keyed! {
    Project: project;
}
