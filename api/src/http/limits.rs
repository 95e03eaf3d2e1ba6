//! What one request may ask (请求限额): by configuration, told in the schema's description, and returned to whoever asks
//! for the cost of a request by `"extensions": {"cost": true}`.

use async_graphql::{Name, Value};

use super::cost::Cost;
use crate::graphql::answer_size::MOST_BYTES;
use crate::graphql::price::Price;
use crate::graphql::schema::MAX_COMPLEXITY;

/// Most of everything that a document may have. The parser recurses: `nesting` can't be raised beyond what its stack bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document.
    pub document_bytes: usize,
    /// Tokens of a document.
    pub tokens: usize,
    /// Nesting of braces, brackets and parentheses together.
    pub nesting: usize,
    /// Depth of the selection; introspection has a limit of its own, for the standard query is deeper.
    pub depth: usize,
    /// Fields, and the fragments that they stand in, after fragments are expanded.
    pub fields: usize,
    /// Aliases after fragments are expanded.
    pub aliases: usize,
    /// Fields, multiplied by the lists that they stand in.
    pub price: usize,
    /// Bytes of an answer, and of the rows that were read for it.
    pub answer_bytes: usize,
}

impl Limits {
    /// Those of security.md; the cockpit's query is at half.
    pub const USUAL: Self = Self {
        document_bytes: 16 * 1024,
        tokens: 4_000,
        nesting: 50,
        depth: 12,
        fields: 2_000,
        aliases: 30,
        price: MAX_COMPLEXITY,
        answer_bytes: MOST_BYTES,
    };

    /// What a request cost and what was left, as its answer tells it.
    pub(super) fn told(&self, cost: Cost, price: Price) -> Value {
        let members = [
            ("price", price.fields),
            ("priceLimit", self.price),
            ("remaining", self.price.saturating_sub(price.fields)),
            ("depth", cost.depth),
            ("depthLimit", self.depth),
            ("fields", cost.fields),
            ("fieldLimit", self.fields),
            ("aliases", cost.aliases),
            ("aliasLimit", self.aliases),
        ];
        let pairs = members.map(|(name, number)| (Name::new(name), Value::from(number)));
        Value::Object(pairs.into_iter().collect())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::USUAL
    }
}
