import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { Decimal, isPlainText } from '../kernel';
import { columnNamed, FIELD_NAMES, PRODUCTS } from './domain';
import { hiddenCells } from './hidden-cells';
import { POLICY_STATES } from './policy-row';
import { instant, pageOfItems, pageQuery, plainText, sha256, wholeNumber } from '../platform';

const number = z.int().min(1);
const inAddress = wholeNumber(1, 2_147_483_647);
/** Numbers of a body arrive as exact decimals. */
export const bodyNumber = z
  .unknown()
  .meta({ type: 'integer', minimum: 1 })
  .transform((raw) => (Decimal.isDecimal(raw) ? Number(raw.toFixed()) : raw))
  .pipe(number)
  .optional();
const reason = plainText(1_000);

export class NumberParam extends createZodDto(z.object({ number: inAddress })) {}
export class TableParam extends createZodDto(z.object({ number: inAddress, table: z.string().max(60) })) {}
export class InlineListParam extends createZodDto(
  z.object({ number: inAddress, list: z.string().max(60) }),
) {}
export class SheetQuery extends createZodDto(z.object({ format: z.enum(['csv', 'xlsx']).default('csv') })) {}
const product = z.enum(PRODUCTS).default('private_payroll').describe('whose section the table stands in');
export class TableSheetQuery extends createZodDto(
  z.object({ product, format: z.enum(['csv', 'xlsx']).default('csv') }),
) {}
export class ListParam extends createZodDto(z.object({ sha256 })) {}
export class ListExportBody extends createZodDto(
  z.strictObject({ format: z.enum(['csv', 'xlsx']).default('csv'), reason }),
) {}
const ownName = plainText(80).describe('what the draft is called, to tell it from other copies');
export class BasedOn extends createZodDto(
  z.strictObject({ based_on: bodyNumber, own_name: ownName.optional() }),
) {}
export class DraftName extends createZodDto(z.strictObject({ own_name: ownName })) {}
export class ManuscriptBody extends createZodDto(
  z.strictObject({
    document: z.unknown().describe('the policy, as docs/policy.md describes it'),
    lists: z.record(z.string(), sha256).default({}).describe('the stored list behind each external name'),
  }),
) {}
export class ReasonBody extends createZodDto(z.strictObject({ reason })) {}
export class UnscheduleBody extends createZodDto(
  z.strictObject({
    reason,
    activate_at: instant.optional().describe('the date as it was shown: another one set since stays'),
  }),
) {}
const inForce = bodyNumber.describe(
  'the version in force as you compared it (`in_force` of /standing); another one by now is not replaced unseen. Left out: whichever is',
);
export class ActivateBody extends createZodDto(z.strictObject({ reason, in_force: inForce })) {}
export class ScheduleBody extends createZodDto(z.strictObject({ activate_at: instant, in_force: inForce })) {}
export class ShadowBody extends createZodDto(z.strictObject({ shadow: z.boolean() })) {}
export class DiffQuery extends createZodDto(z.object({ against: inAddress.optional() })) {}
export class PolicyQuery extends createZodDto(
  z.object({
    state: z.enum(POLICY_STATES).optional(),
    ...pageQuery,
  }),
) {}
export class RuleQuery extends createZodDto(
  z.object({
    text: z
      .string()
      .trim()
      .min(2)
      .max(100)
      .refine(isPlainText, 'must be plain text')
      .describe('words of its name, reason or sentence; accents and case do not matter'),
    limit: wholeNumber(1, 50).prefault(20),
  }),
) {}
export class RuleList extends createZodDto(
  z.object({
    items: z.array(
      z.object({
        number: z.int().describe('of the version'),
        state: z.enum(POLICY_STATES),
        own_name: z.string().nullable(),
        product: z.enum(PRODUCTS),
        id: z.string(),
        code: z.string(),
        sentence: z.string(),
      }),
    ),
  }),
) {}
const yesOrNo = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
const tab = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('by its name; the first that is not hidden, if left out');
const column = z
  .string()
  .regex(/^[A-Za-z]{1,2}$/, 'must be the letters of a column')
  .default('A')
  .transform((letters) => columnNamed(letters.toUpperCase()));
const confirmed = yesOrNo.describe(
  'that the list is to become empty, or lose more than a tenth of its entries',
);
const listSource = {
  field: z.enum(FIELD_NAMES as [string, ...string[]]),
  tab,
  column,
  against: sha256.optional().describe('the list whose place it is to take'),
};

export class TablePreviewQuery extends createZodDto(z.object({ product, tab })) {}
export class TableImportQuery extends createZodDto(z.object({ product, tab })) {}
export class InlineListPreviewQuery extends createZodDto(z.object({ tab, column })) {}
export class InlineListImportQuery extends createZodDto(
  z.object({ tab, column, confirm_removal: confirmed }),
) {}
export class ListPreviewQuery extends createZodDto(z.object(listSource)) {}
export class ListImportQuery extends createZodDto(
  z.object({
    ...listSource,
    source: z.string().trim().min(1).max(120).describe('where it comes from, for the record'),
    stop_on_error: yesOrNo,
    confirm_removal: confirmed,
  }),
) {}

const imported = z.object({
  tab: z.string().nullable().describe('the tab that was read; null for a CSV'),
  tabs: z.array(z.object({ name: z.string(), hidden: z.boolean() })).describe('all of them, in their order'),
  hidden: hiddenCells,
  column: z.string().nullable().describe('the column that was read; null for a table'),
  head: z.string().nullable().describe('the title of that column, where a list has one'),
  rows: z.int().describe('lines of the file that say something, without titles'),
  added: z
    .int()
    .nullable()
    .describe(
      'null when it is not said: something is wrong, nothing to compare with, or a list of people and no permission to see personal data',
    ),
  removed: z.int().nullable(),
  changed: z.int().nullable(),
  refused: z.int().describe('lines that are wrong'),
  problems: z
    .array(z.object({ path: z.string(), message: z.string(), value: z.string().nullable() }))
    .describe('each with its place, as in Vigente!B7; of a list the first hundred'),
  asks_for: z.enum(['confirm_removal']).nullable().describe('the parameter without which it is refused'),
});

