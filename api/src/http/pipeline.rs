//! One way from a request of the right shape to its outcome, whatever brought it: scan, parse, operation, what the
//! transport carries, cost, caller, execution.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection};
use async_graphql::{Pos, Positioned, Request as Execution, Response as Executed};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use tracing::Instrument as _;

use super::answer;
use super::client;
use super::cost::{self, Cost};
use super::door::Door;
use super::order::Order;
use super::payload::Payload;
use super::refusals::{self, Caller};
use super::refused::Refused;
use super::running::{Name, Running};
use super::shares::Who;
use super::writes::{self, Writes};
use crate::access::authenticate::{Arrival, enter};
use crate::app::sessions::Open;
use crate::db::{self, Intent};
use crate::error::{ApiError, ErrorCode};
use crate::events::Subscriber;
use crate::graphql::answer_size::{AnswerSize, UNMEASURED};
use crate::graphql::context::Request;
use crate::graphql::refresh_cookie::RefreshCookie;
use crate::refusal::{Language, echo};
use crate::schema::SCHEMAS;
use crate::schema::introspection;
use crate::schema::price;
use crate::schema::price::Price;
use crate::schema::public;
use crate::secrets::token::ClientCredential;

/// A request whose transport has done its part.
pub(super) struct Asked {
    /// What is asked.
    pub(super) payload: Payload,
    /// What the transport carries.
    pub(super) carries: Carries,
    /// The caller's token, not yet looked at.
    pub(super) bearer: Option<String>,
    /// Language of messages.
    pub(super) language: Language,
    /// Where it comes from.
    pub(super) address: IpAddr,
    /// A portal's mark of its citizen, not yet looked at.
    pub(super) citizen: Option<String>,
    /// The browser's refresh token, where an answer can change it.
    pub(super) cookie: Option<Arc<RefreshCookie>>,
}

/// Which operations a transport carries beside queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carries {
    /// Not over GET, which any page can make a browser send.
    pub(super) mutations: bool,
    /// Only where more than one result can be sent.
    pub(super) subscriptions: bool,
}

/// What came of a request.
pub(super) enum Outcome {
    /// One answer.
    Answer(Executed),
    /// A subscription that has begun.
    Events(Events),
}

/// The events of a subscription.
pub(super) struct Events {
    /// One result for each.
    pub(super) stream: BoxStream<'static, Executed>,
    /// Tells when the caller may not go on.
    pub(super) subscriber: Arc<Subscriber>,
}

/// Scans, and then runs in a task of its own: a client that hangs up, or the deadline, must not drop a transaction half
/// way, and a panic ends this request only.
pub(super) async fn perform(door: Arc<Door>, mut asked: Asked) -> Result<Outcome, Refused> {
    asked.payload.resolve(&door.settings)?;
    let who = Who::of(&door.shares, &door.app, asked.bearer.as_deref(), asked.address);
    let share = door.shares.take(&who).await.inspect_err(|_| {
        door.metrics.turned_away.inc();
    })?;
    let slot = door.slot().ok_or_else(Refused::busy)?;
    let deadline = door.settings.request_timeout;
    let running = Running::begin(&door);
    let name = running.name();
    let execution = async move {
        let outcome = run(&door, asked, &who, &name).await;
        drop((slot, share));
        outcome
    };
    let outcome = in_time(execution, deadline).await;
    running.end(match &outcome {
        Ok(Outcome::Answer(executed)) => executed.errors.first().map(answer::code),
        Ok(Outcome::Events(_)) => None,
        Err(refused) => Some(refused.error.code()),
    });
    outcome
}

/// What comes of an execution in a task of its own. After the deadline its reads are ended; a write goes on to its end,
/// unheard.
async fn in_time<T: Send + 'static>(
    execution: impl Future<Output = Result<T, Refused>> + Send + 'static,
    deadline: Duration,
) -> Result<T, Refused> {
    let task = tokio::spawn(db::within(deadline, execution).in_current_span());
    match tokio::time::timeout(deadline, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(ApiError::internal("a resolver panicked").into()),
        Err(_) => Err(Refused::timeout()),
    }
}

