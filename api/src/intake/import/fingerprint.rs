//! By what a file is known again, whatever it is called.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::secrets::seal::digest::hex;

/// SHA-256 of everything that the source has, 64 hexadecimal letters; reads in blocks (文件指纹).
pub fn fingerprint(mut source: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut block = vec![0; 64 * 1024];
    loop {
        match source.read(&mut block)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(block.get(..read).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::seal::digest::sha256_hex;

    #[test]
    fn a_file_is_known_by_its_bytes_however_many() {
        let bytes = vec![7; 200_000];
        assert_eq!(fingerprint(&*bytes).unwrap(), sha256_hex(&bytes));
    }
}
