//! Which capability opens the rows of which export.

use std::sync::Arc;

use futures::FutureExt as _;

use crate::coverage::graphql::{Unreached, open_coverage};
use crate::duty::graphql::open_rosters;
use crate::export::{Opened, Source, Subject};
use crate::graphql::context::Request;
use crate::intake::graphql::Ledger;
use crate::reporting::summary::graphql::open_export as open_table;
use crate::reporting::weekly::graphql::Reports;
use crate::supervision::circular::export::open as open_circular;

/// The rows of a subject in the scope of the request's caller, in one snapshot.
pub fn open<'r>(subject: &'r Subject, request: &'r Arc<Request>) -> Opened<'r> {
    async move {
        let source: Box<dyn Source> = match subject {
            Subject::Ledger { filter, ascending } => {
                Box::new(Ledger::open(request, filter, *ascending).await?)
            }
            Subject::WeeklyReports(wanted) => Box::new(Reports::open(request, wanted).await?),
            Subject::SummaryTable { id } => Box::new(open_table(request, *id).await?),
            Subject::Circular { id } => Box::new(open_circular(request, *id).await?),
            Subject::Rosters { campaign } => Box::new(open_rosters(request, *campaign).await?),
            Subject::Coverage { campaign, narrowed } => {
                Box::new(open_coverage(request, *campaign, *narrowed).await?)
            }
            Subject::HouseholdsNotReached(wanted) => Box::new(Unreached::open(request, *wanted).await?),
        };
        Ok(source)
    }
    .boxed()
}