const finding = z.object({ severity: z.enum(['error', 'warning']), path: z.string(), message: z.string() });
const expectation = z.object({
  outcome: z.enum(['accept', 'review', 'decline']),
  reasons: z.array(z.string()),
  row: z.string().nullable(),
});
const testResult = z.object({
  name: z.string(),
  passed: z.boolean(),
  expected: expectation,
  actual: expectation,
  explained: z
    .array(
      z.object({
        code: z.string(),
        message: z.string(),
        severity: z.enum(['decline', 'review', 'flag']),
        rule: z.string().nullable(),
        observed: z.string().nullable(),
        required: z.string().nullable(),
      }),
    )
    .describe('every reason in words'),
});
const costs = z
  .array(
    z.object({
      table: z.string(),
      row: z.string(),
      break_even_rate: z
        .string()
        .nullable()
        .describe('lowest monthly rate at which the usual loan of the row does not lose; null: none'),
      margin_rate: z.string().nullable().describe('the rate of the row less that'),
    }),
  )
  .describe('what rows of prices cost today, by the economics of the policy');
const examination = { findings: z.array(finding), tests: z.array(testResult), costs };

const summary = z.object({
  number,
  hash: sha256,
  name: z.string(),
  state: z.enum(POLICY_STATES),
  own_name: z.string().nullable().describe('given by its authors while it was a draft'),
  based_on: number.nullable(),
  authors: z
    .array(z.string())
    .describe(
      'everybody who wrote a part of it, or brought the entries of a list of it that is new; none of them can approve it',
    ),
  approver: z.string().nullable(),
  shadow: z.boolean(),
  activate_at: instant.nullable(),
  created_at: instant,
  changed_at: instant,
  submitted_at: instant.nullable(),
  approved_at: instant.nullable(),
  activation_refused: z
    .object({ at: instant, message: z.string() })
    .nullable()
    .describe('why it was not put in force when the time set for it had come'),
});
const version = summary.extend({
  document: z.record(z.string(), z.unknown()),
  lists: z.record(z.string(), sha256),
});

export class PolicySummary extends createZodDto(summary) {}
export class PolicyVersionView extends createZodDto(version) {}
export class PolicyPage extends createZodDto(pageOfItems(summary)) {}
export class SavedPolicy extends createZodDto(version.extend(examination)) {}
export class SheetPreview extends createZodDto(imported) {}
export class ImportedPolicy extends createZodDto(version.extend({ ...examination, imported })) {}
export class ExaminationView extends createZodDto(z.object({ hash: sha256, ...examination })) {}
const changes = z.array(
  z.object({
    path: z.string(),
    kind: z.enum(['added', 'removed', 'changed']),
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
);
export class PolicyDiff extends createZodDto(z.object({ before: number, after: number, changes })) {}
export class PolicyStandingView extends createZodDto(
  z.object({
    in_force: number.describe('the version that decides now'),
    taken_back: changes.describe('of what it says, as this version would make it'),
  }),
) {}
export class ActivationPage extends createZodDto(
  z.object({
    items: z.array(
      z.object({
        number,
        hash: sha256,
        replaced: number.nullable(),
        activated_at: instant,
        actor: z.string(),
        reason: z.string(),
      }),
    ),
  }),
) {}

export class ShadowComparisonView extends createZodDto(
  z.object({
    auctions: z.int(),
    both_bid: z.int(),
    only_active: z.int(),
    only_shadow: z.int(),
    neither: z.int(),
    failed: z.int(),
    average_rate_difference: z.string().nullable(),
    reasons: z.array(z.object({ code: z.string(), active: z.int(), shadow: z.int() })),
  }),
) {}

const storedList = z.object({
  sha256,
  field: z.string(),
  size: z.int(),
  source: z.string(),
  imported_by: z.string(),
  imported_at: instant,
});
export class ListPage extends createZodDto(z.object({ items: z.array(storedList) })) {}
export class ImportedList extends createZodDto(
  storedList.extend({
    bad_lines: z.int(),
    problems: z
      .array(z.object({ line: z.int(), place: z.string(), message: z.string() }))
      .describe('the first hundred'),
    imported,
  }),
) {}

const fieldType = z.enum(['amount', 'rate', 'integer', 'date', 'code', 'code_list', 'boolean', 'text']);
export class DictionaryView extends createZodDto(
  z.object({
    fields: z.array(
      z.object({
        name: z.string(),
        type: fieldType,
        stage: z.enum(['request', 'offer']).describe('offer: known once an offer has been priced'),
        products: z.array(z.enum(PRODUCTS)).describe('in whose decisions it is known'),
        label: z.string(),
        unit: z.string().nullable().describe('of many: 36 meses'),
        source: z.string(),
        personal: z.boolean().describe('compared with lists only, never shown'),
        pattern: z.string().nullable(),
        codes: z
          .array(z.object({ code: z.string(), name: z.string(), ended: z.string().nullable() }))
          .nullable()
          .describe('every code there is; null: any of the pattern'),
        lists_of: z
          .array(z.string())
          .describe('fields of whose values a list may be that is compared with it'),
      }),
    ),
    operators: z.array(
      z.object({
        name: z.string(),
        types: z.array(fieldType),
        operand: z.enum(['scalar', 'range', 'set']),
        words: z.string().describe('the requirement; {x} is the operand'),
      }),
    ),
  }),
) {}
