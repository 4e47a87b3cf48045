import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { PricingContext } from './domain';
import { readPricingData } from './pricing-data';

/** The dated tables of config/, read once at start: a start with wrong tables does not happen. */
@Injectable()
export class PricingDataService {
  readonly context = new PricingContext(readPricingData(join(process.cwd(), 'config')));
}
