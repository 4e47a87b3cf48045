import { randomUUID } from 'node:crypto';
import { addDays, calendarDateAt, type JsonObject } from '../../src/kernel';
import { ok, refusal, type Answer, type CallContext } from '../answer';
import { businessToday } from '../business-clock';
import { dateOf, textOf } from '../fields';
import { readAccounts } from './accounts';
import type { Debt } from './debt';
import type { DebtLife, DebtSurroundings } from './debt-life';
import { isOpen } from './debt-life';
import { evidenceProblems } from './evidence';
import { dateRefusal, impossible, schemaError } from './financial';
import { priceOn } from './issue';
import * as payload from './payloads';
import { arePrintedAnew } from './printed-accounts';
import { reversalAnswer, reversalNews } from './reversal';
import type { Uploads } from './uploads';

/** The partner's commands about a debt that exists. */
export class DebtCommands {
  constructor(
    private readonly around: DebtSurroundings,
    private readonly life: DebtLife,
    private readonly find: (key: string) => Debt | undefined,
    private readonly uploads: Uploads,
  ) {}

  sign(key: string, body: JsonObject, context: CallContext): Answer {
    return this.#command('signed', key, context, (debt) => {
      const { evidence } = this.around.behaviour().contract.debts;
      const problems = evidenceProblems(body, evidence === 'uploads' ? this.uploads : undefined);
      if (Object.keys(problems).length > 0) return schemaError(problems);
      if (debt.state !== 'waiting_signature') {
        if (this.#wasHeard(debt, 'signed')) context.violation('signed_twice', key, `in state ${debt.state}`);
        return refusal(400, 'Debt is already signed', 'LEG0000117');
      }
      this.life.receiveSignature(debt);
      return ok(payload.signatureReceived(key, context.at));
    });
  }

  changeOption(key: string, body: JsonObject, context: CallContext): Answer {
    return this.#command('disbursement_option', key, context, (debt) =>
      this.#changeDate(debt, body, context),
    );
  }

  changeAccounts(key: string, body: JsonObject, context: CallContext): Answer {
    return this.#command('disbursement_bank_accounts', key, context, (debt) => {
      if (!this.#mayChange(debt)) return this.#outOfPlace(debt, 'disbursement_bank_accounts', context);
      const accounts = readAccounts(body['disbursement_bank_accounts']);
      if (accounts === undefined || !arePrintedAnew(debt.product, accounts))
        return refusal(400, 'Invalid disbursement bank account', 'COP000157');
      debt.accounts = accounts;
      return ok(this.life.bodyOf(debt, context.at));
    });
  }

  /** Date and accounts in one call, as in the manual of the private payroll. */
  changeDisbursementDate(key: string, body: JsonObject, context: CallContext): Answer {
    return this.#command('change_disbursement_date', key, context, (debt) => {
      const sent = body['disbursement_bank_accounts'];
      const accounts = sent === undefined ? debt.accounts : readAccounts(sent);
      if (accounts === undefined) return refusal(400, 'Invalid disbursement bank account', 'COP000157');
      const before = debt.accounts;
      debt.accounts = accounts;
      const answer = this.#changeDate(debt, { ...body, status: 'active' }, context);
      if (answer.status !== 200) debt.accounts = before;
      return answer;
    });
  }

  cancel(key: string, context: CallContext): Answer {
    return this.#command('cancel', key, context, (debt) => {
      if (debt.state === 'disbursed' && debt.product === 'federal_payroll')
        return this.#reverse(debt, context);
      if (!isOpen(debt)) return this.#outOfPlace(debt, 'cancel', context);
      const waits = this.#waitsForConsent(debt, 'cancel', context);
      if (waits !== undefined) return waits;
      this.life.cancel(debt, 'partner', 'manual', 'Canceled by the requester');
      this.around.desk(debt.product).canceled(debt, this.life);
      return ok(this.life.bodyOf(debt, context.at));
    });
  }

  cancelPermanently(key: string, context: CallContext): Answer {
    return this.#command('cancel_permanently', key, context, (debt) => {
      const over = debt.state === 'canceling' || debt.state === 'canceled_permanently';
      if (debt.state === 'disbursed' || debt.state === 'refunded') {
        context.violation('canceled_after_disbursement', key, 'the money is out');
      } else if (over && this.#wasHeard(debt, 'cancel_permanently')) {
        context.violation('canceled_twice', key, `in state ${debt.state}`);
      }
      if (over || debt.paid !== undefined) return refused(debt);
      const waits = isOpen(debt) ? this.#waitsForConsent(debt, 'cancel_permanently', context) : undefined;
      if (waits !== undefined) return waits;
      this.life.cancelPermanently(debt);
      return ok({});
    });
  }

  /** `POST /debt/reversal`: the QR code by which a borrower who withdraws pays back. */
  reverse(body: JsonObject, context: CallContext): Answer {
    const key = textOf(body['debt_key'] ?? body['credit_operation_key'] ?? body['key']);
    return this.#command('reversal', key, context, (debt) => this.#reverse(debt, context));
  }

  /** `GET /credit_operation/{key}/pix_qrcode`: the same QR code again. */
  readReversal(key: string): Answer {
    const debt = this.find(key);
    if (debt === undefined) return refusal(404, 'Credit Operation not found', 'COP000027');
    if (debt.reversal === undefined) return refusal(404, 'Reversal not found.', 'COP000205');
    return ok(reversalAnswer(debt, debt.reversal));
  }

  #reverse(debt: Debt, context: CallContext): Answer {
    const { reversal_days: days, reversal_qr_days: qrDays } = this.around.behaviour().contract.debts;
    const today = businessToday(this.around.timeline, this.around.behaviour());
    if (debt.paid === undefined || debt.state !== 'disbursed')
      return this.#outOfPlace(debt, 'reversal', context);
    if (addDays(calendarDateAt(debt.paid.at), days) < today) return refused(debt);
    debt.reversal ??= {
      key: randomUUID(),
      qrCodeKey: randomUUID(),
      expirationDate: addDays(today, qrDays),
      status: 'waiting_payment',
    };
    const { reversal } = debt;
    const plan = this.around.desk(debt.product).plan(debt.borrower.documentNumber);
    if ((plan?.refund ?? 'paid') === 'paid') {
      this.life.later(debt, () => {
        if (reversal.status !== 'waiting_payment') return;
        reversal.status = 'pending_fund';
        this.around.send(debt, (at) => reversalNews(debt, reversal, at));
        this.life.refund(debt);
      });
    }
    return ok(reversalAnswer(debt, reversal));
  }

  /** What is so of an open contract whose servant has been asked and has not answered, whichever way it is cancelled. */
  #waitsForConsent(debt: Debt, operation: string, context: CallContext): Answer | undefined {
    const { cancel_while_pending: whilePending } = this.around.behaviour().contract.federal_payroll;
    if (debt.collateral.state === 'pending_consent_with_deletion')
      return this.#outOfPlace(debt, operation, context);
    if (debt.collateral.state !== 'pending_consent' || whilePending === 'accept') return undefined;
    this.around.desk(debt.product).canceled(debt, this.life);
    return refusal(400, 'Reservation not found', 'LEG000069');
  }

  #changeDate(debt: Debt, body: JsonObject, context: CallContext): Answer {
    const date = dateOf(body['disbursement_date']);
    if (date === undefined) return schemaError({ disbursement_date: 'a date' });
    if (!this.#mayChange(debt)) return this.#outOfPlace(debt, 'disbursement_option', context);
    if (body['status'] !== 'active') {
      debt.options.delete(date);
      return ok(this.life.bodyOf(debt, context.at, [...debt.options.values()]));
    }
    const today = businessToday(this.around.timeline, this.around.behaviour());
    const wrong = dateRefusal(date, debt.offer.installments, today);
    if (wrong !== undefined) return wrong;
    const pricing = debt.options.get(date) ?? priceOn(debt.offer, date);
    if (pricing === undefined) return impossible();
    debt.options.set(date, pricing);
    debt.disbursementDate = date;
    this.life.revive(debt);
    return ok(payload.debtWithOption(this.life.bodyOf(debt, context.at), debt, pricing));
  }

  /** Not after the money or the end, nor when the collateral was refused. */
  #mayChange(debt: Debt): boolean {
    return isOpen(debt) || (debt.state === 'canceled' && debt.canceled?.by !== 'collateral');
  }

  #outOfPlace(debt: Debt, operation: string, context: CallContext): Answer {
    context.violation('command_out_of_place', debt.key, `${operation} in state ${debt.state}`);
    return refused(debt);
  }

  #wasHeard(debt: Debt, operation: string): boolean {
    return debt.commands.some((each) => each.operation === operation && each.tookEffect && each.heard);
  }

  #command(operation: string, key: string, context: CallContext, carryOut: (debt: Debt) => Answer): Answer {
    const debt = this.find(key);
    if (debt === undefined) {
      context.violation('unknown_key', key, 'no debt has this key');
      return refusal(404, 'Credit operation not found', 'LEG000013');
    }
    const answer = carryOut(debt);
    debt.commands.push({
      operation,
      at: context.at.toISOString(),
      status: answer.status,
      tookEffect: answer.status < 300,
      heard: context.heard,
    });
    return answer;
  }
}

const refused = (debt: Debt): Answer => refusal(400, `Debt does not admit this: ${debt.state}`, 'LEG000069');
