//! Keyset pages: a place in an order is the values of its key, so that inserts and deletes move nobody.

use sea_orm::sea_query::Order;
use sea_orm::{ColumnTrait, Value};

use super::predicate::{Predicate, Side};

/// Which way an order runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

impl From<Direction> for Order {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Ascending => Self::Asc,
            Direction::Descending => Self::Desc,
        }
    }
}

/// A place in an order: the key's values, the last one unique.
#[derive(Clone, Debug, PartialEq)]
pub struct Place(pub Vec<Value>);

/// Which page of an order is wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// How the whole order runs.
    pub direction: Direction,
    /// Rows on the page.
    pub size: u64,
    /// Strictly past this place.
    pub after: Option<Place>,
    /// Strictly before this place.
    pub before: Option<Place>,
    /// The last rows instead of the first.
    pub backward: bool,
}

impl PageRequest {
    /// Which way the rows are read: the last ones from the end.
    pub(super) const fn walked(&self) -> Direction {
        if self.backward { self.direction.reversed() } else { self.direction }
    }

    /// Between which places of an order the rows lie.
    pub(super) fn bounds<C: ColumnTrait>(&self, keys: &[C]) -> Vec<Predicate<C>> {
        let (behind, before) = match self.direction {
            Direction::Ascending => (Side::Above, Side::Below),
            Direction::Descending => (Side::Below, Side::Above),
        };
        let places = [(&self.after, behind), (&self.before, before)];
        let bound = |(place, side): (&Option<Place>, Side)| {
            place.as_ref().map(|Place(values)| Predicate::Past(keys.to_vec(), values.clone(), side))
        };
        places.into_iter().filter_map(bound).collect()
    }
}

/// A page of rows, always in the order's own direction.
#[derive(Clone, Debug)]
pub struct Page<M> {
    /// The rows.
    pub rows: Vec<M>,
    /// Whether there are rows behind them.
    pub has_next: bool,
    /// Whether there are rows in front of them.
    pub has_previous: bool,
}

impl<M> Page<M> {
    /// Cuts the one row too many that was fetched to know whether there are more. On the side that was come from there
    /// are rows exactly when a place was given: the cursor's own row lies there.
    pub(super) fn of(mut rows: Vec<M>, request: &PageRequest) -> Self {
        let size = usize::try_from(request.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        if request.backward {
            rows.reverse();
            return Self { rows, has_next: request.before.is_some(), has_previous: more };
        }
        Self { rows, has_next: more, has_previous: request.after.is_some() }
    }
}
