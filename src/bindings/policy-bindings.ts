import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { readProgrammeTerms } from '../auction';
import { checkFloors, type CellWorld } from '../decision/domain';
import { COST_CHECK, FLOOR_CHECK, type CostCheck, type FloorCheck } from '../policy';
import { PricingDataService, PricingModule } from '../pricing';
import { rowCostCheck } from './row-cost-check';

function worldOf({ context: pricing }: PricingDataService): Omit<CellWorld, 'on'> {
  return { pricing, programme: readProgrammeTerms(join(process.cwd(), 'config', 'programme.json')) };
}

/** What the policy declares and others fill. */
@Global()
@Module({
  imports: [PricingModule],
  providers: [
    {
      provide: FLOOR_CHECK,
      inject: [PricingDataService],
      useFactory: (data: PricingDataService): FloorCheck => {
        const world = worldOf(data);
        return (learning, on) => checkFloors(learning, { ...world, on });
      },
    },
    {
      provide: COST_CHECK,
      inject: [PricingDataService],
      useFactory: (data: PricingDataService): CostCheck => rowCostCheck(worldOf(data)),
    },
  ],
  exports: [COST_CHECK, FLOOR_CHECK],
})
export class PolicyBindings {}
