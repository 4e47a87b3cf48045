export { A_DOCUMENT, KeptDocumentDto, NOT_TAKEN, TOO_LONG, TOO_MANY } from './document-routes';
export { Documents, type KeptDocument } from './documents.service';
export { DocumentsModule } from './documents.module';
export { DOCUMENT_SHELF, type Document, type DocumentAnswer, type DocumentShelf } from './ports';
