//! What a citizen sees with a receipt code, and nobody else's.

use async_graphql::{Context, Object, SimpleObject};
use entity::enums::Stage;

use crate::error::ApiError;
use crate::fate::rules::Disposition;
use crate::graphql::context::RequestOf;
use crate::graphql::directives::open_to_all;
use crate::graphql::scalars::DateTime;
use crate::intake::{citizen, number, store};
use crate::limits::rates::RateKey;
use crate::limits::throttle::ThrottleKey;
use crate::refusal::Language;
use crate::secrets::receipt::ReceiptCode;

/// What a citizen sees of an own suggestion. 群众查询回执
#[derive(Clone, Debug, SimpleObject)]
pub struct Receipt {
    /// The code to follow it with: 16 characters in groups of four. 查询码
    pub code: String,
    /// The number to name on the telephone: twelve digits, which staff look up. 受理编号
    pub number: String,
    /// Heading, of what its citizen wrote as it was written. 标题
    pub title: String,
    /// Whether the department that collected it corrected its words since. 是否更正过
    pub is_corrected: bool,
    /// Where it stands. 环节
    pub stage: Stage,
    /// What became of it. 去向
    pub disposition: Disposition,
    /// Where it stands, or what became of it, in words for citizens, in the caller's language, e.g. 已受理. 办理进度
    pub stage_label: String,
    /// The same as a sentence to its people, with the project that it became part of. 办理结果
    pub outcome: String,
    /// When it was received. 收到时间
    pub received_at: DateTime,
    /// Why it was not adopted; null until its people were told. 解释说明
    pub explanation: Option<String>,
}

impl Receipt {
    pub(super) fn of(code: &ReceiptCode, seen: &store::Seen, language: Language) -> Self {
        let disposition = seen.fate.disposition();
        let words = citizen::progress(seen.stage, disposition);
        let merged = seen.stage == Stage::Merged;
        let outcome = citizen::outcome(disposition, merged, seen.project.as_deref(), seen.invalid);
        Self {
            code: code.to_string(),
            number: number::printed(&seen.row.receipt_number),
            title: seen.title.clone(),
            is_corrected: seen.corrected,
            stage: seen.stage,
            disposition,
            stage_label: language.pick(words.zh, words.en).to_owned(),
            outcome: outcome.in_language(language),
            received_at: DateTime(seen.row.received_at),
            explanation: seen.explanation.clone(),
        }
    }
}

/// Receipts over GraphQL.
#[derive(Default)]
pub struct ReceiptQuery;

#[Object]
impl ReceiptQuery {
    /// A suggestion by its receipt code, without signing in; null for a code that nobody has. 进度查询
    #[graphql(directive = open_to_all::apply())]
    async fn receipt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code as printed; spaces and lower case do not matter. 查询码")] code: String,
    ) -> Option<Result<Receipt, ApiError>> {
        look_up(ctx, &code).await.transpose()
    }
}

/// Counts the attempt before the look-up, so that guesses sent at once don't slip past.
async fn look_up(ctx: &Context<'_>, code: &str) -> Result<Option<Receipt>, ApiError> {
    let request = ctx.request()?;
    let throttle = &request.app.throttle;
    let from = match (request.citizen, &request.caller) {
        (Some(citizen), Some(portal)) => {
            // Who invents citizens guesses no faster for that.
            let portal = RateKey::Portal(portal.actor());
            request.app.rates.charge(portal).map_err(ApiError::rate_limited)?;
            ThrottleKey::Citizen(citizen)
        }
        _ => ThrottleKey::Receipt(request.address),
    };
    throttle.attempt(from, request.now).map_err(ApiError::rate_limited)?;
    let Ok(code) = ReceiptCode::parse(code) else {
        return Ok(None);
    };
    let printed = code.to_string();
    let this = ThrottleKey::Code(&printed);
    throttle.attempt(this, request.now).map_err(|wait| {
        // Nothing was looked up, so the address is not charged.
        throttle.abandoned(from);
        ApiError::rate_limited(wait)
    })?;
    let seen = store::look_up(&request.app, &code).await?;
    if seen.is_some() {
        throttle.succeeded(from);
        throttle.succeeded(this);
    }
    Ok(seen.map(|seen| Receipt::of(&code, &seen, request.language)))
}
