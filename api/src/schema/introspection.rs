//! Who may ask the schema about itself, by a query or by its text at `/schema.graphql`.

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
    Err(match audience {
        Audience::SignedIn => {
            let (zh, en) = ("登录后才能查询接口定义", "Sign in to ask about the schema");
            ApiError::new(ErrorCode::Forbidden, zh, en)
        }
        Audience::Everyone | Audience::Nobody => withheld(),
    })
}

/// The schema is told to nobody.
#[must_use]
pub fn withheld() -> ApiError {
    let (zh, en) = (
        "本服务不提供接口定义，请向系统管理员索取",
        "The schema is not told here; ask the administrator for it",
    );
    ApiError::new(ErrorCode::Forbidden, zh, en)
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
