import { Module } from '@nestjs/common';
import { ExposureBook } from './exposure-book.service';

@Module({ providers: [ExposureBook], exports: [ExposureBook] })
export class ExposureModule {}
