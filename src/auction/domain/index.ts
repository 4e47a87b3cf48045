export { capsOf } from './caps';
export * from './auction-end';
export * from './auction-status';
export * from './deadline';
export type { ProgrammeTerms } from './decide';
export { firstDueDate, type PayrollRule } from './first-due-date';
export * from './proposal';
export * from './proposal-request';
