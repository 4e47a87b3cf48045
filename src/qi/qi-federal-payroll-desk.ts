import { Inject, Injectable } from '@nestjs/common';
import type { CommandAnswer } from '../commands';
import type { Cpf, JsonObject } from '../kernel';
import type {
  FederalPayrollDesk,
  IssuedDebt,
  PayrollIssueOrder,
  PayrollSimulation,
  PayrollSimulationOrder,
} from '../origination';
import type { EngineSettings, SendingPermit } from '../platform';
import { DebtCalls } from './debt-calls';
import { isPortability, marginBody, payrollDebtBody, payrollSimulationBody } from './federal-payroll-wire';
import { fieldsIn, readIssuedDebt } from './read-debt';
import { readMarginKey, readPayrollSimulation } from './read-federal-payroll';

/** Routes as the settings name them, and what QI has not confirmed yet. */
export type FederalPayrollQiSettings = EngineSettings['qi']['federal_payroll'] & {
  /** CNPJ of whoever buys the debt. */
  readonly purchaser_document_number: string;
};
export const FEDERAL_PAYROLL_QI_SETTINGS = Symbol('FederalPayrollQiSettings');

/** QI's own bank, at which it opens accounts. */
const QI_BANK = '329';

/** Payroll loans to federal servants, up to the debt: QI manual 002. */
@Injectable()
export class QiFederalPayrollDesk implements FederalPayrollDesk {
  constructor(
    private readonly calls: DebtCalls,
    @Inject(FEDERAL_PAYROLL_QI_SETTINGS) private readonly settings: FederalPayrollQiSettings,
  ) {}

  queryBalance(
    cpf: Cpf,
    employment: Parameters<FederalPayrollDesk['queryBalance']>[1],
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    return this.calls.command(this.settings.query_balance, permit, marginBody(cpf, employment));
  }

  simulate(order: PayrollSimulationOrder, permit: SendingPermit): Promise<CommandAnswer> {
    return this.calls.command(this.settings.simulate, permit, payrollSimulationBody(order));
  }

  /**
   * What goes before the debt has the same effect however often it is asked for: one account a borrower, one envelope a
   * control key. Whatever is lost of the three, the debt is looked for under our key.
   */
  async issue(order: PayrollIssueOrder, permit: SendingPermit): Promise<CommandAnswer> {
    const account = await this.#account(order, permit);
    if ('kind' in account) return account;
    const batch = await this.#batch(order, permit);
    if ('kind' in batch) return batch;
    const { purchaser_document_number: purchaser } = this.settings;
    const body = payrollDebtBody(order, purchaser, account.body);
    return this.calls.command(this.settings.issue, permit, { ...body, ...batch.body });
  }

  findIssued(controlKey: string, timeoutMs: number): Promise<CommandAnswer> {
    return this.calls.findIssued(this.settings.find_issued, controlKey, timeoutMs);
  }

  balanceKeyIn(body: string): string | undefined {
    return readMarginKey(body);
  }

  simulationIn(body: string): PayrollSimulation | undefined {
    return readPayrollSimulation(body);
  }

  issuedIn(body: string): IssuedDebt | 'none' | undefined {
    return readIssuedDebt(body);
  }

  /** Where a refinancing is paid to an account at QI in the borrower's name. */
  async #account(
    { refinanced, person, cpf }: PayrollIssueOrder,
    permit: SendingPermit,
  ): Promise<CommandAnswer | { readonly body: JsonObject | undefined }> {
    if (refinanced.length === 0 || this.settings.refinancing_account === 'external')
      return { body: undefined };
    const owner = { owner_document_number: cpf.reveal(), owner_name: person.name };
    const answer = await this.calls.command(this.settings.open_account, permit, owner);
    if (answer.kind !== 'accepted') return beforeTheDebt(answer);
    const account = fieldsIn(answer.body);
    const [branch, number, digit] = ['account_branch', 'account_number', 'account_digit'].map((field) =>
      account?.key(field),
    );
    if (branch === undefined || number === undefined || digit === undefined)
      return { kind: 'unknown', httpStatus: undefined, why: 'the account at QI cannot be read' };
    return {
      body: {
        name: person.name,
        document_number: cpf.reveal(),
        bank_code: QI_BANK,
        branch_number: branch,
        account_number: number,
        account_digit: digit,
        account_type: 'checking_account',
      },
    };
  }

  /** The envelope in which a portability is signed together with QI's bridge operation. */
  async #batch(
    order: PayrollIssueOrder,
    permit: SendingPermit,
  ): Promise<CommandAnswer | { readonly body: JsonObject }> {
    if (!this.settings.batch_signature || !isPortability(order)) return { body: {} };
    const answer = await this.calls.command(this.settings.open_batch, permit, {
      type: 'federal_payroll_external_batch',
      certifier_type: 'qi_sign',
      batch_name: order.controlKey,
      request_control_key: order.controlKey,
    });
    if (answer.kind !== 'accepted') return beforeTheDebt(answer);
    const key = fieldsIn(answer.body)?.key('document_batch_key');
    return key === undefined
      ? { kind: 'unknown', httpStatus: undefined, why: 'the key of the envelope cannot be read' }
      : { body: { document_batch_key: key } };
  }
}

/** A yes to what goes before the debt, whose words are lost, is none to the debt. */
function beforeTheDebt(answer: CommandAnswer): CommandAnswer {
  return answer.kind === 'unknown' ? { ...answer, httpStatus: undefined } : answer;
}
