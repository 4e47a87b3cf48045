import { Module } from '@nestjs/common';
import { FilterChanges } from './filter-changes.service';
import { FiltersController } from './filters.controller';

/** Which requests QI sends us. Needs REQUEST_LIMITS_SOURCE, bound by the composition root. */
@Module({ controllers: [FiltersController], providers: [FilterChanges] })
export class QiFiltersModule {}
