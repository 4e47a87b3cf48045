/*
 * How much of a person's file is read. They bound the memory of a reading well below what its thread may use, because a
 * thread that runs into that limit in the middle of a step takes its process with it.
 */

/** Of a workbook or a table, as it is sent. A list in CSV is read as it comes and may be longer. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;
export const MAX_LIST_BYTES = 256 * 1024 * 1024;
/** Of all parts of a workbook that are read together, counted while they are unpacked. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
export const MAX_ZIP_ENTRIES = 1_000;
export const MAX_XML_DEPTH = 32;
export const MAX_XML_ATTRIBUTES = 64;
/** Letters of one text, attribute or name of XML: a cell of a spreadsheet holds 32,767. */
export const MAX_XML_TEXT = 100_000;
export const MAX_TABS = 256;
export const MAX_SHARED_STRINGS = 1_048_576;
/** Letters of all shared strings. */
export const MAX_SHARED_TEXT = 32 * 1024 * 1024;
/** What a spreadsheet program can hold. */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 200;
/** Of a sheet that is taken whole: a table has at most 5,000 rows, a list of a document 10,000 entries. */
export const MAX_SHEET_ROWS = 20_000;
export const MAX_SHEET_CELLS = 400_000;
export const MAX_SHEET_TEXT = 8 * 1024 * 1024;
