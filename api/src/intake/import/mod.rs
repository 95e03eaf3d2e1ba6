//! Bulk import of CSV and XLSX ledgers (批量导入).
