//! Who is asking: the one value that a transaction is opened for.

use entity::enums::{Position, RightsProfile};
use entity::id::{AccountId, CampaignId, ChannelId, County, DepartmentId, PortalClientId, PostId, SessionId};
use uuid::Uuid;

use super::profiles::{Accounts, Operation, Reach, Visits, Writes, allows, rights};

/// How far a transaction reaches. Made here and in `system` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// How far suggestions are seen.
    pub(crate) reads: Reach,
    /// Whose suggestions may change.
    pub(crate) writes: Writes,
    /// Whose households it enters visits of.
    pub(crate) visits: Visits,
    /// Whose accounts are managed.
    pub(crate) accounts: Accounts,
    /// Whether the audit trail is read.
    pub(crate) audit: bool,
    /// Whether the index tables are read before a viewer exists.
    pub(crate) lookup: bool,
}

/// Reads and changes nobody's rows but the actor's own.
pub(super) const NOTHING: Scope = Scope {
    reads: Reach::Own,
    writes: Writes::Nothing,
    visits: Visits::Nowhere,
    accounts: Accounts::Oneself,
    audit: false,
    lookup: false,
};

/// Name of the operator among the system's actors.
pub(super) const OPERATOR: &str = "operator";

/// By what credential the viewer acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A person signed in to one post.
    Post {
        /// The account.
        account: AccountId,
        /// The post in which the session acts.
        post: PostId,
        /// Rank of that post.
        position: Position,
        /// The session.
        session: SessionId,
    },
    /// A portal's machine credential.
    Portal {
        /// The credential.
        client: PortalClientId,
        /// Campaign that it is bound to.
        campaign: CampaignId,
        /// Channel that it is bound to.
        channel: ChannelId,
        /// Department responsible for the channel. It is not the viewer's own: a portal sees nobody's queue.
        owner: Option<DepartmentId>,
        /// What it may call; never more than its profile.
        actions: Vec<Operation>,
    },
    /// A named actor of the system itself.
    System(&'static str),
}

/// A caller with a scope in one county. Only `access` makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub(super) county: County,
    pub(super) department: DepartmentId,
    pub(super) profile: Option<RightsProfile>,
    pub(super) credential: Credential,
    pub(super) scope: Scope,
    /// Whether the password was given out: nothing is open but changing it.
    pub(super) kept_out: bool,
}

impl Viewer {
    /// A person who signed in to a post whose department has this profile.
    pub(crate) fn of_post(
        county: County,
        department: DepartmentId,
        profile: RightsProfile,
        credential: Credential,
    ) -> Self {
        let mut scope = profile_scope(profile);
        if let Credential::Post { position: Position::Head, .. } = credential
            && scope.accounts == Accounts::Oneself
        {
            scope.accounts = Accounts::Own;
        }
        Self { county, department, profile: Some(profile), credential, scope, kept_out: false }
    }

    /// The same person, but where the password must be changed first without any right beyond one's own rows.
    pub(crate) fn kept_out_if(self, password_once: bool) -> Self {
        if !password_once {
            return self;
        }
        Self { scope: NOTHING, kept_out: true, ..self }
    }

    /// Whether its password must be changed before anything else.
    #[must_use]
    pub const fn is_kept_out(&self) -> bool {
        self.kept_out
    }

    /// A portal. It stands in no department: a stolen credential must not open the queue of the channel's owner.
    pub(crate) fn of_portal(county: County, credential: Credential) -> Self {
        let profile = RightsProfile::Portal;
        Self {
            county,
            department: DepartmentId(Uuid::nil()),
            profile: Some(profile),
            credential,
            scope: profile_scope(profile),
            kept_out: false,
        }
    }

    /// The tenant; no statement of this viewer leaves it.
    #[must_use]
    pub const fn county(&self) -> &County {
        &self.county
    }

    /// The department acted for.
    #[must_use]
    pub const fn department(&self) -> DepartmentId {
        self.department
    }

    /// Its rights; none for a system actor.
    #[must_use]
    pub const fn profile(&self) -> Option<RightsProfile> {
        self.profile
    }

    /// By what credential it acts.
    #[must_use]
    pub const fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Its post; none for portals and system actors.
    #[must_use]
    pub const fn post(&self) -> Option<PostId> {
        match self.credential {
            Credential::Post { post, .. } => Some(post),
            _ => None,
        }
    }

    /// Its account; none for portals and system actors.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self.credential {
            Credential::Post { account, .. } => Some(account),
            _ => None,
        }
    }

    /// Rank of its post; portals and system actors rank as officers.
    #[must_use]
    pub const fn position(&self) -> Position {
        match self.credential {
            Credential::Post { position, .. } => position,
            _ => Position::Officer,
        }
    }

    /// The key under which its own rows stand: account, portal client, or nil for the system.
    #[must_use]
    pub fn actor(&self) -> Uuid {
        match &self.credential {
            Credential::Post { account, .. } => account.0,
            Credential::Portal { client, .. } => client.0,
            Credential::System(_) => Uuid::nil(),
        }
    }

    /// How it is named in the audit trail: a key, never a person's name.
    #[must_use]
    pub fn actor_name(&self) -> String {
        match &self.credential {
            Credential::Post { account, .. } => format!("account:{}", account.0),
            Credential::Portal { client, .. } => format!("portal:{}", client.0),
            Credential::System(name) => format!("system:{name}"),
        }
    }

    /// Whether it is the operator of its county: the command line, or the work of the background.
    #[must_use]
    pub(crate) fn is_operator(&self) -> bool {
        self.credential == Credential::System(OPERATOR)
    }

    /// Whether it sees the unified view of its county.
    #[must_use]
    pub fn sees_county(&self) -> bool {
        self.scope.reads == Reach::County
    }

    /// Whether it reads texts as they were written: only where it may see identities. All others read them masked.
    #[must_use]
    pub fn reads_identities(&self) -> bool {
        self.profile.is_some_and(|profile| rights(profile).operations.contains(&Operation::IdentityReveal))
    }

    /// Whether it sees the same rows as another, by the same account in the same post, whatever the session.
    #[must_use]
    pub fn sees_as(&self, other: &Self) -> bool {
        self.county == other.county
            && self.department == other.department
            && self.profile == other.profile
            && self.scope == other.scope
            && self.actor() == other.actor()
            && self.post() == other.post()
            && self.position() == other.position()
    }

    /// Whether the rights table lets it call an operation, and for a portal its own list too.
    #[must_use]
    pub fn may(&self, operation: Operation) -> bool {
        let listed = match &self.credential {
            Credential::Portal { actions, .. } => actions.contains(&operation),
            Credential::Post { .. } | Credential::System(_) => true,
        };
        listed
            && !self.kept_out
            && self.profile.is_none_or(|profile| allows(profile, self.position(), operation))
    }

    pub(crate) const fn scope(&self) -> Scope {
        self.scope
    }
}

fn profile_scope(profile: RightsProfile) -> Scope {
    let row = rights(profile);
    Scope {
        reads: row.reads,
        writes: row.writes,
        visits: row.visits,
        accounts: row.accounts,
        audit: row.audit,
        lookup: false,
    }
}
