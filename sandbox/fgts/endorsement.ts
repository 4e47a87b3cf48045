import type { CalendarDate, JsonObject } from '../../src/kernel';
import type { Answer, CallContext } from '../answer';
import type { Behaviour } from '../behaviour';
import { businessToday } from '../business-clock';
import type { CollateralDesk, CollateralRuling, ReadFinancial } from '../debts/collateral-desk';
import type { Debt, DebtState } from '../debts/debt';
import { collateralNews } from '../debts/payloads';
import type { Plans } from '../debts/plan';
import { dateOf, isAmount, listOf, objectOf } from '../fields';
import type { Timeline } from '../timeline';
import type { FgtsBalances } from './balances';
import type { Caixa, Period } from './caixa';
import type { FgtsPlan } from './fgts-plan';
import { ENDORSEMENT_ERRORS, endorsementOutcome } from './outcomes';
import { printedPeriods } from './payloads';
import { readFgtsFinancial } from './simulations';

interface Surroundings {
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly caixa: Caixa;
  readonly plans: Plans<FgtsPlan>;
  readonly balances: FgtsBalances;
  /** Every debt that is known, to hold a new one against. */
  readonly debts: () => readonly Debt[];
}

/** The pledge of future withdrawals at Caixa: asked for after the signature, freed only by the permanent cancellation. */
export class Endorsement implements CollateralDesk {
  readonly product = 'fgts';
  readonly collateralType = 'fgts_balance';
  readonly borrowerTexts = ['document_identification'];

  constructor(private readonly around: Surroundings) {}

  plan(documentNumber: string): FgtsPlan | undefined {
    return this.around.plans.of(documentNumber);
  }

  readFinancial(
    body: JsonObject,
    today: CalendarDate,
    contract: Behaviour['contract'],
  ): ReadFinancial | Answer {
    return readFgtsFinancial(objectOf(body['financial']), today, contract, 'creation');
  }

  collateralProblems(body: JsonObject): JsonObject {
    const data = objectOf(objectOf(listOf(body['collaterals'])[0])['collateral_data']);
    const list = listOf(data['periods']);
    return list.length > 0 && periodsOf(data).length === list.length
      ? {}
      : { 'collaterals.0.collateral_data.periods': 'a list of due_date and amount' };
  }

  examine(debt: Debt, context: CallContext): void {
    const { documentNumber: cpf } = debt.borrower;
    const periods = periodsOf(debt.collateral.data);
    const others = this.around
      .debts()
      .filter((other) => other.product === 'fgts' && other.borrower.documentNumber === cpf && isLive(other));
    const today = businessToday(this.around.timeline, this.around.behaviour());
    const first = others.find((other) =>
      periodsOf(other.collateral.data).some((each) => each.dueDate >= today),
    );
    if (first !== undefined)
      context.violation('second_debt', debt.key, `${first.key} is live, with withdrawals to come`);
    const known = this.around.balances.lastKnown(cpf);
    const above = known !== undefined && periods.find((period) => exceeds(period, known));
    if (above)
      context.violation('amount_above_balance', debt.key, `${above.amount.toFixed(2)} on ${above.dueDate}`);
  }

  issued(): void {
    // Nothing is asked of Caixa before the signature.
  }

