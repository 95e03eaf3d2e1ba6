//! What a new password has to fulfil, for whoever is about to choose one.

use async_graphql::{Context, Object, SimpleObject};

use crate::access::rules;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::directives::open_to_all;

/// What a new password has to fulfil. 口令规则
#[derive(SimpleObject)]
pub struct PasswordRules {
    /// Least number of characters. 最少字符数
    pub min_length: usize,
    /// Greatest number of characters. 最多字符数
    pub max_length: usize,
    /// Least number of kinds among small letters, capital letters, digits and others; 1 where none are prescribed. 最少字符种类
    pub least_kinds: usize,
    /// All rules, each as a text fit to show beside the form, in the caller's language. 规则说明
    pub texts: Vec<String>,
}

/// What whoever signs in may read before.
#[derive(Default)]
pub struct PasswordQuery;

#[Object]
impl PasswordQuery {
    /// What a new password has to fulfil, for the form of `passwordChange`. 口令规则
    #[graphql(directive = open_to_all::apply())]
    async fn password_rules(&self, ctx: &Context<'_>) -> Result<PasswordRules, ApiError> {
        let request = ctx.request()?;
        let policy = &request.app.policy;
        let texts = rules::password_rules(policy).into_iter().map(|rule| rule.in_language(request.language));
        Ok(PasswordRules {
            min_length: policy.min_length(),
            max_length: policy.max_length(),
            least_kinds: policy.least_kinds(),
            texts: texts.collect(),
        })
    }
}
