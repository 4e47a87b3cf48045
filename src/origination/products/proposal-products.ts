import { Injectable } from '@nestjs/common';
import type { DirectProduct } from '../../policy/domain';
import { FederalPayrollProduct } from './federal-payroll/federal-payroll-product';
import { FgtsProduct } from './fgts/fgts-product';
import type { ProposalProduct } from './proposal-product';

/** What each product does otherwise, by its name. */
@Injectable()
export class ProposalProducts {
  readonly #products: Readonly<Record<DirectProduct, ProposalProduct>>;

  constructor(fgts: FgtsProduct, federalPayroll: FederalPayrollProduct) {
    this.#products = { fgts, federal_payroll: federalPayroll };
  }

  of(name: DirectProduct): ProposalProduct {
    return this.#products[name];
  }
}
