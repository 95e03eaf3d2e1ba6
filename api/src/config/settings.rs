//! Every setting by name, for `--help`, for whoever misspells one, and for the documentation.

/// Every setting, its key in a file, and what it is for; in the environment it is `MINSHENG_` and the key in capitals.
pub const SETTINGS: &[(&str, &str)] = &[
    ("database_url", "database that is served: postgres://… or sqlite://FILE?mode=rwc"),
    (
        "owner_url",
        "the same PostgreSQL database as its owner; for `minsheng migrate` alone. SQLite has no owner: set MINSHENG_DATABASE_URL",
    ),
    (
        "listen_url",
        "address of the same PostgreSQL database for the connection that listens, where database_url leads through a pooler; default database_url",
    ),
    ("master_key", "32 random bytes in base64, the present key first, former ones after commas"),
    ("signing_key", "seed of the token keys: 32 random bytes in base64, the present one first"),
    (
        "document_key",
        "seed of the keys that sign documents: 32 random bytes in base64, the present one first; default the signing keys",
    ),
    (
        "document_public_keys",
        "public halves of retired document keys, in base64url as `minsheng keys status` prints them; default none",
    ),
    ("issuer", "`iss` of access tokens; default minsheng"),
    ("access_token_seconds", "how long an access token holds before it is renewed; default 600"),
    ("listen", "address and port; default 127.0.0.1:8080"),
    ("pool_connections", "most database connections at once; default 16"),
    ("pool_wait_seconds", "longest wait for a free one; default 5"),
    (
        "trusted_proxies",
        "addresses or networks whose X-Forwarded-For is believed, e.g. 10.0.0.0/8,::1; default none",
    ),
    (
        "account_tries",
        "wrong passwords for one account from one address before it has to wait there; default 5",
    ),
    (
        "stranger_tries",
        "wrong passwords for one account from all addresses where it has not signed in for 30 days, before they have to wait; default 20",
    ),
    ("account_wait_seconds", "longest of these waits; default 900"),
    ("address_tries", "wrong passwords from one address before it has to wait; default 30"),
    ("address_wait_seconds", "longest that an address has to wait; default 300"),
    (
        "receipt_tries",
        "unknown receipt codes from one address, and tries of one unknown code, before a wait; default 10",
    ),
    ("receipt_wait_seconds", "longest wait for receipt codes; default 300"),
    (
        "writes_of_address",
        "writes without signing in, signing in included, and looks at the public page from one address: at once, then a minute; default 300/300",
    ),
    ("writes_of_account", "writes of one account: at once, then a minute; default 600/300"),
    (
        "writes_of_portal",
        "writes of one portal, and look-ups for the citizens that it names: at once, then a minute; default 1200/1200",
    ),
    (
        "submissions_of_address",
        "suggestions without a credential from one address, and of one citizen that a portal names: at once, then a minute; default 30/10",
    ),
    (
        "submissions_of_county",
        "suggestions without a credential for one county: at once, then a minute; default 600/300",
    ),
    (
        "requests_of_account",
        "most requests of one account at once, more of it wait; default half of the cores, from 1 to 4",
    ),
    (
        "requests_of_address",
        "most at once from one address that has shown no token; default half of the cores, from 1 to 4",
    ),
    ("requests_of_portal", "most at once of one portal, for all of its citizens; default 8"),
    ("share_wait_seconds", "longest that a request waits for others of its caller or county; default 5"),
    (
        "county_percent",
        "how much one county, or all who are not signed in, may have at once of pool_connections and of sockets; default 75",
    ),
    ("sockets", "most WebSockets and streams of events at once; default 2000"),
    ("sockets_of_account", "most of them of one account; default 100"),
    ("sockets_of_address", "most of them from one address that have shown no token; default 200"),
    (
        "socket_operations_of_account",
        "most operations of one account on all of its sockets together; default 200",
    ),
    ("exports", "most exports under way at once, each of which holds a database connection; default 4"),
    ("exports_of_account", "most of them of one account; default 1"),
    ("exports_of_county", "most of them of one county; default 2"),
    ("request_timeout_seconds", "deadline of one GraphQL request; default 20"),
    ("body_limit_bytes", "largest request body; default 262144"),
    ("document_bytes", "longest GraphQL document; default 16384"),
    ("document_tokens", "most tokens of one; default 4000"),
    ("document_nesting", "deepest nesting of its braces, brackets and parentheses; default 50"),
    ("query_depth", "deepest selection; default 12"),
    ("query_fields", "most fields and fragments after fragments are expanded; default 2000"),
    ("query_aliases", "most aliases after fragments are expanded; default 30"),
    (
        "query_price",
        "most that a request may cost: fields times the rows of the lists that they stand in, long texts, searches and counts costing more; default 10000",
    ),
    ("answer_bytes", "largest answer, with the rows that are read for it; default 4194304"),
    ("header_timeout_seconds", "longest time for a request's header, and for an idle connection; default 10"),
    ("body_timeout_seconds", "longest time for a request's body; default 10"),
    (
        "write_timeout_seconds",
        "longest time that a client may leave its answer unread, or be behind slowest_reader_bytes; default 30",
    ),
    (
        "slowest_reader_bytes",
        "fewest bytes a minute that a client takes of what waits for it, answers and exports alike; default 4194304",
    ),
    ("connections", "most client connections at once; default 4096"),
    ("connections_per_address", "most from one address that is no trusted proxy; default 1024"),
    (
        "allowed_origins",
        "other origins whose pages may call, e.g. https://portal.example,https://work.example; default none",
    ),
    ("metrics_networks", "addresses or networks that may collect /metrics; default this machine alone"),
    (
        "trusted_documents",
        "manifest of trusted documents, as the client preset of GraphQL Code Generator writes it with sha256",
    ),
    (
        "free_text",
        "who may send documents that are not in it: everyone, signed_in or nobody; default everyone without a manifest, signed_in with one",
    ),
    ("introspection", "whom the schema tells about itself: everyone, signed_in or nobody; default signed_in"),
    ("log", "what is logged, e.g. info or minsheng=debug; default info"),
    ("log_format", "text or json; default text"),
];
