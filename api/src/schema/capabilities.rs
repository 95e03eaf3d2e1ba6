//! The roots of the schema and the kinds of export, as `capabilities!` lists them.

use async_graphql::MergedObject;

use super::ServiceQuery;
use super::node::NodeQuery;
use crate::export::Exportable;

macro_rules! roots_and_exports {
    ($($capability:ident {
        queries: $($query:ident),*;
        mutations: $($mutation:ident),*;
        nodes: $($_node:ident),*;
        exports: $($export:ident),*;
    })*) => {
        /// Reads. Every list and count is already cut to the caller's scope. 查询
        #[derive(Default, MergedObject)]
        pub struct Query(ServiceQuery, NodeQuery, $($(crate::$capability::graphql::$query,)*)*);

        /// Writes: one input each; a refusal comes in `userErrors`, and the object is null only then. 操作
        #[derive(Default, MergedObject)]
        pub struct Mutation($($(crate::$capability::graphql::$mutation,)*)*);

        /// Every kind of export.
        pub static EXPORTS: &[&Exportable] = &[$($(&Exportable::of::<crate::$capability::graphql::$export>(),)*)*];
    };
}

capabilities!(roots_and_exports);
