//! What an operation costs, counted before anything is executed: its objects, each multiplied by the lists that it stands in,
//! and what `work` says of single fields. Scalars, enums and `__typename` come with their object and cost nothing, unless
//! they are long texts.

mod count;
mod dearest;
mod fields;
mod given;
mod lists;
#[cfg(test)]
mod tests;
mod work;

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};

pub use self::count::Price;
use self::count::{Around, Count, root};
use crate::error::{ApiError, ErrorCode};

/// Most that introspection may cost: the standard query fits once, and neither a second one nor the types of types of
/// types do.
const MAX_INTROSPECTION: usize = 75_000;

/// Most values of an answer for each unit that an operation may cost: they are free, and still take time to write.
const VALUES_OF_UNIT: usize = 10;

/// The price of an operation, or QUERY_TOO_COMPLEX beyond `most` units. Its fragments may not be circular.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    most: usize,
) -> Result<Price, ApiError> {
    let price = price(document, operation, variables);
    if price.units > most {
        let dearest = dearest::fields(document, operation, variables);
        return Err(dearest::too_dear(price.units, most, &dearest));
    }
    let values = most.saturating_mul(VALUES_OF_UNIT);
    if price.values > values {
        return Err(ApiError::new(
            ErrorCode::QueryTooComplex,
            format!("查询过于复杂：应答约有 {} 个值，最多 {values} 个；请减少字段或每页条数", price.values),
            format!(
                "The answer would have some {} values, and may have {values}: ask for fewer fields or rows",
                price.values
            ),
        ));
    }
    if price.introspection > MAX_INTROSPECTION {
        let (asked, most) = (price.introspection, MAX_INTROSPECTION);
        return Err(ApiError::new(
            ErrorCode::QueryTooComplex,
            format!("查询过于复杂：对接口定义的查询为 {asked}，最多 {most}；请减少嵌套"),
            format!("What is asked about the schema costs {asked}, and at most {most}: nest less"),
        ));
    }
    Ok(price)
}

/// The price of an operation.
#[must_use]
pub fn price(document: &ExecutableDocument, operation: &OperationDefinition, variables: &Variables) -> Price {
    let mut count = Count::new(document, operation, variables);
    count.set(&operation.selection_set.node, root(operation), Around::default())
}
