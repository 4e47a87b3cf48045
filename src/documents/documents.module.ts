import { Module } from '@nestjs/common';
import { Documents } from './documents.service';

/** Needs DOCUMENT_SHELF, bound by the composition root. */
@Module({ providers: [Documents], exports: [Documents] })
export class DocumentsModule {}
