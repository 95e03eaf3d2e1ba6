//! Random bits, and what is made of them (密钥与口令): keys, sealing and masking, passwords, tokens, receipt codes.

pub mod entropy;
pub mod keys;
pub mod password;
pub mod receipt;
pub mod seal;
pub mod token;
