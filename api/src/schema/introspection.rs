//! Who may ask the schema about itself. It stands in `schema.graphql` for everybody; what is guarded is the work.

use super::price::Price;
use crate::audience::Audience;
use crate::error::{ApiError, ErrorCode};

/// Refuses an operation of this price that asks for `__schema` or `__type`, for a caller to whom they are not answered;
/// `__typename` is answered to everybody.
///
/// # Errors
/// FORBIDDEN, which says whether signing in would help.
pub fn check(audience: Audience, price: Price, signed_in: bool) -> Result<(), ApiError> {
    if price.introspection == 0 || audience.includes(signed_in) {
        return Ok(());
    }
    let (zh, en) = match audience {
        Audience::SignedIn => (
            "登录后才能查询接口定义，也可取 /schema.graphql",
            "Sign in to ask about the schema, or fetch /schema.graphql",
        ),
        _ => {
            ("本服务不提供接口自省，请取 /schema.graphql", "Introspection is off here; fetch /schema.graphql")
        }
    };
    Err(ApiError::new(ErrorCode::Forbidden, zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_answered_to_whom_the_setting_names() {
        use Audience::{Everyone, Nobody, SignedIn};
        let asks = Price { introspection: 9, ..Price::default() };
        let code =
            |setting: Audience, signed_in| check(setting, asks, signed_in).err().map(|error| error.code());
        assert_eq!((code(Everyone, false), code(SignedIn, true)), (None, None));
        assert_eq!(code(SignedIn, false), Some(ErrorCode::Forbidden));
        assert_eq!(code(Nobody, true), Some(ErrorCode::Forbidden));
        for setting in [Everyone, SignedIn, Nobody] {
            assert!(check(setting, Price::default(), false).is_ok());
        }
    }
}
