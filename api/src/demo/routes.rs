//! By which channels an entry of each stream can have come in, found by asking the plan's own channel map once.

use super::splitmix::Splitmix;
use crate::plan::{Plan, RouteBy, RouteFacts, Stream};

/// One way into a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Place of the channel in the plan.
    pub channel: usize,
    /// Place of the constituency in the stream's list.
    pub constituency: Option<usize>,
    /// Whether a post of the collector enters it.
    pub by_post: bool,
}

/// The ways into each stream of a plan: with a village of its township named, and without.
pub struct Routes {
    with_village: Vec<Vec<Route>>,
    without: Vec<Vec<Route>>,
}

impl Routes {
    /// Asks the channel map about every channel and constituency of every stream.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let village = |stream: &Stream| {
            let own = plan.villages.iter().find(|village| village.department == stream.department);
            own.map(|village| village.code.as_str())
        };
        let with_village =
            |stream: &Stream| village(stream).map_or_else(Vec::new, |code| ways(plan, stream, Some(code)));
        Self {
            with_village: plan.streams.iter().map(with_village).collect(),
            without: plan.streams.iter().map(|stream| ways(plan, stream, None)).collect(),
        }
    }

    /// One of the ways into a stream. Every stream has one: its department's posts enter into it.
    pub fn pick(&self, stream: usize, village: bool, numbers: &mut Splitmix) -> Route {
        let ways = if village { &self.with_village[stream] } else { &self.without[stream] };
        let way = ways.get(numbers.below(ways.len())).copied();
        way.unwrap_or(Route { channel: 0, constituency: None, by_post: true })
    }
}

fn ways(plan: &Plan, stream: &Stream, village: Option<&str>) -> Vec<Route> {
    let mut ways = Vec::new();
    for (place, channel) in plan.channels.iter().enumerate() {
        let by_post = channel.routes.contains(&RouteBy::EnteringDepartment);
        for constituency in 0..stream.constituencies.len() {
            let facts = RouteFacts {
                entering_department: by_post.then_some(&stream.department),
                village,
                constituency: Some(&stream.constituencies[constituency]),
            };
            if plan.stream_for(channel, facts) == stream.code {
                let way = Route { channel: place, constituency: Some(constituency), by_post };
                // A department's own hotline or column is what it hears by most.
                let often = if channel.owner == stream.department { 12 } else { 1 };
                ways.extend(std::iter::repeat_n(way, often));
            }
        }
    }
    ways
}
