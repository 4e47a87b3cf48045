import { Decimal, type JsonObject } from '../../src/kernel';
import { ok, refusal, type Answer, type CallContext } from '../answer';
import { businessToday } from '../business-clock';
import { objectOf, textOf } from '../fields';
import { Shelf } from '../shelf';
import type { CollateralDesk } from './collateral-desk';
import type { Debt, SignatureBatch } from './debt';
import { DebtCommands } from './debt-commands';
import { DebtLife, isOpen, type DebtSurroundings } from './debt-life';
import { schemaError } from './financial';
import { collateralTypeOf, isDebt, readDebt } from './issue';
import type { Uploads } from './uploads';

const ROWS_PER_PAGE = 25;

/** The debts that the partner issued itself, whatever secures them. */
export class Debts extends Shelf<Debt> {
  readonly life: DebtLife;
  readonly commands: DebtCommands;

  constructor(
    private readonly around: Omit<DebtSurroundings, 'desk'>,
    private readonly desks: readonly CollateralDesk[],
    uploads: Uploads,
    private readonly findBatch: (key: string) => SignatureBatch | undefined,
  ) {
    super(
      () => around.behaviour().keep.debts,
      (debt) => !isOpen(debt) && debt.state !== 'canceling',
    );
    const surroundings: DebtSurroundings = {
      ...around,
      desk: (product) => {
        const desk = desks.find((each) => each.product === product);
        if (desk === undefined) throw new RangeError(`no desk for ${product}`);
        return desk;
      },
    };
    this.life = new DebtLife(surroundings);
    this.commands = new DebtCommands(surroundings, this.life, (key) => this.find(key), uploads);
  }

  issue(body: JsonObject, context: CallContext): Answer {
    const type = collateralTypeOf(body);
    const desk = this.desks.find((each) => each.collateralType === type);
    if (desk === undefined)
      return schemaError({ 'collaterals.0.collateral_type': 'a product of this partner' });
    const repeated = this.#repeated(body);
    const { contract } = this.around.behaviour();
    if (repeated !== undefined && contract.debts.repeated_requester_key === 'replay')
      return ok(this.#printed(repeated, context.at));
    if (repeated !== undefined && contract.debts.repeated_requester_key === 'reject')
      return refusal(400, 'requester_identifier_key was used before', 'LEG000069');
    const today = businessToday(this.around.timeline, this.around.behaviour());
    const batch = this.#batchOf(body, desk);
    if (batch === 'wrong') return refusal(400, 'Document batch does not admit this operation', 'LEG000069');
    const debt = readDebt(body, desk, contract, { now: context.at, today }, batch);
    if (!isDebt(debt)) return debt;
    batch?.debts.push(debt);
    desk.examine(debt, context);
    this.put(debt.key, debt);
    const answer = ok(this.#printed(debt, context.at));
    this.life.begin(debt);
    return answer;
  }

  /** `GET /debt`: one by `key` or by the partner's own key, or a page of a borrower's. */
  read(query: URLSearchParams, at: Date): Answer {
    const [key, own] = [query.get('key'), query.get('requester_identifier_key')];
    if (key !== null || own !== null) {
      const debt = this.all().find((each) => each.key === key || each.requesterIdentifierKey === own);
      return debt === undefined ? unknownDebt : ok(this.#printed(debt, at));
    }
    const cpf = query.get('issuer_document_number');
    const page = Math.max(1, Number(query.get('page') ?? '1') || 1);
    const rows = this.all().filter((debt) => cpf === null || debt.borrower.documentNumber === cpf);
    return ok({
      data: rows
        .slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE)
        .map((debt) => this.#printed(debt, at)),
      pagination: {
        current_page: new Decimal(page),
        next_page: rows.length > page * ROWS_PER_PAGE ? new Decimal(page + 1) : null,
        rows_per_page: new Decimal(ROWS_PER_PAGE),
      },
    });
  }

  #printed(debt: Debt, at: Date): JsonObject {
    return this.life.bodyOf(debt, at, [...debt.options.values()]);
  }

  /** The envelope a debt is put into: one servant's debts on the federal payroll, and no others. */
  #batchOf(body: JsonObject, desk: CollateralDesk): SignatureBatch | undefined | 'wrong' {
    const key = body['document_batch_key'];
    if (key === undefined || key === null) return undefined;
    const batch = this.findBatch(textOf(key));
    if (batch === undefined || desk.product !== 'federal_payroll') return 'wrong';
    const cpf = objectOf(body['borrower'])['individual_document_number'];
    return batch.debts.every((debt) => debt.borrower.documentNumber === cpf) ? batch : 'wrong';
  }

  #repeated(body: JsonObject): Debt | undefined {
    const own = body['requester_identifier_key'];
    return this.all().find((debt) => debt.requesterIdentifierKey === own);
  }
}

export const unknownDebt = refusal(404, 'Credit operation not found', 'LEG000013');
