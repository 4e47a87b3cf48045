import { Module } from '@nestjs/common';
import { PolicyModule } from '../policy';
import { PricingModule } from '../pricing';
import { ActiveRateModels } from './active-rate-models.service';
import { NightlyLearning } from './night.service';
import { ObservationKeeper } from './observation-keeper.service';
import { Publishing } from './publishing.service';
import { RateDoubts } from './rate-doubts.service';
import { RateModelDocuments } from './rate-model-documents.service';
import { RateModelLife } from './rate-model-life.service';
import { RateModelsController } from './rate-models.controller';
import { RateModelsReader } from './rate-models.reader.service';
import { WhatIfs } from './what-ifs.service';

@Module({
  imports: [PolicyModule, PricingModule],
  controllers: [RateModelsController],
  providers: [
    ActiveRateModels,
    NightlyLearning,
    ObservationKeeper,
    Publishing,
    RateDoubts,
    RateModelDocuments,
    RateModelLife,
    RateModelsReader,
    WhatIfs,
  ],
  exports: [ActiveRateModels, NightlyLearning, ObservationKeeper, RateDoubts, RateModelDocuments, WhatIfs],
})
export class WinningModule {}
