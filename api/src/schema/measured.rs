//! Measures an answer while it is made: each field as its value is ready.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo,
};
use async_graphql::{Pos, Response, ServerResult, Value};

use crate::error::ApiError;
use crate::graphql::answer_size::{AnswerSize, ERROR, MEMBER, bytes};
use crate::graphql::context::Request;

/// Counts each field as its value is ready.
pub struct Measured;

impl ExtensionFactory for Measured {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for Measured {
    /// Each event of a subscription is an answer of its own.
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(size) = size_of(ctx) {
            size.begin();
        }
        next.run(ctx, operation_name).await
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let Some(size) = size_of(ctx) else {
            return next.run(ctx, info).await;
        };
        within(size.check())?;
        let member = info.alias.unwrap_or(info.name).len() + MEMBER;
        let leaf = info.field.selection_set.node.items.is_empty();
        let value = match next.run(ctx, info).await {
            Ok(value) => value,
            Err(error) => {
                within(size.take(ERROR))?;
                return Err(error);
            }
        };
        let own = value.as_ref().map_or(MEMBER, |value| if leaf { bytes(value) } else { brackets(value) });
        within(size.take(member + own))?;
        Ok(value)
    }
}

fn size_of<'c>(ctx: &ExtensionContext<'c>) -> Option<&'c AnswerSize> {
    ctx.data_opt::<Request>().map(|request| request.size.as_ref())
}

fn within(outcome: Result<(), ApiError>) -> ServerResult<()> {
    outcome.map_err(|error| async_graphql::Error::from(error).into_server_error(Pos::default()))
}

/// What stands around objects, whose members count themselves.
fn brackets(value: &Value) -> usize {
    match value {
        Value::List(items) => 2 + items.iter().map(brackets).sum::<usize>(),
        _ => 3,
    }
}