  signed(debt: Debt, ruling: CollateralRuling): void {
    ruling.later(debt, () => {
      this.advance(debt, this.#nextOutcome(debt), ruling);
    });
  }

  canceled(debt: Debt): void {
    debt.collateral.epoch += 1;
  }

  release(debt: Debt): void {
    debt.collateral.epoch += 1;
    debt.collateral.state = 'released';
    this.around.caixa.release(debt.key);
  }

  paid(): void {
    // The pledge stays until the withdrawals come.
  }

  advance(debt: Debt, outcome: string, ruling: CollateralRuling): void {
    if (outcome === 'never' || debt.collateral.state === 'constituted') return;
    const at = this.around.timeline.now().toISOString();
    debt.collateral.attempts.push({ at, outcome });
    if (outcome === 'endorsed') this.#endorse(debt, ruling);
    else this.#refuse(debt, outcome, ruling);
  }

  printed(debt: Debt): JsonObject {
    const { collateral } = debt;
    const refused = collateral.state === 'refused' ? collateral.attempts.at(-1)?.outcome : undefined;
    const constituted = collateral.state === 'constituted';
    return {
      document_number: debt.borrower.documentNumber,
      error_message: refused === undefined ? 'None' : (ENDORSEMENT_ERRORS[refused]?.reason ?? refused),
      periods: printedPeriods(periodsOf(collateral.data)),
      protocol_number: constituted ? debt.contractNumber.slice(0, 10) : null,
      reservation_request_closure_status: null,
      reservation_request_closure_status_translation: null,
      reservation_request_key: collateral.externalKey,
      reservation_request_status: constituted ? 'success' : 'pending',
      reservation_request_status_translation: constituted ? 'Sucesso' : 'Em Teimosinha',
    };
  }

  #endorse(debt: Debt, ruling: CollateralRuling): void {
    this.around.caixa.pledge(debt.key, debt.borrower.documentNumber, periodsOf(debt.collateral.data));
    const type = this.around.behaviour().contract.fgts.collateral_type;
    ruling.send(debt, (at) => collateralNews(debt.key, at, type, true));
    ruling.constituted(debt);
  }

  /** QI tells the cancellation, and of some failures tries again all the same. */
  #refuse(debt: Debt, enumerator: string, ruling: CollateralRuling): void {
    const known = ENDORSEMENT_ERRORS[enumerator];
    ruling.refused(debt, enumerator, known?.reason ?? enumerator.replaceAll('_', ' '));
    const { endorsement_attempts: most, endorsement_retry_steps: steps } =
      this.around.behaviour().contract.fgts;
    if (known?.retried !== true || debt.collateral.attempts.length >= most) return;
    ruling.later(
      debt,
      () => {
        this.#tryWhenPermitted(debt, ruling);
      },
      steps,
    );
  }

  /** While Caixa refuses requests about this worker QI waits, and does not count it as an attempt. */
  #tryWhenPermitted(debt: Debt, ruling: CollateralRuling): void {
    if (this.around.balances.lockedUntil(debt.borrower.documentNumber) === undefined)
      this.advance(debt, this.#nextOutcome(debt), ruling);
    else
      ruling.again(debt, () => {
        this.#tryWhenPermitted(debt, ruling);
      });
  }

  #nextOutcome(debt: Debt): string {
    const { documentNumber: cpf } = debt.borrower;
    const planned = this.plan(cpf)?.endorsement.shift();
    if (planned !== undefined) return planned;
    if (this.around.balances.lockedUntil(cpf) !== undefined) return 'fgts_on_locked_date_range';
    const { account_check: checked, undescribed_endorsement: undescribed } =
      this.around.behaviour().contract.fgts;
    const byCpf = endorsementOutcome(cpf, undescribed);
    return byCpf === 'endorsed' && checked ? this.#measured(debt) : byCpf;
  }

  /** Against Caixa's account: dates it does not know, more than a year holds, or what another contract has pledged. */
  #measured(debt: Debt): string {
    const { documentNumber: cpf } = debt.borrower;
    const today = businessToday(this.around.timeline, this.around.behaviour());
    const foreseen = this.around.caixa.foreseen(cpf, today, this.plan(cpf));
    const periods = periodsOf(debt.collateral.data);
    if (periods.some((period) => exceeds(period, foreseen))) return 'fgts_invalid_given_period';
    const available = this.around.caixa.available(cpf, foreseen);
    return periods.some((period) => exceeds(period, available)) ? 'fgts_insufficient_balance' : 'endorsed';
  }
}

function periodsOf(data: JsonObject): Period[] {
  return listOf(data['periods']).flatMap((each) => {
    const { due_date: date, amount } = objectOf(each);
    const dueDate = dateOf(date);
    return dueDate === undefined || !isAmount(amount) ? [] : [{ dueDate, amount }];
  });
}

/** What frees the worker for another contract; a merely canceled debt holds its pledge, and may come back. */
const ENDS: readonly DebtState[] = ['canceled_permanently', 'refunded', 'settled'];
const isLive = ({ state }: Debt): boolean => !ENDS.includes(state);

const exceeds = (period: Period, known: readonly Period[]): boolean =>
  !known.some((each) => each.dueDate === period.dueDate && each.amount.gte(period.amount));
