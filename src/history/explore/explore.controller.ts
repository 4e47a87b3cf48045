import { Controller, Get, Inject, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import type { Clock } from '../../kernel';
import { CLOCK, Needs } from '../../platform';
import { DataAge } from '../data-age.interceptor';
import { askOf } from '../views/figures-view';
import { compare } from './comparison';
import type { DimensionName } from './dimensions';
import { EmployerNames } from './employer-names.service';
import { comparisonQuery, comparisonView, marksIn, pivotQuery, pivotView } from './figures.dto';
import { Pivots } from './pivot.service';

class PivotQuery extends createZodDto(pivotQuery) {}
class PivotDto extends createZodDto(pivotView) {}
class ComparisonQuery extends createZodDto(comparisonQuery) {}
class ComparisonDto extends createZodDto(comparisonView) {}

@ApiTags('history')
@Needs('auctions.read')
@Controller('history')
@UseInterceptors(DataAge)
export class ExploreController {
  constructor(
    private readonly pivots: Pivots,
    private readonly names: EmployerNames,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('pivot')
  @ApiOperation({
    summary: 'Any measure by any dimension',
    description: 'Days are those of receipt in São Paulo. Figures follow what happens within half a minute.',
  })
  @ApiUnprocessableEntityResponse({ description: 'The table would have too many rows; says how many' })
  @ZodResponse({ status: 200, type: PivotDto })
  async pivot(@Query() query: PivotQuery) {
    const { by, measures } = query;
    const pivot = await this.pivots.of(askOf(query, this.clock.now()));
    return { by, measures, ...viewOf(pivot), employers: await this.#employers(by, pivot.rows) };
  }

  @Get('comparison')
  @ApiOperation({
    summary: 'Any measure of one period or version beside another',
    description: 'Differences of shares have an interval (Newcombe); those of counts and amounts do not.',
  })
  @ApiUnprocessableEntityResponse({ description: 'The table would have too many rows; says how many' })
  @ZodResponse({ status: 200, type: ComparisonDto })
  async comparison(@Query() query: ComparisonQuery) {
    const { by, measures, a_from, a_to, a_policy, b_from, b_to, b_policy, ...shared } = query;
    const [a, b] = await Promise.all([
      this.pivots.of({ by, measures, selection: { ...shared, from: a_from, to: a_to, policy: a_policy } }),
      this.pivots.of({ by, measures, selection: { ...shared, from: b_from, to: b_to, policy: b_policy } }),
    ]);
    const comparison = compare(measures, a, b);
    return { by, measures, ...viewOf(comparison), employers: await this.#employers(by, comparison.rows) };
  }

  async #employers(
    by: readonly DimensionName[],
    rows: readonly { readonly keys: readonly (string | null)[] }[],
  ) {
    const names = await this.names.of(marksIn(by, rows));
    return [...names].map(([mark, document_number]) => ({ mark, document_number }));
  }
}

interface Table<Of> {
  readonly rows: readonly Line<Of>[];
  readonly rowTotals: readonly Line<Of>[];
  readonly columnTotals: readonly Line<Of>[];
  readonly total: readonly Of[];
}

interface Line<Of> {
  readonly keys: readonly (string | null)[];
  readonly figures: readonly Of[];
}

function viewOf<Of>({ rows, rowTotals, columnTotals, total }: Table<Of>) {
  const lines = (of: readonly Line<Of>[]) =>
    of.map(({ keys, figures }) => ({ keys: [...keys], figures: [...figures] }));
  return {
    rows: lines(rows),
    row_totals: lines(rowTotals),
    column_totals: lines(columnTotals),
    total: [...total],
  };
}
