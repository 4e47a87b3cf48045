export { ActiveRateModels } from './active-rate-models.service';
export { NightlyLearning } from './night.service';
export { ObservationKeeper } from './observation-keeper.service';
export { runLearnCommand } from './order-night';
export { RateModelDocuments } from './rate-model-documents.service';
export { WinningModule } from './winning.module';
export { WhatIfs } from './what-ifs.service';
export { WHAT_IF_REFUSALS } from './domain';
