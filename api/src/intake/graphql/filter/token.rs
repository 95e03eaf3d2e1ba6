//! The filter of a row of figures as one value that is sent back as it is. It says no more than its holder could write, so it
//! is not sealed: the filter that it stands for is looked at like any other.

use async_graphql::{InputType as _, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as TEXT;
use serde_json::Value as Json;

use super::SubmissionFilter;

/// Longest token, in characters: that of a filter whose lists are full.
const LONGEST: usize = 32 * 1024;

/// Opaque: send it back as `token` of a `SubmissionFilter`. It lists what the row counts that it came with. 筛选凭据
#[derive(Clone, Debug, PartialEq)]
pub struct FilterToken(pub Box<SubmissionFilter>);

/// Opaque: send it back as `token` of a `SubmissionFilter`. It lists what the row counts that it came with. 筛选凭据
#[Scalar]
impl ScalarType for FilterToken {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let filter = Self::written(text).and_then(|written| SubmissionFilter::parse(Some(written)).ok());
        // One in another would be unpacked as deep as somebody likes to nest them.
        let filter = filter.filter(|filter| filter.token.is_none());
        let filter = filter.ok_or_else(|| {
            InputValueError::custom("expected the filter of a row of the overview, as it was answered")
        })?;
        Ok(Self(Box::new(filter)))
    }

    /// Asked before anything is executed, which names the argument that it stands in.
    fn is_valid(value: &Value) -> bool {
        <Self as ScalarType>::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        let mut json = self.0.to_value().into_json().unwrap_or_default();
        if let Json::Object(fields) = &mut json {
            fields.retain(|_, value| !value.is_null());
        }
        Value::String(TEXT.encode(json.to_string()))
    }
}

impl FilterToken {
    /// The filter as somebody would have written it; nothing for a text that is no token.
    #[must_use]
    pub fn written(text: &str) -> Option<Value> {
        if text.len() > LONGEST {
            return None;
        }
        let json: Json = serde_json::from_slice(&TEXT.decode(text).ok()?).ok()?;
        Value::from_json(json).ok().filter(|value| matches!(value, Value::Object(_)))
    }
}

#[cfg(test)]
mod tests {
    use entity::enums::{Stage, SubmissionKind};

    use super::*;
    use crate::graphql::scalars::Date;

    fn filter() -> SubmissionFilter {
        SubmissionFilter {
            stages: Some(vec![Stage::Received, Stage::Classified]),
            kinds: Some(vec![SubmissionKind::Request]),
            received_from: Some(Date("2022-03-01".parse().unwrap())),
            text: Some("路灯".to_owned()),
            ..SubmissionFilter::default()
        }
    }

    #[test]
    fn a_token_comes_back_as_its_filter_and_stands_beside_other_conditions() {
        let sent = ScalarType::to_value(&FilterToken(Box::new(filter())));
        let token = <FilterToken as ScalarType>::parse(sent).unwrap();
        assert_eq!(*token.0, filter());
        let beside = SubmissionFilter {
            token: Some(token.clone()),
            stages: Some(vec![Stage::Classified, Stage::Closed]),
            received_from: Some(Date("2022-02-01".parse().unwrap())),
            is_late: Some(true),
            text: Some("损坏".to_owned()),
            ..SubmissionFilter::default()
        };
        let expected = SubmissionFilter {
            stages: Some(vec![Stage::Classified]),
            is_late: Some(true),
            text: Some("损坏 路灯".to_owned()),
            ..filter()
        };
        assert_eq!(beside.whole(), expected);
        let against = SubmissionFilter {
            token: Some(FilterToken(Box::new(SubmissionFilter { is_late: Some(false), ..filter() }))),
            is_late: Some(true),
            ..SubmissionFilter::default()
        };
        assert_eq!(against.whole().campaign_ids, Some(Vec::new()));
    }

    #[test]
    fn what_is_no_token_and_a_token_in_a_token_are_refused() {
        let inner =
            SubmissionFilter { token: Some(FilterToken(Box::new(filter()))), ..SubmissionFilter::default() };
        let nested = ScalarType::to_value(&FilterToken(Box::new(inner)));
        let unknown = Value::String(TEXT.encode(r#"{"stages": ["NOWHERE"]}"#));
        let list = Value::String(TEXT.encode("[1]"));
        let long = Value::String("A".repeat(LONGEST + 4));
        for value in [nested, unknown, list, long, Value::String("!".to_owned()), Value::from(7)] {
            assert!(!<FilterToken as ScalarType>::is_valid(&value), "{value}");
        }
    }
}
