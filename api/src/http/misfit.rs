//! What does not fit the schema (不符合接口定义): the library says it in English, and of an argument names the path; it is told
//! here in the caller's language, with what is needed there.

use crate::error::{ApiError, ErrorCode};
use crate::refusal::{Message, echo, meant, message};
use crate::schema::names;

/// Days and instants are read by this program: what is wrong with one is an input error, not one of the document.
const TIMES: [&str; 2] = ["Date", "DateTime"];

/// What the library's message says, if it is of a known form.
pub(super) fn told(detail: &str) -> Option<ApiError> {
    let parts: Vec<&str> = detail.split('"').collect();
    match parts.as_slice() {
        ["Unknown field ", field, " on type ", ty, ..] => {
            let (field, ty) = (echo(field), echo(ty));
            Some(other(&message!("{ty} 没有 {field} 这个字段", "{ty} has no field {field}")))
        }
        ["Unknown argument ", name, " on field ", field, " of type ", ty, ..] => {
            let (name, field, ty) = (echo(name), echo(field), echo(ty));
            Some(other(&message!("{ty}.{field} 没有 {name} 这个参数", "{ty}.{field} has no argument {name}")))
        }
        _ => misfit(&parts),
    }
}

/// An argument whose value is not of its type.
fn misfit(parts: &[&str]) -> Option<ApiError> {
    let ["Invalid value for argument ", path, rest @ ..] = parts else {
        return None;
    };
    match rest {
        [", expected type ", ty, ..] if TIMES.contains(ty) => {
            let Message { zh, en } = wanted(ty);
            Some(ApiError::bad_input(format!("{path}：{zh}"), format!("{path}: {en}")))
        }
        [", expected type ", ty, ..] => {
            Some(other(&message!("{path}：应为 {ty} 类型", "{path}: a value of the type {ty} is needed")))
        }
        [", enumeration type ", ty, " does not contain the value ", value, ..] => {
            let value = echo(value);
            let strange = message!("{path}：{ty} 没有 {value} 这个值", "{path}: {ty} has no value {value}");
            Some(other(&strange.and(&meant(&value, names::of(ty)))))
        }
        [", unknown field ", field, " of type ", ty, ..] => {
            let field = echo(field);
            let strange = message!("{path}：{ty} 没有 {field} 这个字段", "{path}: {ty} has no field {field}");
            Some(other(&strange.and(&meant(&field, names::of(ty)))))
        }
        [", field ", field, " of type ", ty, ..] => Some(other(&message!(
            "{path}：缺少字段 {field}（{ty}）",
            "{path}: the field {field} of the type {ty} is missing"
        ))),
        _ => None,
    }
}

/// An error of the document itself.
pub(super) fn other(Message { zh, en }: &Message) -> ApiError {
    ApiError::new(ErrorCode::GraphqlValidationFailed, zh, en)
}

fn wanted(ty: &str) -> Message {
    match ty {
        "Date" => message!("应为日期，格式 YYYY-MM-DD", "a day as YYYY-MM-DD is needed"),
        _ => message!(
            "应为带时区的时间（RFC 3339），例如 2019-11-15T17:00:00+08:00",
            "RFC 3339 with offset is needed, e.g. 2019-11-15T17:00:00+08:00"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(detail: &str) -> (ErrorCode, String) {
        let error = told(detail).unwrap();
        (error.code(), error.into_message().en)
    }

    #[test]
    fn a_day_that_is_none_is_an_input_error_that_names_its_path() {
        let day = "Invalid value for argument \"input.visitedOn\", expected type \"Date\"";
        let (code, en) = said(day);
        assert_eq!(code, ErrorCode::BadUserInput);
        assert_eq!(en, "input.visitedOn: a day as YYYY-MM-DD is needed");
        let instant =
            said("Invalid value for argument \"filter.receivedAt.from\", expected type \"DateTime\"");
        assert_eq!(instant.0, ErrorCode::BadUserInput);
        assert!(instant.1.starts_with("filter.receivedAt.from: RFC 3339"), "{}", instant.1);
        let zh = told(day).unwrap().into_message().zh;
        assert_eq!(zh, "input.visitedOn：应为日期，格式 YYYY-MM-DD");
    }

    #[test]
    fn a_misspelt_value_or_field_is_told_with_the_one_that_is_meant() {
        let value = "Invalid value for argument \"orderBy.direction\", enumeration type \"OrderDirection\" does not contain the value \"ASCC\"";
        let (code, en) = said(value);
        assert_eq!(code, ErrorCode::GraphqlValidationFailed);
        assert!(en.starts_with("orderBy.direction: OrderDirection has no value ASCC"), "{en}");
        let field =
            "Invalid value for argument \"input\", unknown field \"visitedOm\" of type \"VisitRecordInput\"";
        let en = said(field).1;
        assert_eq!(en, "input: VisitRecordInput has no field visitedOm; did you mean visitedOn?");
        let missing = "Invalid value for argument \"input\", field \"title\" of type \"String!\" is required but not provided";
        assert_eq!(said(missing).1, "input: the field title of the type String! is missing");
    }

    #[test]
    fn a_field_or_an_argument_that_is_not_there_is_told_and_whatever_has_another_form_is_left() {
        assert_eq!(said("Unknown field \"nothing\" on type \"Query\".").1, "Query has no field nothing");
        let argument = "Unknown argument \"on\" on field \"tasks\" of type \"Query\".";
        assert_eq!(said(argument).1, "Query.tasks has no argument on");
        assert!(told("Cannot spread fragment \"f\" within itself").is_none());
        assert!(told("").is_none());
    }
}
