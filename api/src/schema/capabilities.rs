//! The roots of the schema, the kinds of export and what makes people owe something, as `capabilities!` lists them.

use async_graphql::MergedObject;

use super::ServiceQuery;
use super::node::NodeQuery;
use crate::agenda::Source;
use crate::export::Exportable;

macro_rules! roots_and_exports {
    ($($capability:ident {
        queries: $($query:ident),*;
        mutations: $($mutation:ident),*;
        nodes: $($_node:ident),*;
        exports: $($export:ident),*;
        agenda: $($source:ident),*;
    })*) => {
        /// Reads. Every list and count is already cut to the caller's scope. 查询
        #[derive(Default, MergedObject)]
        pub struct Query(ServiceQuery, NodeQuery, $($(crate::$capability::graphql::$query,)*)*);

        /// Writes: one input each; a refusal comes in `userErrors`, and the object is null only then. 操作
        #[derive(Default, MergedObject)]
        pub struct Mutation($($(crate::$capability::graphql::$mutation,)*)*);

        /// Every kind of export.
        pub static EXPORTS: &[&Exportable] = &[$($(&Exportable::of::<crate::$capability::graphql::$export>(),)*)*];

        /// Everything that makes people owe something.
        pub(super) static AGENDA: &[&dyn Source] = &[$($(&crate::$capability::agenda::$source,)*)*];
    };
}

capabilities!(roots_and_exports);
