export { DOCUMENT_KINDS, DOCUMENT_TYPES, documentKindOf, type DocumentKind } from './document-kind';
