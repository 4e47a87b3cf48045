import { showPercent, Decimal } from '../../kernel';
import type { CompiledLearning, LearningCell, PolicyFinding } from '../../policy/domain';
import { breakEvenBp, usualAmount, usualTerm, type CellWorld } from './cell-terms';

/**
 * What a mandate allows, held against what loans cost: where a row has a band of its own its floor, elsewhere its own rate must
 * be over break-even by the minimum margin. Rails are cut there.
 */
export function checkFloors(
  { cells, mandate }: CompiledLearning,
  world: CellWorld,
): readonly PolicyFinding[] {
  const worst = new Map<string, { readonly cell: LearningCell; readonly least: number }>();
  const breakEvenOf = oncePerLoan(world);
  for (const cell of cells) {
    if (cell?.learns !== true || cell.inputs(world.on) === undefined) continue;
    const breakEven = breakEvenOf(cell);
    const least = breakEven === undefined ? Infinity : breakEven + mandate.minimum_margin_bp;
    if (least > (worst.get(cell.row)?.least ?? 0)) worst.set(cell.row, { cell, least });
  }
  return [...worst.values()].flatMap(({ cell, least }) => {
    const held = cell.hasOwnBand ? cell.floorBp : cell.referenceBp;
    if (held >= least) return [];
    const what = cell.hasOwnBand ? 'o piso' : 'a taxa';
    const needed = least === Infinity ? 'nenhuma taxa cobre o custo' : `o mínimo é ${percent(least)}`;
    const message = `${what} da linha ${cell.row}, ${percent(held)}, fica abaixo do custo do empréstimo mais a margem mínima: ${needed}`;
    const path = cell.hasOwnBand ? `learning.bands[${cell.row}].floor` : `learning.rails`;
    return [{ severity: 'error', path, message }];
  });
}

/** Cells that differ by whom they are of alone have the same usual loan; finding its break-even takes five quotes. */
function oncePerLoan(world: CellWorld): (cell: LearningCell) => number | undefined {
  const known = new Map<string, number | undefined>();
  return (cell) => {
    const loan = JSON.stringify([usualAmount(cell), usualTerm(cell), cell.rebates, cell.inputs(world.on)]);
    if (!known.has(loan)) known.set(loan, breakEvenBp(cell, world));
    return known.get(loan);
  };
}

function percent(bp: number): string {
  return showPercent(new Decimal(bp).dividedBy(10_000));
}
