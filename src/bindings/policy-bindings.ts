import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { readProgrammeTerms } from '../auction';
import { checkFloors } from '../decision/domain';
import { FLOOR_CHECK, type FloorCheck } from '../policy';
import { PricingDataService, PricingModule } from '../pricing';

/** What the policy declares and others fill. */
@Global()
@Module({
  imports: [PricingModule],
  providers: [
    {
      provide: FLOOR_CHECK,
      inject: [PricingDataService],
      useFactory: ({ context: pricing }: PricingDataService): FloorCheck => {
        const programme = readProgrammeTerms(join(process.cwd(), 'config', 'programme.json'));
        return (learning, on) => checkFloors(learning, { pricing, programme, on });
      },
    },
  ],
  exports: [FLOOR_CHECK],
})
export class PolicyBindings {}
