//! What one request may ask (请求限额): by configuration, told in the schema's description, and returned to whoever asks
//! for the cost of a request by `"extensions": {"cost": true}`.

/// Most that one operation may cost: fields, multiplied by the lists that they stand in, and what costs more than a field.
pub const MAX_COMPLEXITY: usize = 10_000;

/// Most bytes of one answer, unless configured otherwise.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

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
}

impl Default for Limits {
    fn default() -> Self {
        Self::USUAL
    }
}