async fn run(door: &Arc<Door>, asked: Asked, who: &Who, name: &Name) -> Result<Outcome, Refused> {
    let Asked { payload, carries, bearer, language, address, citizen, cookie } = asked;
    let limits = &door.settings.limits;
    let examined = examined(door, &payload, carries, name)?;
    let Examined { document, order, kind, intent, cost, price, writes, public } = examined;
    let _county = match writes {
        // It waits for a core and not for a connection, in a queue of its own.
        Some(writes) if writes.sign_in => None,
        _ => Some(door.shares.take_of_county(who).await?),
    };
    let arrival = match bearer {
        Some(token) => arrived(door, &token, intent, public).await?,
        None => None,
    };
    let (admission, open) = arrival.map(|Arrival { admission, open }| (admission, open)).unzip();
    let open = open.flatten();
    let caller = admission.as_ref().map(|admission| admission.viewer.clone());
    let documents = &door.settings.documents;
    documents.check_text(&payload.query, caller.is_some())?;
    introspection::check(door.settings.introspection, price, caller.is_some())?;
    let citizen = client::citizen(caller.as_ref(), citizen)?;
    if let Some(writes) = writes {
        writes::charge(&door.app.rates, caller.as_ref(), address, writes)?;
    }
    let read = begun(kind, open);
    let request = Request::new(Arc::clone(&door.app), caller.clone(), language, address)
        .with_cookie(cookie)
        .for_citizen(citizen)
        .answered_within(limits.answer_bytes)
        .begun(read);
    let size = Arc::clone(&request.size);
    let tells_cost = payload.tells_cost;
    let asking = refusals::Asked { text: payload.query.clone(), operation: payload.operation_name.clone() };
    let caller = Caller { viewer: caller, address };
    let execution = prepared(payload, &document).data(request);
    if kind == OperationType::Subscription {
        let app = Arc::clone(&door.app);
        let subscriber = Subscriber::new(app, admission, language, address);
        let execution = execution.data(Arc::clone(&subscriber));
        let stream = events(Arc::clone(door), caller, asking, execution, order, size);
        return Ok(Outcome::Events(Events { stream, subscriber }));
    }
    let mut executed = if price.units.saturating_add(price.values) <= UNMEASURED {
        let executed = SCHEMAS.plain.execute(execution).await;
        size.take_answer(&executed);
        executed
    } else {
        SCHEMAS.measured.execute(execution).await
    };
    refusals::note(&door.app, &caller, &asking, &executed);
    // One error instead of one for each field that found no room any more.
    size.check()?;
    order.arrange(&mut executed.data);
    if tells_cost {
        let told = cost.told(price, limits);
        executed.extensions.insert("cost".to_owned(), told);
    }
    Ok(Outcome::Answer(executed))
}

