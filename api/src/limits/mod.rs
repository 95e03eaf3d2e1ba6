//! How much one may ask, and how often (限额与频率): limits of one request, rates of writes, back-off against guessing.

pub mod citizen;
pub mod rates;
pub mod request;
pub mod throttle;
