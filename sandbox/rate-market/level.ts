/** How far all rivals stand over their usual rates, in bp, when they fall by `fallBp` and come back, over and over. */
export function waveLevelBp(day: number, fallBp: number, periodDays: number): number {
  return (fallBp / 2) * (Math.cos((2 * Math.PI * day) / periodDays) - 1);
}
