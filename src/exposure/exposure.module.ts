import { Module } from '@nestjs/common';
import { DebtBook } from './debt-book.service';
import { ExposureBook } from './exposure-book.service';

@Module({ providers: [DebtBook, ExposureBook], exports: [DebtBook, ExposureBook] })
export class ExposureModule {}