/// Who shows a token. What is for anybody is also for a person whose token does not hold, and then answered to nobody in
/// particular: clients send the old token along with what is to bring a new one. A portal is told instead, for its
/// suggestions would go another way.
async fn arrived(
    door: &Door,
    token: &str,
    intent: Intent,
    public: bool,
) -> Result<Option<Arrival>, ApiError> {
    match db::apart(enter(&door.app, token, door.app.clock.now(), intent)).await {
        Ok(arrival) => {
            door.shares.remember(token, &arrival.admission.viewer);
            Ok(Some(arrival))
        }
        Err(error)
            if public
                && error.code() == ErrorCode::Unauthenticated
                && ClientCredential::parse(token).is_err() =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn events(
    door: Arc<Door>,
    caller: Caller,
    asking: refusals::Asked,
    execution: Execution,
    order: Order,
    size: Arc<AnswerSize>,
) -> BoxStream<'static, Executed> {
    let events = SCHEMAS.measured.execute_stream(execution);
    let noted = events.map(move |mut executed| {
        refusals::note(&door.app, &caller, &asking, &executed);
        if let Err(error) = size.check() {
            let error = async_graphql::Error::from(error).into_server_error(Pos::default());
            executed = Executed::from_errors(vec![error]);
        }
        order.arrange(&mut executed.data);
        executed
    });
    noted.boxed()
}

/// A document that may be executed.
struct Examined {
    document: Arc<ExecutableDocument>,
    order: Order,
    kind: OperationType,
    intent: Intent,
    cost: Cost,
    price: Price,
    writes: Option<Writes>,
    /// Whether it asks for nothing but what is for anybody.
    public: bool,
}

/// Everything that needs the document and not its caller.
fn examined(door: &Door, payload: &Payload, carries: Carries, running: &Name) -> Result<Examined, Refused> {
    let limits = &door.settings.limits;
    let document = door.parsed.document(&payload.query);
    let document = document.map_err(|error| syntax_error(&error))?;
    let (name, operation) = operation(&document, payload.operation_name.as_deref())?;
    if let Some(name) = name {
        running.set(name);
    }
    carried(operation.ty, carries)?;
    let cost = cost::check(&document, operation, limits)?;
    let price = price::check(&document, operation, &payload.variables, limits.price)?;
    if operation.ty == OperationType::Subscription {
        one_field(operation)?;
    }
    let writes = writes::asked(&document, operation);
    let (kind, order) = (operation.ty, Order::of(&document, operation));
    let intent = intent(operation);
    let public = public::is_public(&document, operation);
    Ok(Examined { document, order, kind, intent, cost, price, writes, public })
}

/// What an operation comes in for. Who subscribes is looked at again with each event.
fn intent(operation: &OperationDefinition) -> Intent {
    let of_the_language = |selection: &Positioned<Selection>| matches!(&selection.node, Selection::Field(field) if field.node.name.node.starts_with("__"));
    let selected = &operation.selection_set.node.items;
    match operation.ty {
        OperationType::Mutation => Intent::Write,
        OperationType::Subscription => Intent::Nothing,
        OperationType::Query if selected.iter().all(of_the_language) => Intent::Nothing,
        OperationType::Query => Intent::Read,
    }
}

/// What a query reads by: the transaction by which it came in. That of a mutation is kept for its write; who subscribes came in
/// for nothing, for who stays must not keep a connection.
fn begun(kind: OperationType, open: Option<Open>) -> Option<Open> {
    match (kind, open) {
        (OperationType::Mutation, Some(write)) => {
            db::keep_for_write(write.tx);
            None
        }
        (_, open) => open,
    }
}

fn prepared(payload: Payload, document: &ExecutableDocument) -> Execution {
    let Payload { query, variables, operation_name, .. } = payload;
    let mut execution = Execution::new(query).variables(variables);
    execution.operation_name = operation_name;
    execution.set_parsed_query(document.clone());
    execution
}

fn operation<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<(Option<&'d str>, &'d OperationDefinition), Refused> {
    let mut named = document.operations.iter().filter(|(own, _)| match name {
        Some(name) => own.is_some_and(|own| own == name),
        None => true,
    });
    match (named.next(), named.next()) {
        (Some((name, operation)), None) => Ok((name.map(async_graphql::Name::as_str), &operation.node)),
        _ => Err(Refused::document(
            ErrorCode::GraphqlValidationFailed,
            "请以 operationName 指明文档中的一个操作",
            "Name one operation of the document in operationName",
        )),
    }
}

fn carried(kind: OperationType, carries: Carries) -> Result<(), Refused> {
    match kind {
        OperationType::Mutation if !carries.mutations => {
            Err(Refused::method("POST", "GET 只能用于查询，操作请用 POST", "GET is for queries; use POST"))
        }
        OperationType::Subscription if !carries.subscriptions => Err(Refused::document(
            ErrorCode::GraphqlValidationFailed,
            "订阅请用 WebSocket（graphql-transport-ws），或以 Accept: text/event-stream 请求",
            "Subscribe over WebSocket (graphql-transport-ws), or ask with Accept: text/event-stream",
        )),
        _ => Ok(()),
    }
}

/// The specification's own rule, which the library does not check. A fragment would select nothing there.
fn one_field(operation: &OperationDefinition) -> Result<(), Refused> {
    match operation.selection_set.node.items.as_slice() {
        [selection] if matches!(selection.node, Selection::Field(_)) => Ok(()),
        _ => Err(Refused::document(
            ErrorCode::GraphqlValidationFailed,
            "订阅须恰好选择一个字段，且不用片段",
            "A subscription selects exactly one field, and not by a fragment",
        )),
    }
}

fn syntax_error(error: &parser::Error) -> Refused {
    let text = error.to_string();
    let text = echo(&text);
    let refused = Refused::document(
        ErrorCode::GraphqlParseFailed,
        format!("查询文档有语法错误：{text}"),
        format!("Syntax error: {text}"),
    );
    Refused { locations: error.positions().collect(), ..refused }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    const LONG: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn a_panic_is_an_internal_error_of_its_own_request() {
        let panicking = in_time::<()>(async { panic!("a defect") }, LONG);
        let sound = in_time(async { Ok(7) }, LONG);
        let (panicked, answered) = tokio::join!(panicking, sound);
        assert_eq!(panicked.err().map(|refused| refused.error.code()), Some(ErrorCode::Internal));
        assert_eq!(answered.ok(), Some(7));
    }

    #[tokio::test]
    async fn what_the_deadline_leaves_behind_goes_on_to_its_end() {
        let short = Duration::from_millis(20);
        let (go_on, wait) = oneshot::channel::<()>();
        let (tell, finished) = oneshot::channel();
        let slow = async move {
            let _ = wait.await;
            let _ = tell.send(7);
            Ok(())
        };
        let refused = in_time(slow, short).await.err();
        assert_eq!(refused.map(|refused| refused.error.code()), Some(ErrorCode::Timeout));
        go_on.send(()).unwrap();
        assert_eq!(finished.await, Ok(7));
    }
}
